import PluginAPI
import Synchronization

/// What the host reports back for something that was asked of it.
enum HostEvent: Sendable {
    case fired
    case answered(Result<JSON, PluginError>)
    case readings([SeriesReading])
    case output(ExecOutput)
    /// The plugin is destroyed: nothing will come any more.
    case gone
}

/// Those who wait for callbacks of the host.
///
/// The host gets a number as the context, not a pointer: a callback that comes too late finds nobody, and nothing is
/// freed too early or never.
final class HostCallbacks: Sendable {
    typealias Receiver = @Sendable (HostEvent) -> Void

    private struct Directory {
        var next: UInt = 1
        var receivers: [UInt: Receiver] = [:]
    }

    /// Numbers are unique in the process, because a callback brings nothing else along.
    private static let directory = Mutex(Directory())
    private let own = Mutex<Set<UInt>>([])

    /// Registers `receive`. Returns its number.
    func add(_ receive: @escaping Receiver) -> UInt {
        let number = HostCallbacks.directory.withLock { directory in
            let number = directory.next
            directory.next += 1
            directory.receivers[number] = receive
            return number
        }
        own.withLock { _ = $0.insert(number) }
        return number
    }

    /// Forgets the receiver.
    func remove(_ number: UInt) {
        own.withLock { _ = $0.remove(number) }
        HostCallbacks.directory.withLock { $0.receivers[number] = nil }
    }

    /// Ends all receivers.
    func close() {
        for number in own.withLock(\.self) {
            HostCallbacks.deliver(.gone, to: HostCallbacks.context(number))
            remove(number)
        }
    }

    /// The context that stands for a number.
    static func context(_ number: UInt) -> UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: number) }

    /// Hands `event` to whoever has the number behind `context`.
    static func deliver(_ event: HostEvent, to context: UnsafeMutableRawPointer?) {
        directory.withLock { $0.receivers[UInt(bitPattern: context)] }?(event)
    }

    /// The C function for every `hearth_answer`.
    static let answer: hearth_answer = { context, status, json, message in
        deliver(.answered(HostCallbacks.result(status, String(json), String(message))), to: context)
    }

    private static func result(_ status: hearth_status, _ json: String, _ message: String) -> Result<JSON, PluginError>
    {
        if let failure = PluginError(status: status, message: message) { return .failure(failure) }
        do {
            return .success(json.isEmpty ? .null : try JSON(parsing: json))
        } catch {
            return .failure(.internal("the host's answer: \(error)"))
        }
    }
}

extension HostLink {
    /// Asks the host for something that it answers later. `ask` returns whether it was accepted.
    ///
    /// A cancelled task stops waiting.
    func answer(
        _ ask: (UnsafeMutableRawPointer?) throws(PluginError) -> Void
    ) async throws -> JSON {
        let waiter = Waiter<Result<JSON, any Error>>()
        let number = callbacks.add { event in
            switch event {
            case .answered(let result): waiter.resume(result.mapError { $0 })
            default: waiter.resume(.failure(CancellationError()))
            }
        }
        defer { callbacks.remove(number) }
        try ask(HostCallbacks.context(number))
        return try await waiter.value(ifCancelled: .failure(CancellationError())).get()
    }
}
