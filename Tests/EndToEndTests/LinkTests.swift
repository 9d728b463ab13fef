import Glibc
import HostAPI
import TestSupport
import Testing

/// An author at work: `hostctl link` on the C template's own directory.
@Suite(.hostLogOnFailure)
struct LinkTests {
    /// A copy of the template in a git checkout, built with `make` beside its sources.
    private func checkout(_ host: HostFixture) async throws -> String {
        let directory = "\(host.scratch.path)/my-plugin"
        try await host.shell("cp", "-r", "\(SourceTree.directory)/Plugins/Templates/C", directory)
        try await host.shell("rm", "-rf", "\(directory)/template-c")
        try await build(directory, host)
        try await host.shell("git", "-C", directory, "init", "-q", "-b", "trunk")
        try await host.shell("git", "-C", directory, "add", "template.c")
        let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        try await host.succeed("/usr/bin/env", ["git", "-C", directory] + author + ["commit", "-q", "-m", "Begin"])
        return directory
    }

    private func build(_ directory: String, _ host: HostFixture) async throws {
        let api = "API=\(SourceTree.directory)/PluginAPI"
        try await host.shell("make", "-s", "-C", directory, api, "PACKAGE=\(directory)/build")
    }

    /// Changes the template's source and builds it anew.
    private func edit(_ directory: String, _ old: String, _ new: String, _ host: HostFixture) async throws {
        try await host.shell("sed", "-i", "s|\(old)|\(new)|", "\(directory)/template.c")
        // `make` tells times apart by the file system's clock.
        try await host.shell("rm", "\(directory)/build/template-c.so")
        try await build(directory, host)
    }

    @Test
    func eachBuildIsTakenUpAndOneThatCrashesGoesBack() async throws {
        try await HostFixture.with { host in
            let directory = try await checkout(host)
            try await host.start(["--health-window", "1"])
            try await host.ctl("link", directory)
            let first = try await host.waitForAnotherWorker(of: "template-c", than: nil)
            let shown = try await host.ctl("show", "template-c")
            #expect(shown.contains(directory), "\(shown)")
            #expect(shown.contains("trunk"), "\(shown)")
            #expect(try await host.summary("template-c").origin == "link")

            try await edit(directory, "A plugin to start from", "Edited", host)
            try await edit(directory, "static hearth_status start(", "int edited; static hearth_status start(", host)
            let second = try await host.waitForAnotherWorker(of: "template-c", than: first)
            try await host.waitForQuiet()
            let good = try await host.client.plugin("template-c").codeHash

            let crash = "__attribute__((constructor)) static void c(void) { abort(); }"
            try await edit(directory, "int edited;", crash, host)
            try await eventually("it is said that the build is not used", within: .seconds(40)) {
                try await host.hasAlert("template-c", "SIGABRT")
            }
            try await host.waitForQuiet()
            #expect(try await host.client.plugin("template-c").codeHash == good)
            #expect(try await host.processID(of: "template-c") == second, "the old code never stopped")

            try await edit(directory, "static void c(void) { abort(); }", "static void c(void) {}", host)
            try await host.waitForAnotherWorker(of: "template-c", than: second)
            try await eventually("the alert clears itself") {
                try await host.client.alerts(includingCleared: false).isEmpty
            }
            try await host.expectTidiness()
        }
    }

    @Test
    func aBuildThatDiesAsItRunsGoesBackToTheOneBefore() async throws {
        try await HostFixture.with { host in
            let directory = try await host.package(Variant("lamp"), at: "lamp")
            try await host.start(["--health-window", "1"])
            try await host.ctl("link", directory)
            try await host.waitFor(Variant("lamp"))
            _ = try await host.package(Variant("lamp", "1.1.0", fault: .crashesSoon), at: "lamp")
            try await eventually("it is said that the build is not used", within: .seconds(40)) {
                try await host.hasAlert("lamp", "SIGSEGV")
            }
            try await host.waitFor(Variant("lamp"))
            _ = try await host.package(Variant("lamp", "1.2.0"), at: "lamp")
            try await host.waitFor(Variant("lamp", "1.2.0"))
            try await eventually("the alert clears itself") {
                try await host.client.alerts(includingCleared: false).isEmpty
            }
            try await host.expectTidiness()
        }
    }

    @Test
    func anUnlinkedPluginStaysAsItIs() async throws {
        try await HostFixture.with { host in
            let directory = try await host.package(Variant("lamp"), at: "lamp")
            try await host.start(["--health-window", "1"])
            try await host.ctl("link", directory)
            try await host.waitFor(Variant("lamp"))
            // It is followed over a new start; what was built meanwhile is taken up.
            #expect(try await host.terminate() == .status(0))
            _ = try await host.package(Variant("lamp", "1.1.0"), at: "lamp")
            try await host.start(["--health-window", "1"])
            try await host.waitFor(Variant("lamp", "1.1.0"))
            try await host.waitForQuiet()
            try await host.ctl("unlink", "lamp")
            _ = try await host.package(Variant("lamp", "1.2.0"), at: "lamp")
            // A change of what is followed is noticed meanwhile.
            let other = try await host.package(Variant("bell"), at: "bell")
            try await host.ctl("link", other)
            _ = try await host.package(Variant("bell", "1.1.0"), at: "bell")
            try await host.waitFor(Variant("bell", "1.1.0"))
            try await host.waitFor(Variant("lamp", "1.1.0"))
            try await host.expectTidiness()
        }
    }
}
