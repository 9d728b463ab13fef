import Glibc
import HostAPI
import Packages
import Registry
import Synchronization
import TestSupport
import Testing

/// A package is whole and right, or it is not there.
@Suite struct FetchTests {
    private static let content = String(repeating: "package", count: 100_000)

    private static func release(_ fixture: RegistryFixture, _ path: String = "/package.tar.gz") -> PackageRelease {
        PackageRelease(
            id: "kasa",
            version: "1.0.0",
            location: fixture.server.url + path,
            sha256: sha256(of: content),
            size: Int64(content.utf8.count)
        )
    }

    @Test func writesAPrivateFile() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(Self.content)
            let told = Mutex<[Int64]>([])
            let path = "\(fixture.scratch.path)/package"
            try await (try fixture.client()).fetch(Self.release(fixture), to: path) { count in
                told.withLock { $0.append(count) }
            }
            #expect(fixture.scratch.contents("package") == Self.content)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
            let counts = told.withLock(\.self)
            #expect(counts == counts.sorted() && counts.count > 1)
            #expect(counts.last == Int64(Self.content.utf8.count))
        }
    }

    @Test(arguments: [
        ("other", String(repeating: "PACKAGE", count: 100_000), "is different: its SHA-256 is "),
        ("shorter", "package", "is 7 bytes long, and the index says 700000"),
        ("empty", "", "is 0 bytes long, and the index says 700000"),
        ("longer", String(repeating: "package", count: 100_001), "is larger than the 700000 bytes of the index"),
    ]) func aWrongFileIsGone(kind: String, content: String, message: String) async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(content)
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                try await client.fetch(Self.release(fixture), to: "\(fixture.scratch.path)/package") { _ in }
            }
            #expect(try #require(failed).isMissing)
            #expect(try #require(failed).message.contains(message), "\(failed?.message ?? "")")
            if kind == "other" {
                #expect(try #require(failed).message.contains("the index says \(sha256(of: Self.content))"))
            }
            #expect(try fixture.scratch.names() == [])
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func whatIsNotThereIsMissing() async throws {
        try await RegistryFixture.with { fixture in
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                try await client.fetch(Self.release(fixture), to: "\(fixture.scratch.path)/package") { _ in }
            }
            #expect(try #require(failed).isMissing)
            #expect(try fixture.scratch.names() == [])
        }
    }

    @Test(arguments: [403, 429, 500]) func aRefusalIsUnreachable(status: Int) async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(status, [:], "no") }
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                try await client.fetch(Self.release(fixture), to: "\(fixture.scratch.path)/package") { _ in }
            }
            #expect(try #require(failed).isUnreachable)
            #expect(try fixture.scratch.names() == [])
        }
    }

    @Test func aTransferThatBreaksOffBeginsAnew() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { [server = fixture.server] _ in
                guard server.requests.count < 3 else { return .answer(200, [:], Self.content) }
                let half = Self.content.prefix(300_000)
                return .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(Self.content.utf8.count)\r\n\r\n\(half)".utf8))
            }
            try await (try fixture.client()).fetch(
                Self.release(fixture),
                to: "\(fixture.scratch.path)/package",
                progress: { _ in }
            )
            #expect(fixture.scratch.contents("package") == Self.content)
            #expect(fixture.server.requests.count == 3)
        }
    }

    @Test func aStalledTransferIsGivenUp() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .stall(Array("HTTP/1.1 200 OK\r\nContent-Length: 700000\r\n\r\npack".utf8)) }
            let client = try fixture.client(options: RegistryOptions(stallLimit: .milliseconds(300)))
            let failed = await error { () throws(PackageCatalogueError) in
                try await client.fetch(Self.release(fixture), to: "\(fixture.scratch.path)/package") { _ in }
            }
            #expect(try #require(failed).isUnreachable)
            #expect(try #require(failed).message.contains("has stopped sending"), "\(String(describing: failed))")
            #expect(try fixture.scratch.names() == [])
            #expect(fixture.server.requests.count == 3)
        }
    }

    @Test func aCancelledTransferLeavesNothing() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .stall(Array("HTTP/1.1 200 OK\r\nContent-Length: 700000\r\n\r\npack".utf8)) }
            let client = try fixture.client()
            let path = "\(fixture.scratch.path)/package"
            let transfer = Task {
                await error { () throws(PackageCatalogueError) in
                    try await client.fetch(Self.release(fixture), to: path) { _ in }
                }
            }
            try await eventually("a part of the file") { fixture.scratch.contents("package") == "pack" }
            transfer.cancel()
            let ended = await transfer.value
            #expect(try #require(ended).failure.code == .cancelled)
            #expect(try fixture.scratch.names() == [])
            // The connection is closed, too.
            try await eventually("the client hangs up") { fixture.server.hangUps == 1 }
        }
    }

    @Test func doesNotOverwrite() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(Self.content)
            let path = "\(fixture.scratch.path)/package"
            try TextFile.write("mine", to: path)
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                try await client.fetch(Self.release(fixture), to: path) { _ in }
            }
            #expect(try #require(failed).isUnreachable)
            #expect(try #require(failed).message.contains("Cannot make \(path): File exists"))
            #expect(fixture.scratch.contents("package") == "mine")
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test func manyAtOnce() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(Self.content)
            let client = try fixture.client()
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        await error { () throws(PackageCatalogueError) in
                            let path = "\(fixture.scratch.path)/package-\(number)"
                            try await client.fetch(Self.release(fixture), to: path) { _ in }
                        } == nil
                    }
                }
                for await isDone in group { #expect(isDone) }
            }
            #expect(try fixture.scratch.names().count == 20)
        }
    }
}
