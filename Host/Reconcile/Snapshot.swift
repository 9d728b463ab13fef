package import HostAPI

/// What all sources say at one moment.
package struct Snapshot: Sendable {
    private let desired: [String: DesiredState]
    private let observed: [String: ObservedState]
    private let tombstones: Set<String>
    private let repairs: [String: RepairMemory]

    /// A source that cannot be read is no empty source: nothing is decided then.
    ///
    /// - Parameters:
    ///   - desired: By plugin.
    ///   - observed: By plugin.
    ///   - tombstones: The plugins that have one.
    ///   - repairs: By plugin.
    /// - Throws: The first source's reason, with what it means for the pass.
    package init(
        desired: Result<[String: DesiredState], Failure>,
        observed: Result<[String: ObservedState], Failure>,
        tombstones: Result<Set<String>, Failure>,
        repairs: Result<[String: RepairMemory], Failure>
    ) throws(Failure) {
        self.desired = try Self.readable(desired)
        self.observed = try Self.readable(observed)
        self.tombstones = try Self.readable(tombstones)
        self.repairs = try Self.readable(repairs)
    }

    private static func readable<Value>(_ source: Result<Value, Failure>) throws(Failure) -> Value {
        do {
            return try source.get()
        } catch {
            throw Failure(
                error.code,
                "nothing was reconciled, and nothing was changed: \(error.message)",
                hint: error.hint
            )
        }
    }

    /// Nil if nobody knows that plugin: a tombstone alone is none, and neither is a memory of failures.
    package func facts(of id: String) -> PluginFacts? {
        let desired = desired[id]
        let observed = observed[id]
        guard desired != nil || observed != nil else { return nil }
        return facts(of: id, desired, observed)
    }

    private func facts(of id: String, _ desired: DesiredState?, _ observed: ObservedState?) -> PluginFacts {
        PluginFacts(
            id: id,
            desired: desired,
            observed: observed ?? ObservedState(),
            isTombstoned: tombstones.contains(id),
            repairs: repairs[id] ?? RepairMemory()
        )
    }

    /// Lends the facts of every plugin that is known, in no order.
    func visitAll(_ body: (PluginFacts) -> Void) {
        for (id, desired) in desired { body(facts(of: id, desired, observed[id])) }
        for (id, observed) in observed where desired[id] == nil { body(facts(of: id, nil, observed)) }
    }
}
