import Glibc
import HostAPI
import Packages
import Registry
import TestSupport
import Testing

/// A registry that is a directory.
@Suite struct DirectoryTests {
    private static func with(_ body: (ScratchDirectory, RegistryClient) async throws -> Void) async throws {
        let scratch = try ScratchDirectory(named: "directory")
        defer { scratch.remove() }
        try scratch.makeDirectory("registry/packages")
        try scratch.makeDirectory("cache")
        let client = try RegistryClient(
            location: "file://\(scratch.path)/registry",
            cacheDirectory: "\(scratch.path)/cache",
            hostVersion: "0.1.0"
        )
        try await body(scratch, client)
    }

    private static func write(_ text: String, _ name: String, _ scratch: ScratchDirectory) throws {
        try TextFile.write(text, to: "\(scratch.path)/registry/\(name)")
    }

    private static func fetched(
        _ id: String,
        _ client: RegistryClient,
        _ scratch: ScratchDirectory
    ) async
        -> PackageCatalogueError?
    {
        await error { () throws(PackageCatalogueError) in
            let release = try await client.release(of: id, version: nil)
            try await client.fetch(release, to: "\(scratch.path)/fetched") { _ in }
        }
    }

    @Test func isReadDirectly() async throws {
        try await Self.with { scratch, client in
            try Self.write(
                index(plugin("kasa", versions: version("1.0.0", file: "packages/kasa.so"))),
                "index.json",
                scratch
            )
            try Self.write("content", "packages/kasa.so", scratch)
            let catalogue = await client.search()
            #expect(catalogue.registry == "\(scratch.path)/registry")
            #expect(catalogue.entries.map(\.id) == ["kasa"])
            #expect(!catalogue.isStale)
            #expect(await Self.fetched("kasa", client, scratch) == nil)
            #expect(scratch.contents("fetched") == "content")
            // A change shows at once.
            try Self.write(index(plugin("hue"), plugin("kasa")), "index.json", scratch)
            #expect(await client.search().entries.map(\.id) == ["hue", "kasa"])
            #expect(try scratch.names(in: "cache") == [])
        }
    }

    @Test func anIndexInYAMLDoes() async throws {
        try await Self.with { scratch, client in
            try Self.write(
                "registry: 1\nplugins:\n- {id: kasa, name: K, description: D, versions: []}",
                "index.yaml",
                scratch
            )
            #expect(await client.search().entries.map(\.id) == ["kasa"])
            try Self.write(index(), "index.json", scratch)
            #expect(await client.search().entries.isEmpty)
        }
    }

    @Test func theIndexCanBeNamed() async throws {
        try await Self.with { scratch, _ in
            try Self.write(index(plugin("kasa")), "plugins.json", scratch)
            let client = try RegistryClient(
                location: "\(scratch.path)/registry/plugins.json",
                cacheDirectory: "\(scratch.path)/cache",
                hostVersion: "0.1.0"
            )
            #expect(await client.search().entries.map(\.id) == ["kasa"])
        }
    }

    @Test func aDirectoryThatGoesAwayIsUnreachable() async throws {
        try await Self.with { scratch, client in
            let before = await Self.fetched("kasa", client, scratch)
            #expect(try #require(before).isUnreachable)
            try Self.write(index(plugin("kasa")), "index.json", scratch)
            _ = await client.search()
            unlink("\(scratch.path)/registry/index.json")
            let catalogue = await client.search()
            #expect(catalogue.entries.map(\.id) == ["kasa"])
            #expect(catalogue.isStale)
            #expect(try #require(catalogue.problem).contains("No such file or directory"))
            let ended = await Self.fetched("kasa", client, scratch)
            #expect(try #require(ended).isUnreachable)
        }
    }

    @Test func nothingOutsideIsRead() async throws {
        try await Self.with { scratch, client in
            try Self.write(
                index(plugin("kasa", versions: version("1.0.0", file: "packages/kasa.so"))),
                "index.json",
                scratch
            )
            try TextFile.write("content", to: "\(scratch.path)/secret")
            symlink("\(scratch.path)/secret", "\(scratch.path)/registry/packages/kasa.so")
            let failed = await Self.fetched("kasa", client, scratch)
            #expect(try #require(failed).isUnreachable)
            #expect(try #require(failed).message.contains("leads out of the registry"))
            #expect(scratch.contents("fetched") == nil)
            // A link inside is the publisher's business.
            unlink("\(scratch.path)/registry/packages/kasa.so")
            try Self.write("content", "packages/kasa-1.so", scratch)
            symlink("kasa-1.so", "\(scratch.path)/registry/packages/kasa.so")
            #expect(await Self.fetched("kasa", client, scratch) == nil)
        }
    }

    @Test func aPipeDoesNotBlock() async throws {
        try await Self.with { scratch, client in
            mkfifo("\(scratch.path)/registry/index.json", 0o600)
            let problem = try #require(await client.search().problem)
            #expect(problem.contains("is not a file"))
        }
    }

    @Test func aWrongOrMissingPackageIsMissing() async throws {
        try await Self.with { scratch, client in
            try Self.write(index(plugin("kasa")), "index.json", scratch)
            let missing = await Self.fetched("kasa", client, scratch)
            #expect(try #require(missing).isMissing)
            try Self.write("CONTENT", "package.tar.gz", scratch)
            let different = await Self.fetched("kasa", client, scratch)
            #expect(try #require(different).isMissing)
            #expect(scratch.contents("fetched") == nil)
        }
    }
}
