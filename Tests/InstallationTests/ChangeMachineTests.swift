import Testing

@testable import Installation

/// Change of three tasks before the commit point, and all natures after it: `a b C d w t`.
@Suite struct ChangeMachineTests {
    private static let names = ["a", "b", "C", "d", "w", "t"]
    private static let natures: [ChangeMachine.Nature] = [
        .preparing, .preparing, .commitPoint, .carryingOut, .watching, .tidying,
    ]

    /// What happens at a task, and the calls that follow from it, `-a` for undoing `a`.
    @Test(arguments: [
        ("", "a b C d w t = done"),
        ("a:error", "a -a = undone"),
        ("b:error", "a b -b -a = undone"),
        ("C:error", "a b C -C -b -a = undone"),
        ("d:error", "a b C d -d -C -b -a = undone"),
        ("w:error", "a b C d w -w -d -C -b -a = undone"),
        ("t:error", "a b C d w t = done"),
        ("a:abort", "a -a = undone"),
        ("w:abort", "a b C d w -w -d -C -b -a = undone"),
        ("b:host-ends", "a b -b -a = undone"),
        ("d:host-ends", "a b C d = left"),
        ("w:host-ends", "a b C d w = left"),
        ("t:host-ends", "a b C d w t = left"),
        ("b:error -b:error", "a b -b = left"),
        ("d:error -C:error", "a b C d -d -C = left"),
        // What comes while it is being undone changes nothing.
        ("b:error -b:abort", "a b -b -a = undone"),
        ("b:error -b:host-ends", "a b -b -a = undone"),
    ])
    func follows(_ events: String, _ expected: String) {
        #expect(Self.calls(of: ChangeMachine(Self.natures), events) == expected)
    }

    @Test(arguments: [
        (false, false, "", "-t -w -d -C -b -a = undone"),
        (false, true, "", "-t -w -d -C -b -a = undone"),
        (true, true, "", "-t -w -d -C -b -a = undone"),
        (true, false, "", "d w t = done"),
        (true, false, "w:error", "d w -w -d -C -b -a = undone"),
        (true, false, "w:host-ends", "d w = left"),
    ])
    func afterACrash(_ isCommitted: Bool, _ isUndoing: Bool, _ events: String, _ expected: String) {
        let machine = ChangeMachine(Self.natures, isCommitted: isCommitted, isUndoing: isUndoing)
        #expect(Self.calls(of: machine, events) == expected)
    }

    @Test func onlyWhatPreparesOrWatchesIsGivenUp() {
        let natures: [ChangeMachine.Nature] = [.preparing, .commitPoint, .carryingOut, .watching, .tidying]
        #expect(natures.map(ChangeMachine.canAbort) == [true, false, false, true, false])
    }

    @Test func aChangeWithoutTasksIsDone() {
        #expect(ChangeMachine([]).state == .done)
        #expect(ChangeMachine([], isCommitted: false, isUndoing: false).state == .undone)
        #expect(ChangeMachine([.commitPoint], isCommitted: true, isUndoing: false).state == .done)
    }

    /// Whatever happens in whichever order: every task that was begun is undone after it, or the change is done or left.
    @Test func randomEventsLeadToAnEnd() {
        for seed in 0..<2_000 {
            var chance = SplitMix64(seed: UInt64(seed))
            var machine = ChangeMachine(Self.natures)
            var undone: [Int] = []
            var begun = -1
            var steps = 0
            while case .some = Self.index(machine.state), steps < 100 {
                steps += 1
                if case .doing(let index) = machine.state { begun = max(begun, index) }
                if case .undoing(let index) = machine.state { undone.append(index) }
                let events: [ChangeMachine.Event] = [.taskDone, .taskDone, .taskFailed, .aborted, .hostEnds]
                machine.handle(events[Int(chance.next() % 5)])
            }
            #expect(Self.index(machine.state) == nil, "seed \(seed)")
            if machine.state == .undone { #expect(Set(undone) == Set(0...begun), "seed \(seed)") }
        }
    }

    private static func index(_ state: ChangeMachine.State) -> Int? {
        switch state {
        case .doing(let index), .undoing(let index): index
        case .done, .undone, .left: nil
        }
    }

    /// Runs the machine; whatever is not named goes well.
    private static func calls(of start: ChangeMachine, _ events: String) -> String {
        let events = Dictionary(
            uniqueKeysWithValues: events.split(separator: " ").map { text in
                let parts = text.split(separator: ":")
                let event: ChangeMachine.Event =
                    switch parts[1] {
                    case "error": .taskFailed
                    case "abort": .aborted
                    default: .hostEnds
                    }
                return (String(parts[0]), event)
            }
        )
        var machine = start
        var calls: [String] = []
        while let index = index(machine.state), calls.count < 100 {
            let isUndoing = if case .undoing = machine.state { true } else { false }
            let call = (isUndoing ? "-" : "") + names[index]
            calls.append(call)
            let before = machine
            machine.handle(events[call] ?? .taskDone)
            // What changes nothing is followed by the task's own end.
            if machine == before { machine.handle(.taskDone) }
        }
        return (calls + ["=", "\(machine.state)"]).joined(separator: " ")
    }
}
