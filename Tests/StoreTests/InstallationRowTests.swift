import HostAPI
import Store
import Testing

@Suite struct InstallationRowTests {
    private let version = InstalledVersion(
        plugin: "kasa",
        directory: "1.0.0-0123456789ab",
        version: "1.0.0",
        packageHash: "0123456789abcdef",
        codeHash: "fedcba",
        installed: .at(5)
    )

    private func change(_ state: ChangeState, ended: Timestamp? = nil, number: Int64 = 0) -> Change {
        Change(
            number: number,
            kind: .install,
            plugin: "kasa",
            summary: "install kasa 1.0.0",
            author: "user",
            state: state,
            tasks: [ChangeTask(name: "unpack", title: "unpack kasa.tar.gz")],
            message: "a message",
            failure: state == .undone ? Failure(.undone, "it was aborted", hint: "try again") : nil,
            created: .at(1),
            ended: ended
        )
    }

    @Test func aCommitStoresAllOfItOrNothing() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        let number = try database.begin(
            ChangeRecord(change: change(.doing), isCommitted: false, parameters: "{\"a\":1}")
        )
        let committed = ChangeRecord(change: change(.doing, number: number), isCommitted: true, parameters: "{}")
        let active = InstallationState(active: version.directory, origin: "file")
        try database.commit(
            [
                .version(version), .installation(active, plugin: "kasa", isEnabledIfNew: true),
                .tombstone(Tombstone(plugin: "hue", since: .at(3), change: 9, keptUntil: nil)),
                .probed(hash: "fedcba", plugin: "kasa"), .change(committed),
            ],
            task: "install kasa"
        )
        try database.close()

        let reopened = try StateDatabase(path: scratch.state)
        let installed = try #require(try reopened.installedPlugin("kasa"))
        #expect(installed.version == version)
        #expect(installed.isEnabled)
        #expect(installed.generation == 1)
        #expect(installed.origin == "file")
        #expect(try reopened.installedPlugins() == [installed])
        #expect(try reopened.openChanges() == [committed])
        #expect(try reopened.isProbed(hash: "fedcba"))
        #expect(try reopened.tombstone(ofPlugin: "hue")?.keptUntil == nil)
        #expect(try reopened.tombstone(ofPlugin: "kasa") == nil)
        // A closed database cannot be read, and nothing of the commit is there.
        try reopened.close()
        #expect(throws: StoreError.self) { try reopened.commit([.purge(plugin: "kasa")], task: "purge kasa") }
        let again = try StateDatabase(path: scratch.state)
        #expect(try again.installedPlugin("kasa") == installed)
    }

    @Test func theColumnsOfOthersStayAsTheyAre() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        try database.setEnabled(false, plugin: "kasa")
        try database.saveSettings(.object([:]), ofPlugin: "kasa", author: "user")
        let state = InstallationState(active: version.directory, isPinned: true, wantedVersion: "1.0.0", link: "/src")
        try database.commit([.installation(state, plugin: "kasa", isEnabledIfNew: true)], task: "install kasa")
        try database.saveSettings(.object([:]), ofPlugin: "kasa", author: "user")
        try database.setEnabled(true, plugin: "kasa")
        #expect(
            try database.desiredPlugin("kasa")
                == DesiredPlugin(id: "kasa", isEnabled: true, generation: 5, settingsRevision: 2, installation: state)
        )
        // It has no such version: there is nothing to run.
        #expect(try database.installedPlugin("kasa") == nil)
        #expect(try database.installedPlugins().isEmpty)
    }

    @Test func whatIsTakenBackLeavesNoRowUnlessItHasSettings() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        for id in ["kasa", "hue"] {
            try database.commit([.installation(InstallationState(), plugin: id, isEnabledIfNew: true)], task: "install")
        }
        try database.saveSettings(.object([:]), ofPlugin: "hue", author: "user")
        try database.commit([.noInstallation(plugin: "kasa"), .noInstallation(plugin: "hue")], task: "undo")
        #expect(try database.desiredPlugins().map(\.id) == ["hue"])
        #expect(try database.desiredPlugin("hue")?.installation == InstallationState(isWanted: false))
        #expect(try database.settings(ofPlugin: "hue") != nil)
    }

    @Test func aPurgeTakesAllThatBelongsToThePlugin() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        for id in ["kasa", "hue"] {
            try database.saveSettings(.object([:]), ofPlugin: id, author: "user")
            try database.writePluginState([PluginStateChange(plugin: id, key: "a", value: "1")])
            try database.putDevice(plugin: id, id: "plug", document: "{}")
            try database.recordDeath(RecordedDeath(time: .at(1), cause: "exit status 1", isCrash: true), ofPlugin: id)
            try database.countRestart(ofPlugin: id)
        }
        try database.commit([.purge(plugin: "kasa")], task: "purge kasa")
        #expect(try database.desiredPlugins().map(\.id) == ["hue"])
        #expect(try database.revisions(ofPlugin: "kasa").isEmpty)
        #expect(try database.pluginState("kasa").isEmpty)
        #expect(try database.devices().map(\.plugin) == ["hue"])
        #expect(try database.deaths(ofPlugin: "kasa").isEmpty)
        #expect(try database.restarts(ofPlugin: "kasa") == 0)
        #expect(try database.restarts(ofPlugin: "hue") == 1)
        #expect(try database.revisions(ofPlugin: "hue").count == 1)
    }

    @Test func changesAreNumberedAndTheOldestAreForgotten() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        let open = try database.begin(ChangeRecord(change: change(.doing), isCommitted: false, parameters: "{}"))
        for _ in 0..<(StateDatabase.keptChanges + 5) {
            _ = try database.begin(
                ChangeRecord(change: change(.undone, ended: .at(2)), isCommitted: false, parameters: "{}")
            )
        }
        let changes = try database.changes(ofPlugin: "kasa", limit: 5_000)
        #expect(changes.count == StateDatabase.keptChanges + 1)
        #expect(changes.first == change(.undone, ended: .at(2), number: Int64(StateDatabase.keptChanges + 6)))
        // One that goes on is never forgotten.
        #expect(changes.last?.number == open)
        #expect(try database.change(2) == nil)
        #expect(try database.changes(ofPlugin: "hue", limit: 10).isEmpty)
        #expect(try database.changes(ofPlugin: nil, limit: 2).count == 2)
    }

    @Test func aSaveOfSettingsIsAChange() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        try database.saveSettings(.object([:]), ofPlugin: "kasa", author: "home.yaml", at: .at(3))
        let change = try #require(try database.changes(ofPlugin: "kasa", limit: 1).first)
        #expect(change.kind == .settings)
        #expect(change.author == "home.yaml")
        #expect(change.state == .done)
        #expect(change.message == "the settings of kasa are at revision 1")
        #expect(change.ended == .at(3))
    }

    @Test func copiesInTheDropInDirectoryAreRemembered() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        var copy = DropInRecord(
            name: "kasa.tar.gz",
            device: 7,
            inode: .max,
            born: 12,
            packageHash: "abc",
            plugin: "kasa",
            version: "1.0.0",
            state: .needsConsent,
            message: "it asks for exec",
            seen: .at(4)
        )
        try database.putDropIn(copy)
        #expect(try database.dropIns() == [copy])
        copy.state = .ignored
        try database.commit([.dropIn(copy)], task: "uninstall kasa")
        #expect(try database.dropIns(ofPlugin: "kasa") == [copy])
        #expect(try database.dropIns(ofPlugin: "hue").isEmpty)
        try database.removeDropIn("kasa.tar.gz")
        #expect(try database.dropIns().isEmpty)
    }
}
