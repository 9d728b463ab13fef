import HostAPI
import Store
import Testing

@Suite struct RepairTests {
    @Test func failuresAreRememberedAndForgotten() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        #expect(try database.repairs().isEmpty)
        #expect(try database.repair(ofPlugin: "kasa") == nil)

        let failed = RepairRecord(
            plugin: "kasa",
            failures: 2,
            notBefore: .at(90),
            unrecoverable: nil,
            changed: .at(30)
        )
        let missing = RepairRecord(
            plugin: "hue",
            failures: 0,
            notBefore: nil,
            unrecoverable: "the registry has no plugin \"hue\"",
            changed: .at(31)
        )
        try database.storeRepair(
            RepairRecord(plugin: "kasa", failures: 1, notBefore: nil, unrecoverable: nil, changed: .at(1))
        )
        try database.storeRepair(failed)
        try database.storeRepair(missing)
        try database.close()

        let reopened = try StateDatabase(path: scratch.state)
        #expect(try reopened.repairs() == [missing, failed])
        #expect(try reopened.repair(ofPlugin: "kasa") == failed)
        #expect(try reopened.forgetRepairs(ofPlugin: "lamp") == [])
        #expect(try reopened.forgetRepairs(ofPlugin: "kasa") == ["kasa"])
        #expect(try reopened.repairs() == [missing])
        #expect(try reopened.forgetRepairs() == ["hue"])
        #expect(try reopened.repairs().isEmpty)
    }
}
