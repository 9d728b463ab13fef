import Glibc
import HostAPI
import TestSupport
import Testing

/// What users do with `plugins.d`.
@Suite(.hostLogOnFailure)
struct DropInTests {
    private let lamp = Variant("lamp")
    private let bell = Variant("bell")

    @Test
    func aSlowCopyIsInstalledOnceItIsWhole() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let source = try await host.package(lamp)
            let copy = try host.scratch.makeDirectory("root/plugins.d/lamp")
            try TextFile.write(lamp.manifest, to: "\(copy)/plugin.yaml")
            try await host.shell("sh", "-c", "head -c 2000 \(source)/lamp.so > \(copy)/lamp.so")
            try await eventually("it is seen that the copy is not whole") {
                try await host.ctl("list", "-o", "json").contains("not whole yet")
            }
            #expect(try await host.client.changes(ChangesQuery()).isEmpty, "nothing was tried with half a package")
            try await host.shell("sh", "-c", "tail -c +2001 \(source)/lamp.so >> \(copy)/lamp.so")
            try await host.waitFor(lamp)
            #expect(try await host.client.changes(ChangesQuery()).map(\.state) == [.done])
            #expect(try await host.client.alerts(includingCleared: true).isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func whatIsRenamedInIsInstalledInAllThreeForms() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let door = Variant("door")
            let packages = [
                try await host.package(lamp), try await host.archive(bell), try await host.embedded(door),
            ]
            for package in packages { try await host.shell("mv", package, "\(host.root)/plugins.d/") }
            for variant in [lamp, bell, door] { try await host.waitFor(variant) }
            #expect(try await host.client.plugin("bell").summary.origin == "drop-in")
            try await host.expectTidiness()
        }
    }

    @Test
    func removingTheCopyUninstallsNothing() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            let process = try await host.processID(of: "lamp")
            try await host.shell("rm", "-r", "\(host.root)/plugins.d/lamp")
            // What comes later has been looked at later.
            try await host.drop(bell)
            try await host.waitFor(bell)
            #expect(try await host.processID(of: "lamp") == process)
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitFor(lamp)
            try await host.expectTidiness()
        }
    }

    @Test
    func aBrokenCopyIsNamedAndAMendedOneIsInstalledByItself() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let archive = try await host.archive(lamp)
            let copy = "\(host.root)/plugins.d/lamp.tar.gz"
            try await host.shell("cp", archive, "\(archive).half")
            try await host.shell("truncate", "-s", "-200", "\(archive).half")
            try await host.shell("mv", "\(archive).half", copy)
            try await eventually("the copy is named with what is wrong") {
                try await host.ctl("list", "-o", "json").contains("plugins.d/lamp.tar.gz")
            }
            #expect(try await host.client.changes(ChangesQuery()).isEmpty)
            try await host.shell("mv", archive, copy)
            try await host.waitFor(lamp)
            #expect(try await host.ctl("list", "-o", "name") == "lamp\n")
            #expect(try await host.client.alerts(includingCleared: false).isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func whatAsksForFarReachingPermissionsWaitsForTheUser() async throws {
        try await HostFixture.with { host in
            let permission = "permissions: {exec: {date: {path: /bin/date, arguments: []}}}"
            let radio = Variant("radio", more: permission)
            try await host.start()
            try await host.drop(radio)
            let waiting = try await host.waitFor("radio", .needsConsent)
            #expect(waiting.message.contains("hostctl install radio"), "\(waiting.message)")
            let unasked = try await host.hostctl("install", "radio")
            #expect(unasked.status == 77)
            #expect(unasked.errors.contains("/bin/date"), "\(unasked.errors)")
            // A new start of the host agrees to nothing.
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitFor("radio", .needsConsent)
            #expect(host.processes().isEmpty)
            try await host.ctl("install", "radio", "-y")
            try await host.waitFor(radio)
            // The next version asks for no more than this one may already.
            let next = Variant("radio", "1.1.0", more: permission)
            try await host.ctl("install", try await host.package(next))
            try await host.waitFor(next)
        }
    }

    @Test
    func anotherVersionThatIsDroppedReplacesTheOneBefore() async throws {
        try await HostFixture.with { host in
            try await host.start(["--health-window", "1"])
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            let new = Variant("lamp", "1.1.0")
            try await host.shell("mv", try await host.archive(new), "\(host.root)/plugins.d/lamp-1.1.0.tar.gz")
            try await host.waitFor(new)
            try await host.waitForQuiet()
            #expect(try await host.client.plugin("lamp").previousVersion == "1.0.0")
            // Both copies lie there still; neither is anybody's new wish.
            #expect(try await host.terminate() == .status(0))
            try await host.start(["--health-window", "1"], waitsForDropIns: false)
            try await host.waitFor(new)
            try await host.waitForQuiet()
            #expect(try await host.client.changes(ChangesQuery()).count == 2)
        }
    }

    @Test
    func aDroppedVersionThatCrashesGoesBackAndIsNotTriedAgain() async throws {
        try await HostFixture.with { host in
            try await host.start(["--health-window", "1"])
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            try await host.drop(Variant("lamp", "1.1.0", fault: .crashesSoon))
            try await eventually("it is said that the copy is not used") {
                try await host.hasAlert("host", "plugins.d/lamp is not used")
            }
            try await host.waitForQuiet()
            try await host.waitFor(lamp)
            let changes = try await host.client.changes(ChangesQuery())
            #expect(changes.map(\.state) == [.undone, .done])
            #expect(changes.first?.author == "drop-in")
            #expect(try await host.terminate() == .status(0))
            try await host.start(["--health-window", "1"])
            try await host.waitFor(lamp)
            try await host.waitForQuiet()
            #expect(try await host.client.changes(ChangesQuery()).count == 2)
        }
    }

    // MARK: After an uninstallation

    @Test
    func afterAnUninstallationTheCopyStaysIgnored() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            let answer = try await host.hostctl("uninstall", "lamp")
            #expect(answer.status == 0)
            #expect(answer.errors.contains("plugins.d still holds lamp"), "\(answer.errors)")
            #expect(try await host.terminate() == .status(0))
            // What else lies there at the start is looked at in the same moment.
            try await host.drop(bell)
            try await host.start(waitsForDropIns: false)
            try await host.waitFor(bell)
            #expect(try await host.hostctl("reconcile", "--force").status == 0)
            #expect(try await host.ctl("list", "-o", "name") == "bell\n")
            #expect(try await host.client.alerts(includingCleared: false).isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func theSameContentCopiedAnewIsTheUsersWish() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            try await host.ctl("uninstall", "lamp")
            try await host.shell("rm", "-r", "\(host.root)/plugins.d/lamp")
            try await host.shell("cp", "-r", try await host.package(lamp), "\(host.root)/plugins.d/lamp")
            try await host.waitFor(lamp)
            #expect(try await host.rows("SELECT count(*) FROM tombstones") == ["0"])
            try await host.expectTidiness()
        }
    }

    @Test
    func aCopyThatAppearsLaterIsTheUsersWish() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            try await host.ctl("uninstall", "lamp")
            let new = Variant("lamp", "1.1.0")
            try await host.shell("mv", try await host.archive(new), "\(host.root)/plugins.d/")
            try await host.waitFor(new)
            try await host.waitForQuiet()
            // The old copy beside it stays ignored, also at the next start.
            #expect(try await host.terminate() == .status(0))
            try await host.start(waitsForDropIns: false)
            try await host.waitFor(new)
            try await host.waitForQuiet()
            #expect(try await host.call("lamp", "build").stringValue == new.answer)
        }
    }

    @Test
    func anExplicitInstallationIsNeverBlocked() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.drop(lamp)
            try await host.waitFor(lamp)
            try await host.ctl("uninstall", "lamp")
            try await host.ctl("install", "\(host.root)/plugins.d/lamp")
            try await host.waitFor(lamp)
            #expect(try await host.rows("SELECT count(*) FROM tombstones") == ["0"])
        }
    }
}
