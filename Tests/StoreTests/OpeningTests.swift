import Foundation
import HostAPI
import Store
import Testing

@Suite struct OpeningTests {
    private static let later = Schema.Step("2-later", "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;")

    @Test func onlyTheOwnerMayReadTheFiles() throws {
        let scratch = try Scratch()
        let state = try StateDatabase(path: scratch.state)
        try state.setFact("a", "b")
        for name in try scratch.names {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(try scratch.names.contains("state.db-wal"))
    }

    @Test func anOlderSchemaIsBroughtUpToDateAndKeepsItsContent() throws {
        let scratch = try Scratch()
        let old = try StateDatabase(path: scratch.state)
        try old.setEnabled(true, plugin: "kasa")
        try old.close()

        let newer = Schema(steps: Schema.state.steps + [Self.later])
        let upgraded = try StateDatabase(path: scratch.state, schema: newer)
        #expect(try upgraded.desiredPlugins().map(\.id) == ["kasa"])
        try upgraded.close()
        #expect(storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state) } != nil)
    }

    @Test func aNewerSchemaIsRefusedAndLeftAsItIs() throws {
        let scratch = try Scratch()
        let newer = Schema(steps: Schema.state.steps + [Self.later])
        try StateDatabase(path: scratch.state, schema: newer).close()
        let before = try scratch.bytes(scratch.state)

        let error = storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state) }
        #expect(error == .newerSchema(file: scratch.state, step: "2-later"))
        #expect(error?.description.contains("newer Hearth") == true)
        #expect(try scratch.bytes(scratch.state) == before)
    }

    @Test func aStepThatFailsLeavesTheOldSchema() throws {
        let scratch = try Scratch()
        try StateDatabase(path: scratch.state).close()
        let broken = Schema(steps: Schema.state.steps + [Schema.Step("2-broken", "CREATE TABLE x (y); NONSENSE;")])
        #expect(
            storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state, schema: broken) } != nil
        )
        let again = try StateDatabase(path: scratch.state)
        #expect(try again.desiredPlugins().isEmpty)
    }

    @Test(arguments: ["not a database at all, but long enough to be taken for one", ""])
    func aStateThatIsNoDatabaseIsAnErrorThatChangesNothing(_ content: String) throws {
        let scratch = try Scratch()
        let data = Data(String(repeating: content, count: 100).utf8)
        try scratch.write(data, to: scratch.state)
        let error = storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state) }
        guard case .damaged(let file, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file == scratch.state)
        #expect(try scratch.bytes(scratch.state) == data)
        #expect(try scratch.names == ["state.db"])
    }

    @Test func aPartlyDamagedStateIsAnErrorThatChangesNothing() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        try database.applyDeviceChanges(
            (0..<500).map { .put(plugin: "kasa", id: "\($0)", document: "{}", at: .at(0)) }
        )
        try database.close()
        try scratch.damage(scratch.state)
        let before = try scratch.bytes(scratch.state)
        let error = storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state) }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try scratch.bytes(scratch.state) == before)
    }

    @Test func aLogWithoutItsDatabaseIsNotReplayedIntoANewOne() throws {
        let scratch = try Scratch()
        try scratch.write(Data("log".utf8), to: scratch.state + "-wal")
        let error = storeError { () throws(StoreError) in _ = try StateDatabase(path: scratch.state) }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try scratch.names == ["state.db-wal"])
    }

    @Test func aMissingDirectoryIsNamed() {
        let error = storeError { () throws(StoreError) in _ = try StateDatabase(path: "/nonexistent/state.db") }
        guard case .unreadable(let file, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file.hasPrefix("/nonexistent/state.db"))
    }

    @Test func aDamagedHistoryIsSetAsideAndANewOneBegun() throws {
        let scratch = try Scratch()
        let history = try HistoryDatabase.open(path: scratch.history)
        #expect(history.setAside == nil)
        try history.database.append((0..<5_000).map { .power($0, 1) })
        try history.database.close()
        try scratch.damage(scratch.history)
        let damaged = try scratch.bytes(scratch.history)

        let opened = try HistoryDatabase.open(path: scratch.history, now: .at(0))
        let aside = try #require(opened.setAside)
        #expect(try scratch.bytes(aside.path) == damaged)
        #expect(!aside.reason.isEmpty)
        #expect(try opened.database.series().isEmpty)
        try opened.database.append([.power(1, 2)])
        #expect(try opened.database.latest().count == 1)
    }

    @Test func aNewerHistoryIsNotSetAside() throws {
        let scratch = try Scratch()
        let newer = Schema(steps: Schema.history.steps + [Self.later])
        try HistoryDatabase(path: scratch.history, schema: newer).close()
        let error = storeError { () throws(StoreError) in _ = try HistoryDatabase.open(path: scratch.history) }
        #expect(error == .newerSchema(file: scratch.history, step: "2-later"))
    }

    @Test func damageFoundInALargeHistoryIsDealtWithAtTheNextStart() throws {
        let scratch = try Scratch()
        let first = try HistoryDatabase(path: scratch.history)
        try first.append((0..<20_000).map { .power($0, 1) })
        try first.close()
        try scratch.damage(scratch.history, fromPage: 30)

        let large = StoreOptions(examinedBytes: 0)
        let second = try HistoryDatabase.open(path: scratch.history, options: large)
        #expect(second.setAside == nil)
        let error = storeError { () throws(StoreError) in
            _ = try second.database.readings(.power, limit: 100_000)
        }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try second.database.close()

        let third = try HistoryDatabase.open(path: scratch.history, options: large)
        #expect(third.setAside != nil)
        try third.database.close()
        #expect(try HistoryDatabase.open(path: scratch.history, options: large).setAside == nil)
    }

    @Test func whatWasSavedSurvivesTheDeathOfTheProcess() throws {
        let scratch = try Scratch()
        let running = try StateDatabase(path: scratch.state)
        try running.saveSettings(.integer(7), ofPlugin: "kasa", author: "ann")
        // A killed process leaves the files as they are at this moment, the log not yet merged.
        let after = try Scratch("after")
        for suffix in ["", "-wal"] {
            try after.write(try scratch.bytes(scratch.state + suffix), to: after.state + suffix)
        }
        let restarted = try StateDatabase(path: after.state)
        #expect(try restarted.settings(ofPlugin: "kasa")?.document == .integer(7))
        try running.close()
    }
}
