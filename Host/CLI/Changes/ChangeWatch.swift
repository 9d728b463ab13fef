import HostAPI

/// Shows how a change goes, until it has ended.
struct ChangeWatch {
    let output: Output

    /// Returns the change as it ended; `element` gets it after each step.
    ///
    /// - Throws: `unreachable` if the host went before that: the change is in its journal.
    func follow(
        _ change: Change,
        on host: some Host,
        element: (Change) -> Void = { _ in }
    ) async throws(Failure) -> Change {
        let number = change.number
        output.sayOnInterrupt(
            "Change \(number) goes on. To follow it: hostctl watch \(number); to undo it: hostctl abort \(number)"
        )
        defer { output.sayOnInterrupt(nil) }
        tell("Change \(number): \(change.summary)")
        var display = Display(output: output)
        var last = change
        do {
            try await host.watchChange(number).each { change in
                last = change
                display.show(change)
                element(change)
                return true
            }
        } catch let error where error.code == .unreachable {
            throw Self.hostHasGone(number)
        }
        guard last.state.isFinal else { throw Self.hostHasGone(number) }
        return last
    }

    private func tell(_ sentence: String) {
        if output.format.isForPeople { output.say(sentence) }
    }

    private static func hostHasGone(_ number: Int64) -> Failure {
        Failure(
            .unreachable,
            "The host went away before change \(number) had ended. When it is back it goes on with it, or undoes it.",
            hint: "Then look: hostctl change \(number)"
        )
    }
}

/// One of two ways to show the tasks of a change.
private enum Display {
    case none
    case board(TaskBoard, Output)
    case log(TaskLog, Output)

    init(output: Output) {
        if !output.format.isForPeople || output.isQuiet {
            self = .none
        } else if let terminal = output.messageTerminal {
            self = .board(TaskBoard(width: terminal.width, isColoured: terminal.isColoured), output)
        } else {
            self = .log(TaskLog(), output)
        }
    }

    mutating func show(_ change: Change) {
        switch self {
        case .none: break
        case .board(var board, let output):
            output.messages(board.text(for: change))
            self = .board(board, output)
        case .log(var log, let output):
            for line in log.lines(for: change) { output.say(line) }
            self = .log(log, output)
        }
    }
}
