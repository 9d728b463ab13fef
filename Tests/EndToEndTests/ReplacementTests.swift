import Glibc
import HostAPI
import TestSupport
import Testing

/// Code that is replaced on the disk.
@Suite(.hostLogOnFailure)
struct ReplacementTests {
    @Test
    func aBrokenCopyIsNamedAndAWholeOneIsInstalledByItself() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let process = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let package = "\(host.root)/plugins.d/well-behaved"
            unlink("\(package)/well-behaved.so")
            try TextFile.write("this is not a shared object", to: "\(package)/well-behaved.so")
            try await eventually("it is said that the copy is not used") {
                try await host.hostctl("alerts").output.contains("plugins.d/well-behaved is not used")
            }
            // What runs goes on, also with a restart: it does not run from there.
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
            #expect(try await host.processID(of: "well-behaved") == process)
            #expect(try await host.hostctl("restart", "well-behaved").status == 0)

            unlink("\(package)/well-behaved.so")
            try host.install(
                "well-behaved",
                code: try await FixturePlugins.sharedObject(of: "well-behaved"),
                manifest: HostFixture.manifest("well-behaved", "author: Ada")
            )
            try await eventually("another build is installed") {
                try await host.client.plugin("well-behaved").previousVersion != nil
            }
            try await eventually("nothing is under way") { try await host.client.status().changesUnderWay == 0 }
            #expect(try await host.summary("well-behaved").state == .running)
            #expect(try await !host.hostctl("alerts").output.contains("plugins.d/well-behaved"))
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func codeThatWasAlteredInTheStoreIsNotLoaded() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let package = try await host.client.plugin("well-behaved").packageDirectory
            unlink("\(package)/well-behaved.so")
            try TextFile.write("something that nobody has looked at", to: "\(package)/well-behaved.so")
            _ = try await host.hostctl("call", "well-behaved", "crash")
            try await host.waitFor("well-behaved", .failed)
            let summary = try await host.summary("well-behaved")
            #expect(summary.outcome == .hashMismatch)
            // A pass names it, and leaves it as it is.
            let pass = try await host.hostctl("reconcile")
            #expect(pass.status == 2)
            #expect(pass.output.contains("well-behaved"), "\(pass.output)")
            #expect(TextFile.contents("\(package)/well-behaved.so") == "something that nobody has looked at")
        }
    }

    @Test
    func whatIsNoPackageIsPassedOverAndALinkedPackageIsFollowed() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            let plugins = "\(host.root)/plugins.d"
            let elsewhere = "\(host.scratch.path)/elsewhere"
            #expect(rename("\(plugins)/well-behaved", elsewhere) == 0)
            #expect(symlink(elsewhere, "\(plugins)/well-behaved") == 0)
            try TextFile.write("notes", to: "\(plugins)/README")
            try host.scratch.makeDirectory("root/plugins.d/.hidden")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.client.plugins().map(\.id) == ["well-behaved"])
        }
    }
}
