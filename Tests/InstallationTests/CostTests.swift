import Foundation
import HostAPI
import Store
import Testing

@testable import Installation

/// What a change costs the disk, counted and not timed.
@Suite struct CostTests {
    @Test func aPlainInstallIsThreeCommits() async throws {
        let bench = try Bench()
        try await bench.start()
        let source = try bench.packages.make("1.0.0")
        var before = try commits(bench)
        try await bench.run(ChangeRequest(kind: .install, source: source))
        #expect(try commits(bench) - before == 3)

        before = try commits(bench)
        try await bench.run(ChangeRequest(kind: .uninstall, plugin: "kasa"))
        #expect(try commits(bench) - before == 3)
    }

    @Test func whatIsOneStepIsOneCommit() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        var before = try commits(bench)
        _ = try await bench.installer.begin(ChangeRequest(kind: .pin, plugin: "kasa"), author: "user")
        #expect(try commits(bench) - before == 1)
        before = try commits(bench)
        try await bench.installer.setEnabled(false, plugin: "kasa", author: "user")
        #expect(try commits(bench) - before == 1)
        before = try commits(bench)
        _ = try await bench.installer.begin(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.0.0")),
            author: "user"
        )
        _ = try await bench.installer.recover()
        #expect(try commits(bench) - before == 0)
    }

    /// The commits in the database's write-ahead log: frames that say how large the database is after them. Offsets are those
    /// of SQLite's file format, section 4.1.
    private func commits(_ bench: Bench) throws -> Int {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.database.path + "-wal")))
        let pageSize = bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
        return stride(from: 32, to: bytes.count, by: 24 + pageSize)
            .count { start in bytes[(start + 4)..<(start + 8)] != [0, 0, 0, 0] }
    }
}
