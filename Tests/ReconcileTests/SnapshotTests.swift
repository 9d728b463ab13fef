import HostAPI
import Reconcile
import Testing

@Suite struct SnapshotTests {
    @Test func aSourceThatCannotBeReadIsNotEmpty() throws {
        let broken = Failure(.internalError, "state.db is damaged", hint: "restore a backup")
        func snapshot(_ broken: [Failure?]) throws(Failure) -> Snapshot {
            func source<Value>(_ index: Int, _ value: Value) -> Result<Value, Failure> {
                broken[index].map { .failure($0) } ?? .success(value)
            }
            return try Snapshot(
                desired: source(0, [:]),
                observed: source(1, ["kasa": kasa().observed]),
                tombstones: source(2, []),
                repairs: source(3, [:])
            )
        }
        for index in 0..<4 {
            var failures = [Failure?](repeating: nil, count: 4)
            failures[index] = broken
            let error = #expect(throws: Failure.self) { try snapshot(failures) }
            #expect(error?.message == "nothing was reconciled, and nothing was changed: state.db is damaged")
            #expect(error?.hint == "restore a backup")
        }
        let plan = Planner.plan(try snapshot([nil, nil, nil, nil]), ordinary)
        #expect(plan.plugins.map(\.steps) == [[.adopt]])
    }

    @Test func everyKnownPluginIsLookedAt() throws {
        let snapshot = try Snapshot(
            desired: .success(["hue": DesiredState(active: nil), "kasa": DesiredState(active: first)]),
            observed: .success(["kasa": kasa().observed, "lamp": ObservedState(directories: ["1.0.0-cccccccccccc"])]),
            tombstones: .success(["gone", "hue"]),
            repairs: .success(["lost": RepairMemory(failures: 1), "lamp": RepairMemory(unrecoverable: "no")])
        )
        let plan = Planner.plan(snapshot, ordinary)
        #expect(
            plan.findings.map { "\($0.plugin) \($0.kind) \($0.action)" } == [
                "hue not-in-store manual", "lamp not-desired auto-fix",
            ]
        )
        #expect(!plan.isIdle)
        #expect(snapshot.facts(of: "gone") == nil)
        #expect(snapshot.facts(of: "lost") == nil)
        #expect(snapshot.facts(of: "hue")?.isTombstoned == true)
        #expect(snapshot.facts(of: "lamp")?.repairs.unrecoverable == "no")
        #expect(snapshot.facts(of: "kasa") == kasa())
    }

    /// A great many plugins with which all is well are no reason to look at any of them twice.
    @Test func oneOfManyIsFound() throws {
        let ids = (0..<10_000).map { "plugin-\($0)" }
        var desired = Dictionary(uniqueKeysWithValues: ids.map { ($0, DesiredState(active: first)) })
        let observed = Dictionary(uniqueKeysWithValues: ids.map { ($0, kasa().observed) })
        desired["plugin-77"]?.settingsRevision = 9
        let snapshot = try Snapshot(
            desired: .success(desired),
            observed: .success(observed),
            tombstones: .success([]),
            repairs: .success([:])
        )
        #expect(Planner.plan(snapshot, ordinary).plugins.map(\.plugin) == ["plugin-77"])
    }
}
