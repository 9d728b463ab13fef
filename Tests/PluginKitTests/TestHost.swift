import PluginAPI
import PluginKit
import Synchronization

/// A host of its own for tests: the other side of the C tables, with a clock that stands still until it is moved.
///
/// Everything that the plugin says is recorded. The test's task is the [instance] thread.
final class TestHost: Sendable {
    /// How a call ended.
    struct Outcome: Equatable {
        var status: Int
        var json = ""
        var message = ""
    }

    struct Timer {
        var due: Int64
        /// 0: fires once.
        var interval: Int64
        var context: UInt
        var fire: @convention(c) (UnsafeMutableRawPointer?) -> Void
    }

    struct Subscription {
        var pattern: String
        var context: UInt
        var receive: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<hearth_reading>, Int) -> Void
        var answer: hearth_answer?
    }

    struct Run {
        var program: String
        var arguments: String
        var context: UInt
        var output: @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafePointer<UInt8>, Int) -> Void
        var answer: hearth_answer
    }

    struct Question {
        var what: String
        var context: UInt
        var answer: hearth_answer
    }

    struct Record {
        var outcomes: [UInt64: Outcome] = [:]
        var nextNumber: UInt64 = 1
        var log: [String] = []
        var leastLevel: Int32 = 0
        /// What reports are answered with.
        var status: Int = HEARTH_OK
        var batches: [[Reading]] = []
        var devices: [String] = []
        var alerts: [String] = []
        var state: [String: String] = [:]
        /// The document of the last start or apply_settings.
        var settings: JSON = [:]
        var statuses: [String] = []
        var milliseconds: Int64 = 1_700_000_000_000
        var timers: [UInt64: Timer] = [:]
        var timerLimit = 1024
        var subscriptions: [UInt64: Subscription] = [:]
        var runs: [UInt64: Run] = [:]
        var questions: [Question] = []
    }

    private struct Watched {
        var record = Record()
        var waiting: [(condition: @Sendable (Record) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private static let oneExportAtATime = Mutex(())
    private static let instances = Atomic(0)

    private let watched = Mutex(Watched())
    // Written in init only, before anybody else sees them, and freed in deinit.
    nonisolated(unsafe) let table: UnsafeMutablePointer<hearth_host>
    nonisolated(unsafe) let plugin: UnsafePointer<hearth_plugin>
    nonisolated(unsafe) private(set) var instance: UnsafeMutableRawPointer?
    let dataDirectory = "/data/\(TestHost.instances.add(1, ordering: .relaxed).newValue)"
    let missingExtensions: Set<String>

    /// Makes a host, and an instance of `type` in it unless its `create` fails.
    convenience init<P: Plugin>(_ type: P.Type, without missingExtensions: Set<String> = []) {
        self.init(without: missingExtensions) { Export<P>.entry }
    }

    /// Makes a host, and an instance of the plugin whose table `entry` gives.
    init(without missingExtensions: Set<String> = [], _ entry: () -> UnsafePointer<hearth_plugin>) {
        self.missingExtensions = missingExtensions
        table = .allocate(capacity: 1)
        table.initialize(to: TestHost.makeTable(dataDirectory: dataDirectory))
        let plugin = TestHost.oneExportAtATime.withLock { _ in entry() }
        self.plugin = plugin
        table.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        // PluginKit remembers one exported type; in this process there are several.
        let created = TestHost.oneExportAtATime.withLock { _ in
            _ = entry()
            var instance: UnsafeMutableRawPointer?
            let created = call { plugin.pointee.create(table, $0, &instance) }
            self.instance = instance
            return created
        }
        change { $0.outcomes[0] = created }
    }

    deinit { destroy() }

    func destroy() {
        guard let instance else { return }
        plugin.pointee.destroy(instance)
        self.instance = nil
    }

    /// The outcome of `create`.
    var created: Outcome? { record.outcomes[0] }

    var record: Record { watched.withLock(\.record) }

    /// Changes the record, and wakes those whose condition came true.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout Record) -> Result) -> Result {
        let (result, due) = watched.withLock { watched in
            let result = body(&watched.record)
            let record = watched.record
            let due = watched.waiting.filter { $0.condition(record) }.map(\.continuation)
            watched.waiting.removeAll { $0.condition(record) }
            return (result, due)
        }
        for continuation in due { continuation.resume() }
        return result
    }

    /// Waits until `condition` is true of the record.
    func until(_ condition: @escaping @Sendable (Record) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isTrue = watched.withLock { watched in
                guard !condition(watched.record) else { return true }
                watched.waiting.append((condition, continuation))
                return false
            }
            if isTrue { continuation.resume() }
        }
    }

    /// Moves the clock, and fires what became due, as the host's loop does: late ticks are not made up for.
    func advance(milliseconds: Int64) {
        let due = change { record in
            record.milliseconds += milliseconds
            let due = record.timers.filter { $0.value.due <= record.milliseconds }
            for (number, timer) in due {
                record.timers[number]?.due = record.milliseconds + timer.interval
                if timer.interval == 0 { record.timers[number] = nil }
            }
            return due.values.sorted { $0.due < $1.due }
        }
        for timer in due { timer.fire(UnsafeMutableRawPointer(bitPattern: timer.context)) }
    }
}

extension TestHost {
    func start(_ settings: String = "{}") async -> Outcome { await begin(start: settings).value }

    /// Calls `start`; it may be pending when this returns.
    func begin(start settings: String) -> Operation {
        change { $0.settings = (try? JSON(parsing: settings)) ?? .null }
        return operation { call in
            settings.withBorrowed { document in
                var settings = hearth_settings(
                    struct_size: UInt32(MemoryLayout<hearth_settings>.size),
                    scope: Int32(HEARTH_SCOPE_PLUGIN),
                    revision: 1,
                    document: document,
                    changes: hearth_string()
                )
                return plugin.pointee.start(instance, call, &settings)
            }
        }
    }

    func stop() async -> Outcome { await operation { plugin.pointee.stop(instance, $0) }.value }

    func apply(_ settings: String, changes: String = "{}", scope: Int = HEARTH_SCOPE_HOT) async -> Outcome {
        change { $0.settings = (try? JSON(parsing: settings)) ?? .null }
        return await operation { call in
            settings.withBorrowed { document in
                changes.withBorrowed { changes in
                    var settings = hearth_settings(
                        struct_size: UInt32(MemoryLayout<hearth_settings>.size),
                        scope: Int32(scope),
                        revision: 2,
                        document: document,
                        changes: changes
                    )
                    return plugin.pointee.apply_settings?(instance, call, &settings) ?? Int32(HEARTH_UNSUPPORTED)
                }
            }
        }.value
    }

    func command(_ name: String, device: String = "", _ arguments: String = "{}") async -> Outcome {
        await begin(command: name, device: device, arguments).value
    }

    /// Calls `command`; it may be pending when this returns.
    func begin(command name: String, device: String = "", _ arguments: String = "{}") -> Operation {
        operation { call in
            name.withBorrowed { name in
                device.withBorrowed { device in
                    arguments.withBorrowed { arguments in
                        var command = hearth_command(
                            struct_size: UInt32(MemoryLayout<hearth_command>.size),
                            timeout_ms: 1500,
                            device: device,
                            name: name,
                            arguments: arguments
                        )
                        return plugin.pointee.command?(instance, call, &command) ?? Int32(HEARTH_UNSUPPORTED)
                    }
                }
            }
        }
    }

    func health() async -> Outcome {
        await operation { plugin.pointee.health?(instance, $0) ?? Int32(HEARTH_UNSUPPORTED) }.value
    }

    /// A call under way.
    struct Operation {
        let number: UInt64
        let host: TestHost

        /// How it ended, once it has.
        var value: Outcome {
            get async {
                await host.until { $0.outcomes[number] != nil }
                return host.record.outcomes[number] ?? Outcome(status: HEARTH_INTERNAL)
            }
        }
    }

    private func operation(_ body: (UnsafePointer<hearth_call>) -> hearth_status) -> Operation {
        let number = change { record in
            record.nextNumber += 1
            return record.nextNumber
        }
        let outcome = call(number, body)
        if outcome.status != HEARTH_PENDING { change { $0.outcomes[number] = outcome } }
        return Operation(number: number, host: self)
    }

    /// Makes one [instance] call, and collects what the plugin says during it.
    private func call(_ number: UInt64 = 1, _ body: (UnsafePointer<hearth_call>) -> hearth_status) -> Outcome {
        var said = Outcome(status: HEARTH_OK)
        withUnsafeMutablePointer(to: &said) { place in
            var call = hearth_call(
                struct_size: UInt32(MemoryLayout<hearth_call>.size),
                reserved: 0,
                operation: number,
                context: place,
                result: { call, json in
                    call.pointee.context?.assumingMemoryBound(to: Outcome.self).pointee.json = String(borrowed: json)
                },
                message: { call, text in
                    call.pointee.context?.assumingMemoryBound(to: Outcome.self).pointee.message = String(borrowed: text)
                }
            )
            place.pointee.status = Int(body(&call))
        }
        return said
    }
}

extension String {
    init(borrowed text: hearth_string) {
        self.init(decoding: UnsafeRawBufferPointer(start: text.data, count: text.size), as: UTF8.self)
    }

    /// Lends a copy that is destroyed right after the call, so that who keeps a pointer is found out.
    func withBorrowed<Result>(_ body: (hearth_string) -> Result) -> Result {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: utf8.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: utf8.map { CChar(bitPattern: $0) })
        defer { copy.update(repeating: 0x21) }
        return body(hearth_string(data: UnsafePointer(copy.baseAddress), size: copy.count))
    }
}
