import HostAPI
import Store
import Testing

@Suite struct StateDatabaseTests {
    @Test func rememberWhatIsWantedOfEachPlugin() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        #expect(try database.desiredPlugins().isEmpty)
        #expect(try database.desiredPlugin("kasa") == nil)

        try database.setEnabled(true, plugin: "kasa")
        try database.setEnabled(false, plugin: "hue")
        #expect(try database.setEnabled(true, plugin: "kasa").generation == 1)
        #expect(try database.setEnabled(false, plugin: "kasa").generation == 2)
        try database.close()

        let reopened = try StateDatabase(path: scratch.state)
        #expect(
            try reopened.desiredPlugins() == [
                DesiredPlugin(id: "hue", isEnabled: false, generation: 1, settingsRevision: 0),
                DesiredPlugin(id: "kasa", isEnabled: false, generation: 2, settingsRevision: 0),
            ]
        )
    }

    @Test func everySettingsSaveIsANumberedRevision() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        #expect(try database.settings(ofPlugin: "kasa") == nil)

        let first = JSONValue.object(["interval": .integer(5), "ratio": .number(0.5)])
        let second = JSONValue.object(["interval": .integer(9)])
        #expect(try database.saveSettings(first, ofPlugin: "kasa", author: "ann", at: .at(1)) == 1)
        #expect(
            try database.saveSettings(second, ofPlugin: "kasa", author: "bob", expectedRevision: 1, at: .at(2)) == 2
        )
        let inForce = SettingsRevision(revision: 2, document: second, author: "bob", time: .at(2))
        #expect(try database.settings(ofPlugin: "kasa") == inForce)
        #expect(
            try database.revisions(ofPlugin: "kasa") == [
                inForce, SettingsRevision(revision: 1, document: first, author: "ann", time: .at(1)),
            ]
        )
        #expect(
            try database.desiredPlugin("kasa")
                == DesiredPlugin(id: "kasa", isEnabled: true, generation: 2, settingsRevision: 2)
        )
    }

    @Test func aSaveOverAnUnseenRevisionIsRefused() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        try database.saveSettings(.object([:]), ofPlugin: "kasa", author: "ann", expectedRevision: 0)
        let error = storeError { () throws(StoreError) in
            try database.saveSettings(.null, ofPlugin: "kasa", author: "bob", expectedRevision: 0)
        }
        #expect(error == .revisionConflict(plugin: "kasa", expected: 0, current: 1))
        #expect(error?.failure.code == .conflict)
        #expect(try database.settings(ofPlugin: "kasa")?.document == .object([:]))
        #expect(try database.desiredPlugin("kasa")?.generation == 1)
    }

    @Test func onlyTheNewestRevisionsAreKept() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        for number in 1...(StateDatabase.keptRevisions + 3) {
            try database.saveSettings(.integer(Int64(number)), ofPlugin: "kasa", author: "ann")
        }
        let revisions = try database.revisions(ofPlugin: "kasa")
        #expect(revisions.count == StateDatabase.keptRevisions)
        #expect(revisions.first?.document == .integer(Int64(StateDatabase.keptRevisions + 3)))
        #expect(revisions.last?.revision == 4)
    }

    @Test func deathsAndRestartsAreCountedPerPlugin() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        for number in 0..<130 {
            let death = RecordedDeath(
                time: .at(Int64(number)),
                cause: "exit status \(number)",
                isCrash: number % 2 == 0
            )
            try database.recordDeath(death, ofPlugin: "kasa")
        }
        try database.recordDeath(RecordedDeath(time: .at(7), cause: "x", isCrash: true), ofPlugin: "hue")
        let deaths = try database.deaths(ofPlugin: "kasa")
        #expect(deaths.count == 100)
        #expect(deaths.first == RecordedDeath(time: .at(129), cause: "exit status 129", isCrash: false))
        #expect(deaths.last?.time == .at(30))
        #expect(try database.deaths(ofPlugin: "kasa", since: .at(128)).count == 2)
        #expect(try database.deaths(ofPlugin: "kasa", limit: 1).count == 1)
        #expect(try database.deaths(ofPlugin: "hue").count == 1)

        #expect(try database.restarts(ofPlugin: "kasa") == 0)
        #expect(try database.countRestart(ofPlugin: "kasa") == 1)
        #expect(try database.countRestart(ofPlugin: "kasa") == 2)
        #expect(try database.restarts(ofPlugin: "kasa") == 2)
    }

    @Test func quarantineIsLiftedByPluginOrByTheBeginningOfTheHash() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        let first = QuarantineEntry(hash: "abcdef0123", plugin: "kasa", reason: "probe crashed", since: .at(1))
        let second = QuarantineEntry(hash: "abcdef9999", plugin: "hue", reason: "probe hung", since: .at(2))
        try database.rememberProbed(hash: first.hash, plugin: "kasa")
        #expect(try database.isProbed(hash: first.hash))
        try database.addQuarantine(first)
        try database.addQuarantine(second)
        #expect(try database.isProbed(hash: first.hash) == false)
        #expect(try database.quarantine() == [first, second])
        #expect(try database.quarantineReason(ofHash: "abcdef9999") == "probe hung")
        #expect(try database.quarantineReason(ofHash: "abcdef") == nil)

        #expect(try database.liftQuarantine("abcde").isEmpty)
        #expect(try database.liftQuarantine("%%%%%%").isEmpty)
        #expect(try database.liftQuarantine("ABCDEF0") == [first])
        #expect(try database.liftQuarantine("hue") == [second])
        #expect(try database.quarantine().isEmpty)
    }

    @Test func aBurstOfDevicesIsStoredInItsOrder() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        let puts = (0..<1_000).map { number in
            DeviceChange.put(plugin: "kasa", id: "plug-\(number)", document: "{\"n\":\(number)}", at: .at(1))
        }
        try database.applyDeviceChanges(puts)
        #expect(try database.devices().count == 1_000)

        try database.applyDeviceChanges(
            (1..<1_000).map { .remove(plugin: "kasa", id: "plug-\($0)") } + [
                .availability(plugin: "kasa", id: "plug-0", .offline, reason: "no answer", at: .at(2)),
                .availability(plugin: "kasa", id: "nobody", .online, reason: "", at: .at(2)),
            ]
        )
        try database.putDevice(plugin: "kasa", id: "plug-0", document: "{\"n\":0}", at: .at(3))
        let expected = StoredDevice(
            plugin: "kasa",
            id: "plug-0",
            document: "{\"n\":0}",
            availability: .offline,
            reason: "no answer",
            firstSeen: .at(1),
            changed: .at(2)
        )
        #expect(try database.devices() == [expected])

        try database.putDevice(plugin: "kasa", id: "plug-0", document: "{\"n\":7}", at: .at(4))
        try database.setAvailability(.online, plugin: "kasa", id: "plug-0", at: .at(5))
        let changed = try #require(try database.devices().first)
        #expect(changed.document == "{\"n\":7}")
        #expect(changed.availability == .online)
        #expect(changed.firstSeen == .at(1))
        #expect(changed.changed == .at(5))
    }

    @Test func aFactIsMadeOnceAndStays() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        #expect(try database.fact("host-id", orElse: "first") == "first")
        #expect(try database.fact("host-id", orElse: "second") == "first")
        try database.setFact("starts", "1")
        try database.setFact("starts", "2")
        #expect(try database.fact("starts") == "2")
        try database.setFact("starts", nil)
        #expect(try database.fact("starts") == nil)
    }
}
