import Glibc
import HostAPI
import Manifests
import Store
import Testing

@testable import Installation

/// Registry, pins, consent, links, adoption.
@Suite struct PolicyTests {
    @Test func anUpgradeNeverGoesDown() async throws {
        let bench = try Bench()
        try await bench.install("1.1.0")
        bench.catalogue.add("kasa", "1.0.0", at: try bench.packages.make("1.0.0"))
        for request in [ChangeRequest(kind: .upgrade, plugin: "kasa"), ChangeRequest(kind: .install, plugin: "kasa")] {
            let plan = try await bench.installer.begin(request, author: "user")
            #expect(plan == ChangePlan(summary: "kasa 1.1.0 is newer than the registry's 1.0.0"))
        }
        // Asked for by its number, it is wanted.
        let change = try await bench.run(ChangeRequest(kind: .install, plugin: "kasa", version: "1.0.0"))
        #expect(change.summary == "take kasa 1.1.0 back to 1.0.0")
        #expect(try bench.active() == "1.0.0")
        #expect(try bench.database.desiredPlugin("kasa")?.installation.wantedVersion == "1.0.0")
        #expect(try bench.database.installedPlugin("kasa")?.origin == "registry")
        let plan = try await bench.installer.begin(ChangeRequest(kind: .upgrade, plugin: "kasa"), author: "user")
        #expect(plan.summary == "kasa 1.0.0 is the newest version that there is for this host")
    }

    @Test func aVersionOfTheRegistryNeverChanges() async throws {
        let bench = try Bench()
        try await bench.start()
        bench.catalogue.add("kasa", "1.0.0", at: try bench.packages.make("1.0.0"))
        try await bench.run(ChangeRequest(kind: .install, plugin: "kasa"))
        bench.catalogue.add("kasa", "1.1.0", at: try bench.packages.make("1.1.0"))
        try await bench.run(ChangeRequest(kind: .upgrade, plugin: "kasa"))
        let before = try bench.snapshot()
        bench.catalogue.add("kasa", "1.0.0", at: try bench.packages.make("1.0.0", build: 2))
        // The newest entry of that version is what the registry says now.
        let change = try await bench.run(ChangeRequest(kind: .install, plugin: "kasa", version: "1.0.0"))
        #expect(change.state == .undone)
        #expect(change.failure?.message.contains("a version never changes") == true)
        #expect(try bench.snapshot() == before)
        // From a file it is another build.
        #expect(try await bench.install("1.0.0", build: 2).state == .done)
        #expect(try await bench.install("1.0.0", build: 3).message == "another build of kasa 1.0.0 is installed")
    }

    @Test func aRegistryThatDoesNotAnswerHarmsNothing() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        bench.catalogue.add("kasa", "1.1.0", at: try bench.packages.make("1.1.0"))
        let before = try bench.snapshot()
        bench.catalogue.isUnreachable.value = true
        #expect(await bench.failure(ChangeRequest(kind: .upgrade, plugin: "kasa"))?.code == .registryUnreachable)
        bench.catalogue.isUnreachable.value = false
        bench.fault.value = { [catalogue = bench.catalogue] checkpoint in
            if checkpoint.task == "fetch" { catalogue.isUnreachable.value = true }
        }
        let change = try await bench.run(ChangeRequest(kind: .upgrade, plugin: "kasa"))
        #expect(change.failure?.code == .registryUnreachable)
        #expect(try bench.snapshot() == before)
    }

    @Test func aPinnedVersionIsReplacedOnlyByTheUsersExplicitWord() async throws {
        let bench = try Bench()
        try await bench.install("1.0.0")
        try await bench.install("1.1.0")
        let pin = try await bench.installer.begin(ChangeRequest(kind: .pin, plugin: "kasa"), author: "user")
        #expect(pin.change?.state == .done)
        #expect(pin.change?.message == "kasa stays at 1.1.0 until it is unpinned")
        #expect(
            try await bench.installer.begin(ChangeRequest(kind: .pin, plugin: "kasa"), author: "user").summary
                == "kasa is pinned to 1.1.0 already"
        )
        bench.catalogue.add("kasa", "1.2.0", at: try bench.packages.make("1.2.0"))
        let source = try bench.packages.make("1.3.0")
        for (request, author) in [
            (ChangeRequest(kind: .upgrade, plugin: "kasa"), "user"),
            (ChangeRequest(kind: .install, plugin: "kasa"), "user"),
            (ChangeRequest(kind: .install, source: source), "user"),
            (ChangeRequest(kind: .install, source: source), "drop-in"),
            (ChangeRequest(kind: .install, plugin: "kasa", version: "1.2.0"), "home.yaml"),
            (ChangeRequest(kind: .rollback, plugin: "kasa"), "reconcile"),
            (ChangeRequest(kind: .link, source: source), "link"),
        ] {
            let failure = await bench.failure(request, author: author)
            #expect(failure?.message == "kasa is pinned to 1.1.0", "\(request) \(author)")
            #expect(failure?.code == .refused)
            #expect((failure?.hint == "`hostctl unpin kasa` first") == (request.kind == .link))
        }
        try await bench.run(ChangeRequest(kind: .install, plugin: "kasa", version: "1.2.0"))
        #expect(try bench.active() == "1.2.0")
        #expect(try bench.database.installedPlugin("kasa")?.isPinned == true)
        try await bench.run(ChangeRequest(kind: .rollback, plugin: "kasa"))
        #expect(try bench.active() == "1.1.0")
        _ = try await bench.installer.begin(ChangeRequest(kind: .unpin, plugin: "kasa"), author: "user")
        try await bench.run(ChangeRequest(kind: .upgrade, plugin: "kasa"))
        #expect(try bench.active() == "1.2.0")
    }

    private static let exec = """
        permissions:
          command-devices: ["kasa/*"]
        """
    private static let narrower = """
        permissions:
          command-devices: ["kasa/plug"]
        """
    private static let wider = """
        permissions:
          command-devices: ["*/*"]
        """

    @Test func farReachingPermissionsNeedTheUsersConsent() async throws {
        let bench = try Bench()
        let source = try bench.packages.make("1.0.0", extra: Self.exec)
        let failure = await bench.failure(ChangeRequest(kind: .install, source: source))
        #expect(failure?.code == .needsConsent)
        #expect(
            failure?.message == "kasa 1.0.0 asks for far-reaching permissions: command-devices: kasa/*"
        )
        try await bench.run(ChangeRequest(kind: .install, source: source, isConsented: true))

        let narrower = try bench.packages.make("1.1.0", extra: Self.narrower)
        #expect(try await bench.run(ChangeRequest(kind: .install, source: narrower)).state == .done)

        let wider = try bench.packages.make("1.2.0", extra: Self.wider)
        #expect(await bench.failure(ChangeRequest(kind: .install, source: wider))?.code == .needsConsent)
        // From the registry the question comes once the package is there.
        bench.catalogue.add("kasa", "1.2.0", at: wider)
        let change = try await bench.run(ChangeRequest(kind: .upgrade, plugin: "kasa"))
        #expect(change.state == .undone)
        #expect(change.failure?.code == .needsConsent)
        #expect(
            try await bench.run(ChangeRequest(kind: .upgrade, plugin: "kasa", isConsented: true)).state == .done
        )
    }

    @Test func aLinkedPluginRemembersItsDirectory() async throws {
        let bench = try Bench()
        let source = try bench.packages.make("1.0.0")
        let change = try await bench.run(ChangeRequest(kind: .link, source: source))
        #expect(change.message == "kasa 1.0.0 runs from \(source) and follows what is built there")
        let linked = try #require(try bench.database.installedPlugin("kasa"))
        #expect(linked.origin == "link")
        #expect(linked.link == source)
        let unlink = try await bench.installer.begin(ChangeRequest(kind: .unlink, plugin: "kasa"), author: "user")
        #expect(unlink.change?.message == "kasa 1.0.0 stays installed, and follows \(source) no more")
        let after = try #require(try bench.database.installedPlugin("kasa"))
        #expect(after.link == nil)
        #expect(after.version == linked.version)
        // The same content under a link again is a change: what it follows changes.
        try await bench.run(ChangeRequest(kind: .link, source: source))
        #expect(try bench.database.installedPlugin("kasa")?.link == source)
        #expect(
            try await bench.installer.begin(ChangeRequest(kind: .link, source: source), author: "link").change == nil
        )
        // Whatever else is installed over it ends the link.
        let over = try await bench.install("1.1.0")
        #expect(
            over.message == "kasa went from 1.0.0 to 1.1.0; it follows \(source) no more: "
                + "`hostctl link \(source)` links it again"
        )
        #expect(try bench.database.installedPlugin("kasa")?.link == nil)
    }

    @Test func whatLiesInTheStoreIsTakenUpDisabled() async throws {
        let bench = try Bench()
        try bench.addStranger("kasa", "1.0.0")
        try bench.addStranger("kasa", "1.2.0")
        let change = try await bench.run(ChangeRequest(kind: .adopt, plugin: "kasa"), author: "reconcile")
        #expect(change.message.hasPrefix("kasa 1.2.0 was taken up from the store, disabled"))
        let adopted = try #require(try bench.database.installedPlugin("kasa"))
        #expect(adopted.isEnabled == false)
        #expect(adopted.origin == "store")
        #expect(bench.runner.running == [:])
        #expect(
            await bench.failure(ChangeRequest(kind: .adopt, plugin: "hue"))?.message.hasPrefix(
                "there is no usable package of hue in "
            ) == true
        )
        try await bench.uninstall()
        #expect(
            await bench.failure(ChangeRequest(kind: .adopt, plugin: "kasa"), author: "reconcile")?.code == .refused
        )
    }

    @Test func switchingOnAndOffIsRecorded() async throws {
        let bench = try Bench()
        try await bench.install("1.0.0")
        try await bench.installer.setEnabled(false, plugin: "kasa", author: "user")
        try await bench.installer.setEnabled(false, plugin: "kasa", author: "user")
        let changes = try await bench.installer.changes(ChangesQuery(plugin: "kasa"))
        #expect(changes.map(\.summary) == ["disable kasa", "install kasa 1.0.0"])
        #expect(changes.first?.state == .done)
        #expect(try bench.database.desiredPlugin("kasa")?.isEnabled == false)
        await #expect(throws: Failure.notInstalled("hue")) {
            try await bench.installer.setEnabled(true, plugin: "hue", author: "user")
        }
        // What is disabled stays so, whatever version it has.
        try await bench.install("1.1.0")
        #expect(bench.runner.running == [:])
        #expect(try bench.database.desiredPlugin("kasa")?.isEnabled == false)
    }

    @Test func codeInsideHostdWaitsForItsNextStart() async throws {
        let bench = try Bench()
        try await bench.install("1.0.0")
        bench.runner.state.change { $0.needsHostRestart = true }
        let change = try await bench.install("1.1.0")
        #expect(change.state == .done)
        #expect(
            change.message == "kasa went from 1.0.0 to 1.1.0; "
                + "hostd itself has the old code loaded: the new one runs once hostd is started again"
        )
        #expect(bench.runner.state.value.windows.count == 1)
        let end = try await bench.uninstall()
        #expect(end.message.hasSuffix("hostd itself still has its code loaded until it is started anew"))
    }
}
