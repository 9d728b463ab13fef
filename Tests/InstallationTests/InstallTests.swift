import Glibc
import HostAPI
import Store
import Testing

@testable import Installation

@Suite struct InstallTests {
    @Test func installsUpgradesAndGoesBack() async throws {
        let bench = try Bench()
        let first = try await bench.install("1.0.0")
        #expect(first.state == .done)
        #expect(first.message == "kasa 1.0.0 is installed")
        #expect(bench.runner.running["kasa"]?.hasPrefix("1.0.0-") == true)

        let second = try await bench.install("1.1.0")
        #expect(second.summary == "upgrade kasa 1.0.0 to 1.1.0")
        #expect(second.message == "kasa went from 1.0.0 to 1.1.0")
        #expect(second.tasks.map(\.name) == Situation.packageTasks)
        #expect(second.tasks.allSatisfy { $0.state == "done" })
        #expect(try bench.active() == "1.1.0")
        #expect(try bench.previous() == "1.0.0")
        #expect(bench.runner.state.value.windows == [.zero, .seconds(10)])

        let back = try await bench.run(ChangeRequest(kind: .rollback, plugin: "kasa"))
        #expect(back.message == "kasa is back at 1.0.0; 1.1.0 is kept")
        #expect(try bench.active() == "1.0.0")
        #expect(try bench.previous() == "1.1.0")
        #expect(bench.runner.running["kasa"]?.hasPrefix("1.0.0-") == true)
        // Each version's code was tried once.
        #expect(bench.runner.state.value.probes == ["1.0.0", "1.1.0"])
        #expect(try await bench.installer.changes(ChangesQuery()).map(\.number) == [3, 2, 1])
    }

    @Test func twoVersionsAreKept() async throws {
        let bench = try Bench()
        for version in ["1.0.0", "1.1.0", "1.2.0", "1.3.0"] { try await bench.install(version) }
        #expect(try bench.database.versions(ofPlugin: "kasa").map(\.version) == ["1.2.0", "1.3.0"])
        try await bench.expectNothingLeft()
    }

    @Test func theSameContentIsInstalledAlready() async throws {
        let bench = try Bench()
        try await bench.install("1.1.0")
        let before = try bench.snapshot()
        let plan = try await bench.installer.begin(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
            author: "user"
        )
        #expect(plan == ChangePlan(summary: "kasa 1.1.0 is installed already"))
        #expect(try bench.snapshot() == before)
        #expect(try bench.database.changes(ofPlugin: nil, limit: 10).count == 1)
    }

    @Test func aDryRunTellsAndChangesNothing() async throws {
        let bench = try Bench()
        try await bench.install("1.0.0")
        let before = try bench.snapshot()
        let plan = try await bench.installer.begin(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0"), isDryRun: true),
            author: "user"
        )
        #expect(plan.change == nil)
        #expect(plan.summary == "upgrade kasa 1.0.0 to 1.1.0")
        #expect(plan.steps.count == Situation.packageTasks.count)
        #expect(plan.permissions == .object([:]))
        #expect(try bench.snapshot() == before)
    }

    @Test func aVersionThatDiesIsTakenBack() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let before = try bench.snapshot()
        bench.runner.state.change { $0.ill = ["1.1.0"] }
        let change = try await bench.install("1.1.0")
        #expect(change.state == .undone)
        #expect(change.message == "everything is as it was before: kasa 1.1.0 died: signal 11 (SIGSEGV)")
        #expect(try bench.snapshot() == before)
    }

    @Test func aVersionThatReplacesNothingThatRanStays() async throws {
        let bench = try Bench()
        bench.runner.state.change { $0.ill = ["1.0.0", "1.1.0"] }
        let first = try await bench.install("1.0.0")
        #expect(first.state == .done)
        #expect(first.message == "kasa 1.0.0 is installed; it is not well: kasa 1.0.0 died: signal 11 (SIGSEGV)")
        let second = try await bench.install("1.1.0")
        #expect(second.state == .done)
        #expect(second.message.hasPrefix("kasa went from 1.0.0 to 1.1.0; it is not well: "))
        #expect(bench.runner.state.value.windows == [.zero, .zero])
    }

    @Test func codeThatCrashesInTheProbeIsRefusedAndRemembered() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let before = try bench.snapshot()
        bench.runner.state.change { $0.crashing = ["1.1.0"] }
        #expect(try await bench.install("1.1.0").state == .undone)
        #expect(try bench.snapshot() == before)
        let refusal = await bench.failure(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0"))
        )
        #expect(refusal?.code == .denied)
        #expect(refusal?.message == "this code of kasa is in quarantine: its probe crashed")
        #expect(refusal?.hint?.contains("hostctl quarantine lift") == true)
        #expect(bench.runner.state.value.probes == ["1.0.0", "1.1.0"])
    }

    @Test func aPackageForAnotherPluginApiIsRefused() async throws {
        let bench = try Bench()
        let newer = await bench.failure(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.0.0", abi: "2.0"))
        )
        #expect(newer?.message == "kasa 1.0.0 is built for PluginAPI 2.0; Hearth 0.1.0 loads 1.x")
        #expect(newer?.hint == "upgrade Hearth first")
        // Built newer alone is never a refusal.
        let source = try bench.packages.make("1.0.0", abi: "1.9")
        #expect(try await bench.run(ChangeRequest(kind: .install, source: source)).state == .done)
    }

    @Test(arguments: [
        (ChangeRequest(kind: .install, plugin: "../kasa"), "\"../kasa\" is not a plugin's id"),
        (ChangeRequest(kind: .uninstall, plugin: "Kasa"), "\"Kasa\" is not a plugin's id"),
        (ChangeRequest(kind: .uninstall), "uninstall needs to know which plugin"),
        (ChangeRequest(kind: .install, source: "kasa.tar.gz"), "kasa.tar.gz is not an absolute path"),
        (ChangeRequest(kind: .link, plugin: "kasa"), "link needs a directory"),
        (ChangeRequest(kind: .settings, plugin: "kasa"), "settings is not a change that can be begun"),
        (ChangeRequest(kind: .rollback, plugin: "kasa"), "kasa is not installed"),
        (ChangeRequest(kind: .pin, plugin: "kasa"), "kasa is not installed"),
        (ChangeRequest(kind: .upgrade, plugin: "kasa"), "kasa is not installed"),
        (ChangeRequest(kind: .install, plugin: "kasa"), "the registry has no kasa"),
    ])
    func badRequestsAreNamedAndChangeNothing(_ request: ChangeRequest, _ message: String) async throws {
        let bench = try Bench()
        let before = try bench.snapshot()
        #expect(await bench.failure(request)?.message == message)
        var after = try bench.snapshot()
        after.files.removeAll { $0 == "staging/" }
        #expect(after == before)
        #expect(try bench.database.changes(ofPlugin: nil, limit: 10).isEmpty)
    }

    @Test func theManifestsIdIsTheIdentity() async throws {
        let bench = try Bench()
        let source = try bench.packages.make("1.0.0", of: "hue")
        let failure = await bench.failure(ChangeRequest(kind: .install, plugin: "kasa", source: source))
        #expect(failure?.message == "the package is hue, not kasa: its manifest says so")
        // The registry's name for it is known only once it is fetched.
        bench.catalogue.add("kasa", "1.0.0", at: source)
        let before = try bench.snapshot()
        let change = try await bench.run(ChangeRequest(kind: .install, plugin: "kasa"))
        #expect(change.state == .undone)
        #expect(change.failure?.message == "the package is hue, not kasa: its manifest says so")
        var after = try bench.snapshot()
        after.files.removeAll { ["store/", "staging/", "trash/"].contains($0) }
        #expect(after == before)
    }

    @Test func aPackageOfAnotherVersionThanWantedIsRefused() async throws {
        let bench = try Bench()
        try await bench.start()
        let source = try bench.packages.make("1.0.0")
        let request = ChangeRequest(kind: .install, source: source, version: "2.0.0")
        // Also when it is what is installed already.
        for isInstalled in [false, true] {
            if isInstalled { try await bench.run(ChangeRequest(kind: .install, source: source)) }
            let failure = await bench.failure(request)
            #expect(failure?.message == "the package is kasa 1.0.0, not 2.0.0: its manifest says so")
            #expect(failure?.code == .invalidArgument)
        }
    }

    @Test func settingsThatWereSavedMeanwhileAreKept() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        bench.runner.state.change { $0.ill = ["1.1.0"] }
        bench.fault.value = { [database = bench.database] checkpoint in
            guard checkpoint.task == "observe", checkpoint.moment == .beforeDoing else { return }
            try database.saveSettings(.object(["interval": .integer(7)]), ofPlugin: "kasa", author: "user")
            try database.setEnabled(false, plugin: "kasa")
        }
        let change = try await bench.install("1.1.0")
        #expect(change.state == .undone)
        let desired = try #require(try bench.database.desiredPlugin("kasa"))
        #expect(desired.isEnabled == false)
        #expect(desired.settingsRevision == 1)
        #expect(try bench.active() == "1.0.0")
    }

    @Test func aDiskThatIsTooFullIsNamedBeforeAnythingIsTouched() async throws {
        let bench = try Bench()
        let source = try bench.packages.make("1.0.0")
        bench.catalogue.add("kasa", "1.0.0", at: source, size: 1 << 50)
        let failure = await bench.failure(ChangeRequest(kind: .install, plugin: "kasa"))
        #expect(failure?.message.contains("MiB are free") == true)
        #expect(try bench.database.changes(ofPlugin: nil, limit: 10).isEmpty)
    }
}
