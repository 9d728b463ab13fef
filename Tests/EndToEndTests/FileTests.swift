import Glibc
import HostAPI
import TestSupport
import Testing

/// The files of a host.
@Suite(.hostLogOnFailure)
struct FileTests {
    private func mode(_ path: String) -> UInt32? {
        var information = stat()
        return lstat(path, &information) == 0 ? information.st_mode & 0o7777 : nil
    }

    @Test
    func onlyTheOwnerMayOpenThem() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            for directory in ["run", "data/well-behaved"] {
                #expect(mode("\(host.root)/\(directory)") == 0o700, "\(directory)")
            }
            for file in ["run/hostd.sock", "state.db", "history.db", "run/hostd.lock"] {
                #expect(mode("\(host.root)/\(file)") == 0o600, "\(file)")
            }
            for file in ["state.db-wal", "history.db-wal", "history.db-shm"] {
                #expect(mode("\(host.root)/\(file)") ?? 0o600 == 0o600, "\(file)")
            }
        }
    }

    @Test
    func aRootWithTooLongAPathIsRefusedInASentence() async throws {
        try await HostFixture.with { host in
            let root = host.scratch.path + "/" + String(repeating: "x", count: 90)
            let program = try host.launchHost(root: root)
            #expect(try await program.wait() == .status(78))
            #expect(program.errors.contains("is too long"))
            #expect(program.errors.contains("choose a root whose path has at most 92 bytes"))
        }
    }

    @Test
    func aRootThatCannotBeMadeIsRefusedInASentence() async throws {
        try await HostFixture.with { host in
            // Nobody can make a directory there, root neither.
            let program = try host.launchHost(root: "/proc/hearth")
            #expect(try await program.wait() == .status(77))
            #expect(program.errors.contains("the directory /proc/hearth cannot be made"))
            #expect(program.errors.contains("--root"))
        }
    }

    @Test
    func aDatabaseOfAnotherKindIsNamed() async throws {
        try await HostFixture.with { host in
            try TextFile.write("this is not a database, whatever its name says\n", to: "\(host.root)/state.db")
            let program = try host.launchHost()
            #expect(try await program.wait() != .status(0))
            #expect(program.errors.contains("\(host.root)/state.db"))
        }
    }

    @Test
    func withoutAHostHostctlSaysSoAndEndsWith6() async throws {
        try await HostFixture.with { host in
            let answer = try await host.hostctl("status")
            #expect(answer.status == 6)
            #expect(answer.errors.contains("\(host.root)/run/hostd.sock"))
        }
    }
}
