import Glibc
import HostAPI
import TestSupport
import Testing

/// Gone is gone, and what was to be kept comes back.
@Suite(.hostLogOnFailure)
struct UninstallTests {
    private let lamp = Variant("lamp")

    @Test
    func settingsAndDataThatWereKeptComeBackWithTheNextInstallation() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            try await host.ctl("settings", "set", "lamp", "greeting=moin", "level=7")
            let data = try await host.client.plugin("lamp").dataDirectory
            try TextFile.write("mine", to: "\(data)/note")
            let answer = try await host.hostctl("uninstall", "lamp")
            #expect(answer.status == 0)
            #expect(answer.errors.contains("kept until"), "\(answer.errors)")
            #expect(try await host.hostctl("show", "lamp").status == 4)
            #expect(host.processes().isEmpty)
            #expect(host.entries("\(host.root)/store/lamp").isEmpty)
            try await host.expectTidiness()

            try await host.install(lamp)
            try await host.waitFor(lamp)
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n")
            #expect(try await host.ctl("settings", "get", "lamp", "level") == "7\n")
            #expect(TextFile.contents("\(data)/note") == "mine")
        }
    }

    @Test
    func whatIsPurgedIsGoneForGood() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            try await host.install(Variant("bell"))
            try await host.ctl("settings", "set", "lamp", "greeting=moin")
            try await host.ctl("settings", "set", "bell", "greeting=ding")
            let data = try await host.client.plugin("lamp").dataDirectory
            try TextFile.write("mine", to: "\(data)/note")
            // Nobody can be asked here.
            #expect(try await host.hostctl("uninstall", "lamp", "--purge").status == 77)
            try await host.waitFor(lamp)
            try await host.ctl("uninstall", "lamp", "--purge", "-y")
            #expect(access("\(data)/note", F_OK) != 0)
            #expect(try await host.rows("SELECT count(*) FROM settings_revisions WHERE plugin = 'lamp'") == ["0"])
            try await host.expectTidiness()

            try await host.install(lamp)
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "hello\n")
            #expect(try await host.ctl("settings", "get", "bell", "greeting") == "ding\n")
        }
    }

    @Test
    func whatIsNotThereIsUninstalledAlready() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let answer = try await host.hostctl("uninstall", "lamp")
            #expect(answer.status == 0)
            #expect((answer.output + answer.errors).contains("lamp is not installed"))
            #expect(try await host.client.changes(ChangesQuery()).isEmpty)
            #expect(try await host.hostctl("uninstall", "../etc").status == 64)
        }
    }

    @Test
    func itDoesNotComeBackWithTheHostAndReconcileLeavesItSo() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            try await host.ctl("uninstall", "lamp")
            #expect(try await host.hostctl("reconcile", "--force").status == 0)
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            #expect(try await host.hostctl("reconcile", "--force").status == 0)
            #expect(try await host.client.plugins().isEmpty)
            #expect(host.processes().isEmpty)
        }
    }

    @Test
    func whatDoesNotRunIsUninstalledToo() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            try await host.ctl("disable", "lamp")
            try await host.ctl("uninstall", "lamp")
            // The installation is the user's wish, and so is that it was disabled.
            let answer = try await host.hostctl("install", try await host.package(lamp))
            #expect(answer.status == 0)
            #expect(answer.errors.contains("hostctl enable lamp"), "\(answer.errors)")
            try await host.ctl("enable", "lamp")
            try await host.waitFor(lamp)
            try await host.ctl("uninstall", "lamp")
            #expect(try await host.client.plugins().isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func whatIsDamagedIsUninstalledToo() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(lamp)
            try await host.ctl("settings", "set", "lamp", "greeting=moin")
            let package = try await host.client.plugin("lamp").packageDirectory
            try TextFile.write("neither manifest: nor [anything", to: "\(package)/plugin.yaml")
            try await host.edit("UPDATE settings_revisions SET document = '{' WHERE plugin = 'lamp'")
            try await host.ctl("uninstall", "lamp", "--purge", "-y")
            #expect(try await host.client.plugins().isEmpty)
            try await host.expectTidiness()
            try await host.install(lamp)
            try await host.waitFor(lamp)
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "hello\n")
        }
    }
}
