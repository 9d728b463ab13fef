import Glibc
import HostAPI
import TestSupport
import Testing

/// What is, against what shall be: edited behind the host's back, mended or named by it.
@Suite(.hostLogOnFailure)
struct ReconcileTests {
    private let lamp = Variant("lamp")
    private let bell = Variant("bell")

    /// Two plugins that run, and the host ended.
    private func prepare(_ host: HostFixture) async throws {
        try await host.start()
        for variant in [lamp, bell] { try await host.install(variant) }
        #expect(try await host.terminate() == .status(0))
    }

    /// Starts the host anew. Whatever is wrong with the one plugin: the other runs.
    private func resume(_ host: HostFixture) async throws {
        try await host.start()
        try await host.waitFor(bell)
    }

    private func finding(of plugin: String, _ answer: HostFixture.Answer) throws -> JSONValue? {
        try JSONValue(parsing: answer.output)["items"]?.arrayValue?.first { $0["plugin"]?.stringValue == plugin }
    }

    @Test
    func wherePerfectionReignsNothingIsFound() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await resume(host)
            try await host.waitFor(lamp)
            let pass = try await host.hostctl("reconcile")
            #expect(pass.status == 0)
            #expect((pass.output + pass.errors).contains("0 inconsistencies found"), "\(pass.output)\(pass.errors)")
            #expect(try await host.hostctl("reconcile", "--dry-run").status == 0)
            #expect(try await host.hostctl("reconcile", "no-such-plugin").status != 0)
        }
    }

    @Test
    func aWorkerThatIsKilledIsTheSupervisorsBusiness() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await resume(host)
            let process = try await host.waitForAnotherWorker(of: "lamp", than: nil)
            kill(process, SIGKILL)
            try await host.waitForAnotherWorker(of: "lamp", than: process)
            #expect(try await host.client.plugin("lamp").summary.restarts == 1)
            try await host.expectTidiness()
            #expect(try await host.client.changes(ChangesQuery()).count == 2)
        }
    }

    @Test
    func whatAUserDoesIsNoInconsistency() async throws {
        try await HostFixture.with { host in
            try await host.start(["--health-window", "0.2"])
            try await host.install(lamp)
            for word in ["disable", "enable", "stop", "start", "restart"] { try await host.ctl(word, "lamp") }
            try await host.ctl("settings", "set", "lamp", "level=2")
            try await host.install(Variant("lamp", "1.1.0"))
            try await host.ctl("rollback", "lamp")
            try await host.ctl("uninstall", "lamp")
            try await host.install(bell)
            try await host.expectTidiness()
            let log = try host.host.errors
            #expect(!log.contains("inconsistencies"), "\(log)")
        }
    }

    @Test
    func whatIsDisabledInTheDatabaseDoesNotRun() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.edit("UPDATE plugins SET is_enabled = 0 WHERE id = 'lamp'")
            try await resume(host)
            try await host.waitFor("lamp", .disabled)
            try await host.expectTidiness()
            try await host.ctl("enable", "lamp")
            try await host.waitFor(lamp)
        }
    }

    @Test
    func aRowWithoutItsVersionIsNamedAndAnInstallationMendsIt() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.edit("DELETE FROM versions WHERE plugin = 'lamp'")
            try await resume(host)
            try await expectNamedAndMended(host)
        }
    }

    @Test
    func aStoreDirectoryThatWasRemovedIsNamedAndAnInstallationMendsIt() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.shell("rm", "-r", "\(host.root)/store/lamp")
            try await resume(host)
            try await expectNamedAndMended(host)
        }
    }

    private func expectNamedAndMended(_ host: HostFixture) async throws {
        try await host.waitForQuiet()
        // Without force it may be within the pause after the first failure, and then nothing has to be done by hand yet.
        let dryRun = try await host.hostctl("reconcile", "--force", "--dry-run", "-o", "json")
        #expect(dryRun.status == 2)
        let planned = try #require(try finding(of: "lamp", dryRun))
        #expect(planned["outcome"] == .string("pending"))
        #expect(planned["description"]?.stringValue?.isEmpty == false)
        let pass = try await host.hostctl("reconcile", "--force", "-o", "json")
        #expect(pass.status == 2)
        let found = try #require(try finding(of: "lamp", pass))
        #expect(found["kind"] == .string("not-in-store"), "\(pass.output)")
        #expect(found["outcome"] != .string("fixed"))
        #expect(found["result"]?.stringValue?.isEmpty == false, "\(pass.output)")
        try await host.install(lamp)
        try await host.waitFor(lamp)
        #expect(try await host.hostctl("reconcile").status == 0)
        #expect(try await host.hostctl("reconcile", "--dry-run").status == 0)
    }

    @Test
    func whatLiesInTheStoreWithoutARowIsTakenUpDisabled() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.edit("DELETE FROM plugins WHERE id = 'lamp'; DELETE FROM versions WHERE plugin = 'lamp'")
            try await resume(host)
            try await host.waitFor("lamp", .disabled)
            try await host.waitForQuiet()
            let change = try await host.newestChange(of: "lamp")
            #expect(change.kind == .adopt)
            #expect(change.author == "reconcile")
            try await host.expectTidiness()
            try await host.ctl("enable", "lamp")
            try await host.waitFor(lamp)
        }
    }

    @Test
    func aDirectoryOfAnotherPluginIsNamedAndLeftAlone() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.shell("mkdir", "-p", "\(host.root)/store/ghost/1.0.0-000000000000")
            try TextFile.write("notes", to: "\(host.root)/store/ghost/1.0.0-000000000000/notes")
            try await resume(host)
            try await host.waitForQuiet()
            let pass = try await host.hostctl("reconcile", "-o", "json")
            #expect(pass.status == 2)
            #expect(try finding(of: "ghost", pass)?["action"] == .string("manual"))
            #expect(TextFile.contents("\(host.root)/store/ghost/1.0.0-000000000000/notes") == "notes")
            try await host.waitFor(lamp)
        }
    }

    @Test
    func debrisOfAnInterruptedChangeIsSweptAtTheStart() async throws {
        try await HostFixture.with { host in
            try await prepare(host)
            try await host.shell("mkdir", "-p", "\(host.root)/staging/77/tree", "\(host.root)/trash/77-lamp-0/x")
            try TextFile.write("half", to: "\(host.root)/staging/77/package")
            try await resume(host)
            try await host.waitFor(lamp)
            try await host.expectTidiness()
        }
    }

    @Test
    func forceTriesOnceMoreWhatCrashedTooOften() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let broken = Variant("lamp", fault: .failsToStart)
            // New, and not well: it stays, and is named.
            _ = try await host.hostctl("install", try await host.package(broken))
            try await host.waitFor("lamp", .failed)
            let pass = try await host.hostctl("reconcile")
            #expect(pass.status == 2)
            #expect(pass.output.contains("this build cannot be started"), "\(pass.output)")
            let forced = try await host.hostctl("reconcile", "--force", "lamp")
            #expect(forced.status == 2, "\(forced.output)")
            try await host.ctl("disable", "lamp")
            #expect(try await host.hostctl("reconcile").status == 0)
        }
    }
}
