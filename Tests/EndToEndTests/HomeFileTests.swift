import Glibc
import HostAPI
import TestSupport
import Testing

/// The desired-state file, applied by hand and followed.
@Suite(.hostLogOnFailure)
struct HomeFileTests {
    private let lamp = Variant("lamp")
    private let bell = Variant("bell")

    /// Writes `home.yaml` in one step, as editors do.
    @discardableResult
    private func write(_ plugins: String, _ host: HostFixture) throws -> String {
        let path = "\(host.scratch.path)/home.yaml"
        try TextFile.write("home: 1\nplugins:\n\(plugins)\n", to: "\(path).new")
        guard rename("\(path).new", path) == 0 else { throw SystemFailure("rename \(path)") }
        return path
    }

    @Test
    func aFileIsAppliedOnceAndExportedAgain() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(bell)
            _ = try await host.archive(lamp)
            let file = try write(
                """
                  lamp:
                    source: ./packages/lamp-1.0.0-a.tar.gz
                    settings: {greeting: moin, level: 3}
                  bell: {enabled: false}
                """,
                host
            )
            let before = try await host.hostctl("diff", file)
            #expect(before.status == 2)
            #expect(before.output.contains("lamp"), "\(before.output)")
            #expect(try await host.client.plugins().map(\.id) == ["bell"])
            let applied = try await host.hostctl("apply", file)
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            try await host.waitFor(lamp)
            #expect(try await host.summary("bell").state == .disabled)
            #expect(try await host.ctl("settings", "get", "lamp", "level") == "3\n")
            #expect(try await host.hostctl("diff", file).status == 0)
            #expect(try await host.hostctl("apply", file).status == 0)

            // The export of this host is no difference to it, and brings another one to the same state.
            let export = "\(host.scratch.path)/export.yaml"
            try TextFile.write(try await host.ctl("export"), to: export)
            #expect(try await host.hostctl("diff", export).status == 0)
            try await host.ctl("enable", "bell")
            try await host.ctl("settings", "set", "lamp", "level=4")
            #expect(try await host.hostctl("diff", export).status == 2)
            #expect(try await host.hostctl("apply", export).status == 0)
            #expect(try await host.summary("bell").state == .disabled)
            #expect(try await host.ctl("settings", "get", "lamp", "level") == "3\n")
            #expect(try await host.ctl("export") == TextFile.contents(export))
            try await host.expectTidiness()
        }
    }

    @Test
    func whatIsAbsentInTheFileIsUninstalledAndWhatWasUninstalledStaysSo() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            let absent = try write("  lamp: {absent: true}", host)
            #expect(try await host.hostctl("apply", absent).status == 0)
            #expect(try await host.client.plugins().isEmpty)
            let wanted = try write("  lamp: {source: ./packages/lamp-1.0.0-a}", host)
            let answer = try await host.hostctl("apply", wanted)
            #expect(answer.status == 2)
            #expect(answer.output.contains("hostctl install lamp"), "\(answer.output)")
            #expect(try await host.client.plugins().isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func aFileWithMistakesChangesNothingAndNamesThemAll() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            let file = try write("  lamp:\n    enable: false\n    settings: {level: -1}\n  Bell: {}", host)
            let answer = try await host.hostctl("apply", file)
            #expect(answer.status == 78, "\(answer.errors)")
            #expect(answer.errors.contains("home.yaml:4:5"), "\(answer.errors)")
            #expect(answer.errors.contains("did you mean \"enabled\"?"), "\(answer.errors)")
            #expect(answer.errors.contains("home.yaml:6:3"), "\(answer.errors)")
            try await host.waitFor(lamp)
            #expect(try await host.client.changes(ChangesQuery()).count == 1)
            #expect(try await host.hostctl("apply", "\(host.scratch.path)/nowhere.yaml").status != 0)
        }
    }

    // MARK: hostd --config

    @Test
    func theHostFollowsItsFile() async throws {
        try await HostFixture.with { host in
            _ = try await host.package(lamp)
            let path = try write("  lamp: {source: ./packages/lamp-1.0.0-a, settings: {greeting: moin}}", host)
            try await host.start(["--config", path])
            try await host.waitFor(lamp)
            try await eventually("its settings are those of the file") {
                try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n"
            }
            #expect(try await host.newestChange(of: "lamp").author == "home.yaml")
            let process = try await host.processID(of: "lamp")
            // Nobody starts a plugin anew for settings that it has taken up already.
            #expect(try await host.hostctl("reconcile").status == 0)
            try write("  lamp: {source: ./packages/lamp-1.0.0-a, settings: {greeting: servus}}", host)
            try await eventually("the change is taken up") {
                try await host.ctl("settings", "get", "lamp", "greeting") == "servus\n"
            }
            #expect(try await host.processID(of: "lamp") == process)
            try write("  lamp: {source: ./packages/lamp-1.0.0-a, enabled: false}", host)
            try await host.waitFor("lamp", .disabled)
            #expect(try await host.client.alerts(includingCleared: true).isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func aBrokenFileChangesNothingAndItsAlertClearsItself() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            #expect(try await host.terminate() == .status(0))
            let path = try write("  lamp:\n    enabled: [", host)
            try await host.start(["--config", path])
            try await eventually("the mistake is told with its place") {
                try await host.hasAlert("host", "home.yaml:5:")
            }
            try await host.waitFor(lamp)
            try write("  lamp:\n    enabld: false", host)
            try await eventually("the other mistake is told with its place") {
                try await host.hasAlert("host", "home.yaml:4:5")
            }
            #expect(try await host.summary("lamp").state == .running)
            unlink(path)
            try await eventually("it is told that it is not there") {
                try await host.hasAlert("host", "cannot be read")
            }
            #expect(try await host.summary("lamp").state == .running, "what cannot be read is not empty")
            try write("  lamp: {enabled: false}", host)
            try await host.waitFor("lamp", .disabled)
            try await eventually("the alert clears itself") {
                try await host.client.alerts(includingCleared: false).isEmpty
            }
        }
    }

    @Test
    func whatTheFileOwnsIsChangedThereOrOverridden() async throws {
        try await HostFixture.with { host in
            _ = try await host.package(lamp)
            let wanted = "  lamp:\n    source: ./packages/lamp-1.0.0-a\n    settings:\n      greeting: moin"
            let path = try write(wanted, host)
            try await host.start(["--config", path])
            try await eventually("the file is applied") {
                try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n"
            }
            let refused = try await host.hostctl("settings", "set", "lamp", "greeting=servus")
            #expect(refused.status == 77, "\(refused.errors)")
            #expect(refused.errors.contains("home.yaml:6"), "\(refused.errors)")
            #expect(refused.errors.contains("--override"), "\(refused.errors)")
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n")
            // A key that is not there is free.
            try await host.ctl("settings", "set", "lamp", "level=5")

            try await host.ctl("settings", "set", "lamp", "greeting=servus", "--override")
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "servus\n")
            let drift = try await host.hostctl("diff", path)
            #expect(drift.status == 2)
            #expect(drift.output.contains("drift"), "\(drift.output)")
            // It stays so over a new start, until the file says the same.
            #expect(try await host.terminate() == .status(0))
            try await host.start(["--config", path])
            try await host.waitFor(lamp)
            try await host.waitForQuiet()
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "servus\n")
            // Without the file nothing is owned.
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitFor(lamp)
            try await host.ctl("settings", "set", "lamp", "greeting=hello")
        }
    }
}
