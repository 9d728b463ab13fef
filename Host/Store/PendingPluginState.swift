/// What plugins want remembered and is not on the disk yet, and when to write it. No clock, no disk.
struct PendingPluginState {
    enum Action: Equatable {
        case nothing
        /// Ask `isDue` with the number after the delay.
        case wait(Duration, timer: Int)
    }

    /// Per plugin and key the last value; nil forgets the key.
    private typealias Changes = [String: [String: String?]]

    private let delay: Duration
    private var waiting: Changes = [:]
    private var writing: Changes = [:]
    private var timer: Int?
    private var lastTimer = 0
    private var isFailing = false

    init(delay: Duration) {
        self.delay = delay
    }

    mutating func add(_ change: PluginStateChange) -> Action {
        waiting[change.plugin, default: [:]].updateValue(change.value, forKey: change.key)
        return startTimer()
    }

    func isDue(_ timer: Int) -> Bool { self.timer == timer }

    func changes(of plugin: String) -> [String: String?] {
        (writing[plugin] ?? [:]).merging(waiting[plugin] ?? [:]) { _, new in new }
    }

    /// All changes, to be followed by `stored` or `failed`. Nil if there are none.
    mutating func take() -> [PluginStateChange]? {
        timer = nil
        guard !waiting.isEmpty else { return nil }
        swap(&waiting, &writing)
        return writing.flatMap { plugin, values in
            values.map { key, value in PluginStateChange(plugin: plugin, key: key, value: value) }
        }
    }

    mutating func stored() -> (action: Action, isRecovery: Bool) {
        defer { isFailing = false }
        writing = [:]
        return (.nothing, isFailing)
    }

    /// Keeps what was not stored; what came meanwhile is newer.
    mutating func failed() -> (action: Action, isFirst: Bool) {
        defer { isFailing = true }
        waiting = writing.merging(waiting) { old, new in old.merging(new) { _, newer in newer } }
        writing = [:]
        return (startTimer(), !isFailing)
    }

    private mutating func startTimer() -> Action {
        guard timer == nil, !waiting.isEmpty else { return .nothing }
        lastTimer += 1
        timer = lastTimer
        return .wait(delay, timer: lastTimer)
    }
}
