package import HostAPI

/// All that is known about one plugin.
package struct PluginFacts: Sendable, Equatable {
    package var id: String
    /// Nil: nothing was ever said about it.
    package var desired: DesiredState?
    package var observed: ObservedState
    /// It was uninstalled, and must not come back by itself.
    package var isTombstoned: Bool
    package var repairs: RepairMemory

    package init(
        id: String,
        desired: DesiredState?,
        observed: ObservedState = ObservedState(),
        isTombstoned: Bool = false,
        repairs: RepairMemory = RepairMemory()
    ) {
        self.id = id
        self.desired = desired
        self.observed = observed
        self.isTombstoned = isTombstoned
        self.repairs = repairs
    }
}

/// Under which circumstances a pass is made.
package struct PassConditions: Sendable, Equatable {
    package var now: Timestamp
    /// Forget failures, pauses and what counts as unrecoverable, and make one attempt each.
    package var isForced: Bool
    /// The host starts no plugin by itself.
    package var isSafeMode: Bool

    package init(now: Timestamp, isForced: Bool = false, isSafeMode: Bool = false) {
        self.now = now
        self.isForced = isForced
        self.isSafeMode = isSafeMode
    }
}
