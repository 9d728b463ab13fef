import Glibc
import HostAPI
import TestSupport
import Testing

/// How `hostd` begins and ends.
@Suite(.hostLogOnFailure)
struct HostLifeTests {
    @Test
    func killedHostLeavesNoProcessAndANewOneTakesOver() async throws {
        try await HostFixture.with { host in
            for id in ["well-behaved", "forks", "ignores-sigterm", "hangs-in-start"] { try await host.install(id) }
            try await host.start()
            for id in ["well-behaved", "forks", "ignores-sigterm"] { try await host.waitFor(id, .running) }
            try await host.waitFor("hangs-in-start", .starting)
            _ = try await host.call("forks", "report")
            let before = try await host.processID(of: "well-behaved")
            #expect(host.processes().count == 4)

            try host.killHost()
            try await eventually("no worker is left") { host.processes().isEmpty }
            try await host.start()
            try await host.waitForAnotherWorker(of: "well-behaved", than: before)
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
        }
    }

    @Test
    func aNewHostTakesOverAtOnceFromOneThatWasKilled() async throws {
        try await HostFixture.with { host in
            try await host.install("ignores-sigterm")
            try await host.start()
            try await host.waitFor("ignores-sigterm", .running)
            try host.killHost()
            // Without waiting for the old workers.
            try await host.start()
            try await host.waitFor("ignores-sigterm", .running)
            #expect(try await host.client.plugin("ignores-sigterm").deaths.isEmpty)
        }
    }

    @Test
    func aSecondHostOnTheSameRootRefusesAndNamesTheFirst() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let second = try host.launchHost()
            #expect(try await second.wait() == .status(10))
            let first = try host.host.processID
            #expect(second.errors.contains("another hostd (process \(first)) already runs in \(host.root)"))
            #expect(try await host.hostctl("status").status == 0)
        }
    }

    @Test
    func aHostThatCannotOpenItsSocketSaysSoAndEnds() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            _ = try host.scratch.makeDirectory("root/run/hostd.sock")
            let program = try host.launchHost()
            #expect(try await program.wait() == .status(1))
            #expect(program.errors.contains("run/hostd.sock"), "\(program.errors)")
        }
    }

    @Test(.tags(.slow))
    func nothingIsStartedAnyMoreWhileTheHostEnds() async throws {
        try await HostFixture.with { host in
            // One that takes its 7 s to end, and one that ends at once.
            for id in ["ignores-sigterm", "well-behaved"] { try await host.install(id) }
            try await host.start()
            for id in ["ignores-sigterm", "well-behaved"] { try await host.waitFor(id, .running) }
            try host.host.send(signal: SIGTERM)
            try await host.waitFor("well-behaved", .stopped)
            let answer = try await host.hostctl("start", "well-behaved")
            #expect(answer.status != 0)
            #expect(answer.errors.contains("the host is ending"), "\(answer.errors)")
            #expect(try await host.host.wait() == .status(0))
            #expect(host.processes().isEmpty)
        }
    }

    @Test(.tags(.slow))
    func sigtermEndsEverythingOrderly() async throws {
        try await HostFixture.with { host in
            for id in ["well-behaved", "floods", "ignores-sigterm"] { try await host.install(id) }
            try await host.start()
            for id in ["well-behaved", "floods", "ignores-sigterm"] { try await host.waitFor(id, .running) }
            let begun = ContinuousClock.now
            #expect(try await host.terminate() == .status(0))
            // STOP 5 s, SIGTERM 2 s, for the one that ignores both.
            #expect(ContinuousClock.now - begun < .seconds(12))
            #expect(host.processes().isEmpty)
            #expect(access("\(host.root)/run/hostd.sock", F_OK) != 0)
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func sigtermDuringTheStartEndsItToo() async throws {
        try await HostFixture.with { host in
            for id in ["hangs-in-probe", "well-behaved"] { try await host.install(id) }
            try await host.start()
            #expect(try await host.terminate() == .status(0))
        }
    }

    @Test
    func theInterfaceIsUpWhileAPluginHangsInItsStart() async throws {
        try await HostFixture.with { host in
            for id in ["hangs-in-start", "hangs-in-probe", "well-behaved"] { try await host.install(id) }
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.summary("hangs-in-start").state == .starting)
            #expect(try await host.hostctl("status").output.contains("starting"))
        }
    }

    @Test
    func aServiceManagerIsToldWhenItIsReadyAndWhenItStops() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            let notifications = try DatagramSocket(path: "\(host.scratch.path)/notify")
            let program = try host.launchHost(environment: ["NOTIFY_SOCKET": notifications.path])
            let first = try await eventually("READY arrives: \(program.errors)") { notifications.receive() }
            #expect(first == "READY=1")
            #expect(try await host.hostctl("status").status == 0)
            program.send(signal: SIGTERM)
            let second = try await eventually("STOPPING arrives") { notifications.receive() }
            #expect(second == "STOPPING=1")
            #expect(try await program.wait() == .status(0))
        }
    }
}

/// A socket on which one waits for datagrams, as a service manager does.
private final class DatagramSocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, result == 0 else { throw SystemFailure("listen at \(path)") }
    }

    deinit {
        close(descriptor)
    }

    /// The next datagram, or nil if none is there.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
