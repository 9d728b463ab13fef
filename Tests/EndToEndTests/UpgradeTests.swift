import HostAPI
import TestSupport
import Testing

/// One version in place of another: forward, back by itself, back by the user's word.
@Suite(.hostLogOnFailure)
struct UpgradeTests {
    private let old = Variant("lamp", "1.0.0")
    private let new = Variant("lamp", "2.0.0")
    private let bell = Variant("bell")

    /// The old version and another plugin, which nothing of all this may touch.
    private func withOld(
        window: String = "1",
        _ name: String = #function,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.start(["--health-window", window])
            try await host.install(old)
            try await host.install(bell)
            try await host.waitFor(bell)
            let process = try await host.processID(of: "bell")
            try await body(host)
            #expect(try await host.processID(of: "bell") == process, "another plugin noticed")
            #expect(try await host.client.plugin("bell").deaths.isEmpty)
        }
    }

    @Test
    func anUpgradeKeepsTheOldVersionForARollback() async throws {
        try await withOld { host in
            try await host.ctl("settings", "set", "lamp", "greeting=moin")
            try await host.install(new)
            try await host.waitFor(new)
            #expect(try await host.client.plugin("lamp").previousVersion == "1.0.0")
            try await host.ctl("rollback", "lamp")
            try await host.waitFor(old)
            #expect(try await host.client.plugin("lamp").previousVersion == "2.0.0")
            try await host.ctl("rollback", "lamp")
            try await host.waitFor(new)
            // Two are kept, and no more.
            try await host.install(Variant("lamp", "3.0.0"))
            #expect(host.entries("\(host.root)/store/lamp").map { $0.prefix(5) } == ["2.0.0", "3.0.0"])
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n")
            try await host.expectTidiness()
        }
    }

    @Test
    func aVersionThatCrashesGoesBackByItselfAndSaysWhy() async throws {
        try await withOld { host in
            let answer = try await host.hostctl(
                "install",
                try await host.package(Variant("lamp", "2.0.0", fault: .crashesSoon))
            )
            #expect(answer.status == 1)
            #expect(answer.errors.contains("SIGSEGV"), "\(answer.errors)")
            try await host.waitFor(old)
            let change = try await host.newestChange(of: "lamp")
            #expect(change.state == .undone)
            #expect(change.failure?.message.contains("SIGSEGV") == true)
            #expect(try await host.ctl("change", "\(change.number)").contains("SIGSEGV"))
            #expect(host.entries("\(host.root)/store/lamp").count == 1)
            try await host.expectTidiness()
        }
    }

    @Test
    func aVersionThatDoesNotStartGoesBackByItself() async throws {
        try await withOld { host in
            let answer = try await host.hostctl(
                "install",
                try await host.package(Variant("lamp", "2.0.0", fault: .failsToStart))
            )
            #expect(answer.status == 1)
            #expect(answer.errors.contains("this build cannot be started"), "\(answer.errors)")
            try await host.waitFor(old)
            try await host.expectTidiness()
        }
    }

    @Test
    func aVersionThatFailsItsTrialIsQuarantinedAndTheOldOneNeverStops() async throws {
        try await withOld { host in
            let process = try await host.processID(of: "lamp")
            let package = try await host.package(Variant("lamp", "2.0.0", fault: .crashesWhenLoaded))
            let answer = try await host.hostctl("install", package)
            #expect(answer.status == 1)
            #expect(answer.errors.contains("quarantine"), "\(answer.errors)")
            #expect(try await host.processID(of: "lamp") == process)
            #expect(try await host.client.quarantine().map(\.plugin) == ["lamp"])
            // It is not even tried again.
            let again = try await host.hostctl("install", package)
            #expect(again.status == 77)
            #expect(again.errors.contains("hostctl quarantine lift"), "\(again.errors)")
            #expect(try await host.summary("lamp").state == .running)
            #expect(try await host.processID(of: "lamp") == process)
            try await host.ctl("quarantine", "lift", "lamp")
            #expect(try await host.client.quarantine().isEmpty)
            #expect(try await host.processID(of: "lamp") == process)
            try await host.expectTidiness()
        }
    }

    @Test
    func aPinnedVersionIsReplacedOnlyByTheUsersExplicitWord() async throws {
        try await withOld { host in
            try await host.ctl("pin", "lamp")
            let package = try await host.package(new)
            let refused = try await host.hostctl("install", package)
            #expect(refused.status != 0)
            #expect(refused.errors.contains("pinned to 1.0.0"), "\(refused.errors)")
            try await host.drop(new)
            try await eventually("the copy is looked at") {
                let isListed = try await host.ctl("list", "-o", "json").contains("is pinned to 1.0.0")
                let isAlert = try await host.hasAlert("host", "is pinned to 1.0.0")
                return isListed || isAlert
            }
            try await host.waitFor(old)
            try await host.ctl("unpin", "lamp")
            try await host.ctl("install", package)
            try await host.waitFor(new)
        }
    }

    @Test
    func operationsOnOnePluginWaitInLineAndOthersDoNot() async throws {
        try await withOld(window: "60") { host in
            let upgrade = try await host.begin("install", try await host.package(new))
            try await host.waitFor(task: "observe", of: upgrade)
            let removal = try await host.begin("uninstall", "lamp")
            let waiting = try await host.client.change(removal)
            #expect(waiting.state == .waiting)
            #expect(waiting.message.contains("\(upgrade)"), "\(waiting.message)")
            #expect(try await host.ctl("changes").contains("waiting"))
            // Another plugin's change is not held up.
            try await host.install(Variant("door"))
            #expect(try await host.client.change(upgrade).state == .doing)

            // Aborting within the window brings the old version back; then it is the next one's turn.
            #expect(try await host.hostctl("abort", "\(upgrade)").status == 0)
            #expect(try await host.hostctl("watch", "\(upgrade)").status == 1)
            #expect(try await host.client.change(upgrade).state == .undone)
            #expect(try await host.hostctl("watch", "\(removal)").status == 0)
            #expect(try await host.hostctl("show", "lamp").status == 4)
            #expect(try await host.hostctl("abort", "\(upgrade)").status != 0, "it is over")
            try await host.expectTidiness()
        }
    }

    @Test
    func abortingWithinTheWindowBringsTheOldVersionBack() async throws {
        try await withOld(window: "60") { host in
            let upgrade = try await host.begin("install", try await host.package(new))
            try await host.waitFor(task: "observe", of: upgrade)
            try await host.waitFor(new)
            #expect(try await host.hostctl("abort", "\(upgrade)").status == 0)
            try await host.waitFor(old)
            try await host.expectTidiness()
        }
    }

    @Test
    func aHostThatIsKilledWithinTheWindowFinishesTheChange() async throws {
        try await HostFixture.with { host in
            try await host.start(["--health-window", "60"])
            try await host.install(old)
            let upgrade = try await host.begin("install", try await host.package(new))
            try await host.waitFor(task: "observe", of: upgrade)
            try host.killHost()
            try await host.start(["--health-window", "1"])
            try await host.waitForQuiet()
            // Past the commit point: it is finished.
            #expect(try await host.client.change(upgrade).state == .done)
            try await host.waitFor(new)
            try await host.expectTidiness()
        }
    }
}
