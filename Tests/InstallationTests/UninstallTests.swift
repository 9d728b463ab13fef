import Glibc
import HostAPI
import Store
import Testing

@testable import Installation

@Suite struct UninstallTests {
    @Test func settingsAndDataAreKeptAndComeBack() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        try bench.addData("kasa")
        bench.addCopy("kasa")
        let change = try await bench.uninstall()
        #expect(change.state == .done)
        #expect(
            change.message == "kasa was uninstalled; its settings and data are kept until 2027-02-14; "
                + "plugins.d still holds kasa.tar.gz, which is ignored; "
                + "`hostctl install \(bench.layout.dropIns)/kasa.tar.gz` brings it back"
        )
        #expect(try bench.database.installedPlugins().isEmpty)
        #expect(try bench.database.versions().isEmpty)
        #expect(bench.runner.running == [:])
        let tombstone = try #require(try bench.database.tombstone(ofPlugin: "kasa"))
        #expect(tombstone.change == change.number)
        #expect(tombstone.keptUntil == tombstone.since + .seconds(30 * 24 * 3_600))
        #expect(try bench.database.dropIns(ofPlugin: "kasa").map(\.state) == [.ignored])
        #expect(try bench.snapshot().files.map { $0.prefix(15) } == ["data/kasa/", "data/kasa/notes"])

        let again = try await bench.install("1.0.0")
        #expect(again.message == "kasa 1.0.0 is installed again, with the settings and data that were kept")
        #expect(try bench.database.settings(ofPlugin: "kasa")?.document == .object(["interval": .integer(5)]))
        #expect(try bench.database.tombstone(ofPlugin: "kasa") == nil)
        #expect(bench.runner.running["kasa"] != nil)
    }

    @Test func aPurgeLeavesNothingButTheTombstone() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        try bench.addData("kasa")
        let change = try await bench.uninstall(isPurge: true)
        #expect(change.message == "kasa was uninstalled, and its settings and data are deleted")
        #expect(try bench.database.desiredPlugins().isEmpty)
        #expect(try bench.database.pluginState("kasa").isEmpty)
        #expect(try bench.database.revisions(ofPlugin: "kasa").isEmpty)
        #expect(try bench.database.tombstone(ofPlugin: "kasa")?.keptUntil == nil)
        #expect(try bench.snapshot().files == [])
        #expect(try await bench.install("1.0.0").message == "kasa 1.0.0 is installed")
    }

    @Test func whatWasKeptCanBePurgedLater() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        try bench.addData("kasa")
        try await bench.uninstall()
        #expect(try await bench.uninstall(isPurge: true).state == .done)
        #expect(try bench.database.desiredPlugins().isEmpty)
        #expect(try bench.snapshot().files == [])
        let plan = try await bench.installer.begin(
            ChangeRequest(kind: .uninstall, plugin: "kasa", isPurge: true),
            author: "user"
        )
        #expect(plan == ChangePlan(summary: "kasa is not installed"))
    }

    @Test func whatWasKeptGoesAfterThirtyDays() async throws {
        let bench = try Bench()
        try await bench.start()
        for id in ["kasa", "hue"] {
            try await bench.install("1.0.0", of: id)
            try bench.addData(id)
        }
        try await bench.uninstall("kasa")
        let since = try #require(try bench.database.tombstone(ofPlugin: "kasa")).since
        bench.clock.change { $0 = $0 + .seconds(29 * 24 * 3_600) }
        #expect(try await bench.installer.purgeExpired() == [])
        bench.clock.change { $0 = $0 + .seconds(24 * 3_600) }
        let changes = try await bench.installer.purgeExpired()
        #expect(changes.map(\.summary) == ["uninstall kasa, with its settings and data"])
        for change in changes { #expect(try await bench.installer.wait(for: change.number).state == .done) }
        #expect(try bench.database.desiredPlugins().map(\.id) == ["hue"])
        // It still does not come back by itself.
        let tombstone = try #require(try bench.database.tombstone(ofPlugin: "kasa"))
        #expect(tombstone.since == since)
        #expect(tombstone.keptUntil == nil)
        #expect(try await bench.installer.purgeExpired() == [])
    }

    @Test func whatIsNotThereNeedsNothing() async throws {
        let bench = try Bench()
        let plan = try await bench.installer.begin(ChangeRequest(kind: .uninstall, plugin: "kasa"), author: "user")
        #expect(plan == ChangePlan(summary: "kasa is not installed"))
        #expect(try bench.database.changes(ofPlugin: nil, limit: 10).isEmpty)
        #expect(try bench.database.tombstones().isEmpty)
    }

    @Test func whatIsOnlyADropInIsToBeRemovedThere() async throws {
        let bench = try Bench()
        bench.addCopy("kasa")
        let request = ChangeRequest(kind: .uninstall, plugin: "kasa")
        let plan = try await bench.installer.begin(request, author: "user")
        #expect(
            plan
                == ChangePlan(
                    summary: "kasa is not installed; it is only in the drop-in directory: "
                        + "remove \(bench.layout.dropIns)/kasa.tar.gz"
                )
        )
    }

    @Test func theMessageSaysWhereThePluginCanBeHadAgain() async throws {
        let bench = try Bench()
        try await bench.start()
        let source = try bench.packages.make("1.0.0")
        bench.catalogue.add("kasa", "1.0.0", at: source)
        for (request, wayBack) in [
            (ChangeRequest(kind: .install, plugin: "kasa"), "; `hostctl install kasa` brings it back"),
            (ChangeRequest(kind: .link, source: source), "; `hostctl link \(source)` brings it back"),
            (
                ChangeRequest(kind: .install, source: source),
                "; its package brings it back or, from a registry that has it, `hostctl install kasa`"
            ),
        ] {
            try await bench.run(request)
            let message = try await bench.uninstall().message
            #expect(message.hasSuffix(wayBack), "\(message)")
        }
    }

    @Test func whatHasNoRowOrNoFilesIsUninstalledAllTheSame() async throws {
        let bench = try Bench()
        try await bench.start()
        try bench.addStranger("kasa", "1.0.0")
        #expect(try await bench.uninstall().state == .done)
        #expect(try bench.snapshot().files == [])
        try bench.database.setEnabled(true, plugin: "hue")
        #expect(try await bench.uninstall("hue").state == .done)
        #expect(try bench.database.desiredPlugin("hue")?.installation.isWanted == false)
    }

    @Test func whatIsDamagedIsUninstalledAllTheSame() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let directory = bench.layout.directory(of: try #require(try bench.database.installedPlugin("kasa")))
        try bench.packages.write(Array("rubbish: [".utf8), to: "\(directory)/plugin.yaml")
        #expect(try await bench.uninstall().state == .done)
        #expect(try bench.snapshot().files == [])
    }

    @Test func whatIsStaleInTheTrashDoesNotBlock() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        mkdir("\(bench.layout.trash)/2-kasa-store", 0o755)
        try bench.packages.write([1], to: "\(bench.layout.trash)/2-kasa-store/old")
        let change = try await bench.uninstall()
        #expect(change.number == 2)
        #expect(change.state == .done)
        #expect(try bench.snapshot().files == [])
    }
}
