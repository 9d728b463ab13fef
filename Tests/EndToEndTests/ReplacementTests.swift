import Glibc
import HostAPI
import TestSupport
import Testing

/// Code that is replaced on the disk.
@Suite(.hostLogOnFailure)
struct ReplacementTests {
    @Test
    func newCodeIsTriedAndUsedAtTheNextRestart() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let process = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let package = "\(host.root)/plugins.d/well-behaved"
            unlink("\(package)/well-behaved.so")
            try TextFile.write("not a shared object", to: "\(package)/well-behaved.so")
            // What runs goes on.
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))

            let refused = try await host.hostctl("restart", "well-behaved")
            #expect(refused.status == 10)
            #expect(refused.errors.contains("is not an ELF file"))
            #expect(refused.errors.contains("goes on with the code that it runs"))
            #expect(try await host.processID(of: "well-behaved") == process)

            try await host.install("well-behaved")
            #expect(try await host.hostctl("restart", "well-behaved").status == 0)
            #expect(try await host.processID(of: "well-behaved") != process)
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func codeThatChangedUnderARunningPluginIsNotLoadedAfterACrash() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let package = "\(host.root)/plugins.d/well-behaved"
            unlink("\(package)/well-behaved.so")
            try TextFile.write("something that nobody has looked at", to: "\(package)/well-behaved.so")
            _ = try await host.hostctl("call", "well-behaved", "crash")
            try await host.waitFor("well-behaved", .failed)
            let summary = try await host.summary("well-behaved")
            #expect(summary.outcome == .hashMismatch)
            #expect(summary.message.contains("hostctl restart well-behaved"))
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
