import HostAPI
import Packages
import Registry
import Synchronization
import TestSupport
import Testing

/// What an index may say, and what comes of mistakes in it.
@Suite struct IndexTests {
    private func directoryClient(
        _ scratch: ScratchDirectory,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> RegistryClient {
        try RegistryClient(
            location: scratch.path,
            cacheDirectory: scratch.path,
            hostVersion: "0.1.0",
            report: report
        )
    }

    private func read(_ text: String, as name: String = "index.json") async throws -> Catalogue {
        let scratch = try ScratchDirectory(named: "index")
        defer { scratch.remove() }
        try TextFile.write(text, to: "\(scratch.path)/\(name)")
        return await (try directoryClient(scratch)).search()
    }

    @Test func readsEverythingThatAListingShows() async throws {
        let catalogue = try await read(
            """
            {"registry": 1, "name": "Test", "someday": [], "plugins": [
              {"id": "kasa", "name": "Kasa", "description": "Plugs", "category": "energy", "tags": ["tp-link", "plug"],
               "more": {"x": 1}, "versions": [
                {"version": "1.0.0", "file": "kasa-1.0.0.tar.gz", "sha256": "\(sha256(of: "a").uppercased())", "size": 1,
                 "abi": "1.0", "released": "2026-03-01"},
                {"version": "1.10.0", "file": "kasa.so", "sha256": "\(sha256(of: "b"))", "size": 2, "minimum_host": "0.0.9",
                 "abi": "1.7", "signature": "later"},
                {"version": "1.9.0", "file": "x", "sha256": "\(sha256(of: "b"))", "size": 3, "abi": "2.0",
                 "minimum_host": null},
                {"version": "2.0.0", "file": "x", "sha256": "\(sha256(of: "b"))", "size": 4, "abi": "1.0",
                 "minimum_host": "0.2.0"}]}]}
            """
        )
        #expect(catalogue.problem == nil)
        #expect(!catalogue.isStale)
        #expect(
            catalogue.entries == [
                CatalogueEntry(
                    id: "kasa",
                    name: "Kasa",
                    description: "Plugs",
                    category: "energy",
                    tags: ["tp-link", "plug"],
                    versions: [
                        CatalogueVersion(
                            version: "2.0.0",
                            size: 4,
                            minimumHost: "0.2.0",
                            obstacle: "needs Hearth 0.2.0 or newer, this is 0.1.0"
                        ),
                        CatalogueVersion(version: "1.10.0", size: 2, minimumHost: "0.0.9"),
                        CatalogueVersion(
                            version: "1.9.0",
                            size: 3,
                            obstacle: "is made for version 2.0 of the plugin interface, this host has 1.0"
                        ),
                        CatalogueVersion(version: "1.0.0", size: 1),
                    ]
                )
            ]
        )
    }

    @Test func readsYAML() async throws {
        let catalogue = try await read(
            """
            registry: 1
            plugins:
              - id: kasa
                name: Kasa
                description: >
                  Plugs
                  and bulbs
                versions:
                  - {version: 1.0.0, file: kasa.tar.gz, sha256: \(sha256(of: "a")), size: 1, abi: "1.0"}
              - id: twice
                id: twice
                name: Twice
                description: Two
                versions: []
              - id: hue
                name: Hue
                description: Lamps
                versions: []
            """,
            as: "index.yaml"
        )
        #expect(catalogue.entries.map(\.id) == ["kasa", "hue"])
        #expect(catalogue.entries.first?.description == "Plugs and bulbs ")
        #expect(try #require(catalogue.problem).contains("plugins/1/id: line 11"))
    }

    /// The entry, and the place and the sentence that name what is wrong with it.
    @Test(arguments: [
        (plugin("Kasa"), "plugins/1/id: must be a lower-case letter"),
        (plugin("../etc"), "plugins/1/id: must be a lower-case letter"),
        (plugin("good"), "plugins/1/id: \"good\" is already in plugins/0"),
        ("null", "plugins/1: must be an object, is null"),
        ("[]", "plugins/1: must be an object, is an array"),
        (#"{"name": "x"}"#, "plugins/1/id: is missing"),
        (#"{"id": 7}"#, "plugins/1/id: must be text, is an integer"),
        (#"{"id": "bad"}"#, "plugins/1/name: is missing"),
        (#"{"id": "bad", "name": "x", "name": "y"}"#, "plugins/1: has the key \"name\" twice"),
        (#"{"id": "bad", "name": "x", "description": "y"}"#, "plugins/1/versions: is missing"),
        (#"{"id": "bad", "name": "x", "description": "y", "versions": {}}"#, "plugins/1/versions: must be a list"),
        (plugin("bad", tags: #""tag""#), "plugins/1/tags: must be a list, is a text"),
        (plugin("bad", tags: "[1]"), "plugins/1/tags/0: must be text"),
        (plugin("bad", metadata: "../x.json"), "plugins/1/metadata: must be a URL or a relative path"),
        (plugin("bad", versions: version("1.0")), "plugins/1/versions/0/version: must be three numbers"),
        (
            plugin("bad", versions: version("1.0.0"), version("1.0.0")),
            "plugins/1/versions/1/version: \"1.0.0\" is already in plugins/1/versions/0"
        ),
        (plugin("bad", versions: version("1.0.0", sha256: "abc")), "plugins/1/versions/0/sha256: must be 64 hexa"),
        (plugin("bad", versions: #"{"version": "1.0.0", "file": "x"}"#), "plugins/1/versions/0/sha256: is missing"),
        (plugin("bad", versions: version("1.0.0", size: 0)), "plugins/1/versions/0/size: must be the size"),
        (plugin("bad", versions: version("1.0.0", size: -5)), "plugins/1/versions/0/size: must be the size"),
        (plugin("bad", versions: version("1.0.0", abi: "one")), "plugins/1/versions/0/abi: must be MAJOR.MINOR"),
        (
            plugin("bad", versions: version("1.0.0", minimumHost: "1")),
            "plugins/1/versions/0/minimum_host: must be three"
        ),
        (plugin("bad", versions: version("1.0.0", file: "/etc/shadow")), "plugins/1/versions/0/file: must be a URL"),
        (plugin("bad", versions: version("1.0.0", file: "a/../../b")), "plugins/1/versions/0/file: must be a URL"),
        (
            plugin("bad", versions: version("1.0.0", file: "https://x/y")),
            "plugins/1/versions/0/file: must be a relative"
        ),
        (plugin("bad", versions: version("1.0.0", file: "")), "plugins/1/versions/0/file: must be a URL"),
    ]) func oneBadEntryIsNamedAndHidesNoOther(entry: String, problem: String) async throws {
        let catalogue = try await read(index(plugin("good"), entry, plugin("other")))
        #expect(catalogue.entries.map(\.id).filter { $0 != "bad" } == ["good", "other"])
        #expect(!catalogue.isStale)
        #expect(try #require(catalogue.problem).contains(problem), "\(catalogue.problem ?? "")")
    }

    @Test func nestingThatIsAllowedIsRead() async throws {
        #expect(try await read(nested(64)).problem == nil)
        #expect(
            try await read(#"{"registry": 1, "plugins": [], "x": "\"[[[\#(String(repeating: "[", count: 100))"}"#)
                .problem == nil
        )
    }

    @Test func eachMistakeIsReportedOnce() async throws {
        let scratch = try ScratchDirectory(named: "once")
        defer { scratch.remove() }
        try TextFile.write(index(plugin("Bad"), "7"), to: "\(scratch.path)/index.json")
        let reported = Mutex<[String]>([])
        let client = try directoryClient(scratch) { line in reported.withLock { $0.append(line) } }
        for _ in 0..<3 { _ = await client.search() }
        _ = await error { () throws(PackageCatalogueError) in _ = try await client.release(of: "kasa", version: nil) }
        #expect(reported.withLock(\.self).count == 2)
    }

    @Test(arguments: [
        ("", "is empty"),
        ("  \n ", "is empty"),
        ("<!DOCTYPE html><html></html>", "is a web page"),
        (#"{"registry": 1, "plugins": [{"id": "ka"#, "is not valid JSON"),
        ("null", "the index must be an object, is null"),
        ("[]", "the index must be an object, is an array"),
        ("\"text\"", "the index must be an object, is a text"),
        ("7", "the index must be an object, is an integer"),
        (#"{"plugins": []}"#, "registry: is missing"),
        (#"{"registry": 2, "plugins": []}"#, "registry: must be 1, is 2; a newer format needs a newer host"),
        (#"{"registry": "1", "plugins": []}"#, "registry: must be 1, is a text"),
        (#"{"registry": 1}"#, "plugins: is missing"),
        (#"{"registry": 1, "plugins": [], "plugins": []}"#, "has the key \"plugins\" twice"),
        (#"{"registry": 1, "plugins": null}"#, "plugins: is missing"),
        (#"{"registry": 1, "plugins": {}}"#, "plugins: must be a list, is an object"),
        (nested(65), "is nested deeper than 64 levels"),
        (nested(400_000), "is nested deeper than 64 levels"),
    ]) func whatIsNoIndexTellsNothing(text: String, problem: String) async throws {
        let scratch = try ScratchDirectory(named: "noindex")
        defer { scratch.remove() }
        try TextFile.write(text, to: "\(scratch.path)/index.json")
        let client = try directoryClient(scratch)
        let failed = await error { () throws(PackageCatalogueError) in
            _ = try await client.release(of: "kasa", version: nil)
        }
        #expect(try #require(failed).isUnreachable)
        #expect(try #require(failed).message.contains(problem), "\(failed?.message ?? "")")
        let catalogue = await client.search()
        #expect(catalogue.entries.isEmpty)
        #expect(try #require(catalogue.problem).contains(problem))
    }

    @Test func textOfStrangersCannotSteerTheTerminal() async throws {
        let catalogue = try await read(index(plugin("kasa", description: #"a\u001b[31mb\u202ec\nd"#)))
        #expect(catalogue.entries.first?.description == "a [31mb c d")
    }

    @Test(arguments: [
        "", "registry", "./registry", "ftp://example.org/index.json", "https://", "https://user:secret@example.org/",
        "http://exa mple.org/", "file://relative", "/srv/../etc", "gopher://x/", "javascript:alert(1)", "/srv/\u{0}x",
    ]) func aWrongPlaceIsRefusedAtOnce(location: String) throws {
        #expect(throws: Failure.self) {
            try RegistryClient(location: location, cacheDirectory: "/nonexistent", hostVersion: "0.1.0")
        }
    }

    @Test func aSecretInAWrongPlaceIsNotAccepted() throws {
        do {
            _ = try RegistryClient(location: "https://u:p@h/", cacheDirectory: "/x", hostVersion: "0.1.0")
            Issue.record("accepted")
        } catch {
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("must not hold a user name or a password"))
        }
    }
}

/// An index that is nested so deep.
private func nested(_ depth: Int) -> String {
    let (open, close) = (String(repeating: "[", count: depth - 1), String(repeating: "]", count: depth - 1))
    return #"{"registry": 1, "plugins": [], "x": \#(open)\#(close)}"#
}
