import HostAPI
import Packages
import Registry
import TestSupport
import Testing

/// Documents with further versions, one for each plugin.
@Suite struct FurtherVersionsTests {
    private static func document(_ id: String, _ versions: String...) -> String {
        #"{"registry": 1, "id": "\#(id)", "versions": [\#(versions.joined(separator: ","))]}"#
    }

    /// An index of so many plugins, each with a document.
    private static func index(_ count: Int) -> String {
        let plugins = (0..<count).map { plugin("plugin-\($0)", metadata: "more/plugin-\($0).json") }
        return #"{"registry": 1, "plugins": [\#(plugins.joined(separator: ","))]}"#
    }

    /// Answers with the index of so many plugins, and for each of them with `version`.
    private static func answer(
        _ request: RegistryServer.Request,
        _ count: Int,
        version text: String = "0.9.0"
    ) -> RegistryServer.Answer {
        guard request.target != "/index.json" else { return .answer(200, [:], index(count)) }
        let id = request.target.dropFirst("/more/".count).dropLast(".json".count)
        return .answer(200, [:], document(String(id), version(text)))
    }

    @Test func areListedInTheOrderOfTheIndex() async throws {
        try await RegistryFixture.with { fixture in
            // The later in the index, the sooner the answer.
            fixture.server.handle { request in
                if request.target.hasSuffix("-0.json") {
                    for _ in 0..<2_000 where !fixture.server.targets.contains("/more/plugin-11.json") { pause() }
                }
                return Self.answer(request, 12)
            }
            let entries = await (try fixture.client()).search().entries
            #expect(entries.map(\.id) == (0..<12).map { "plugin-\($0)" })
            #expect(entries.allSatisfy { $0.versions.map(\.version) == ["1.0.0", "0.9.0"] })
            #expect(fixture.server.requests.count == 13)
        }
    }

    @Test func areFetchedSideBySide() async throws {
        try await RegistryFixture.with { fixture in
            let barrier = Barrier(10)
            fixture.server.handle { request in
                if request.target != "/index.json", !barrier.pass() { return .answer(500) }
                return Self.answer(request, 30)
            }
            let catalogue = await (try fixture.client()).search()
            #expect(catalogue.problem == nil)
            #expect(catalogue.entries.allSatisfy { $0.versions.count == 2 })
        }
    }

    @Test func neverMoreThanTenAtATime() async throws {
        try await RegistryFixture.with { fixture in
            let barrier = Barrier(11)
            fixture.server.handle { request in
                // An eleventh would open it.
                if request.target != "/index.json", fixture.server.requests.count <= 11 { return .stall([]) }
                if request.target != "/index.json" { _ = barrier.pass() }
                return Self.answer(request, 30)
            }
            let client = try fixture.client()
            let listing = Task { await client.search() }
            try await eventually("ten requests under way") { fixture.server.requests.count == 11 }
            try await Task.sleep(for: .milliseconds(100))
            #expect(fixture.server.requests.count == 11)
            #expect(barrier.arrivals == 0)
            listing.cancel()
            _ = await listing.value
        }
    }

    @Test func onlyOfWhatWasAskedFor() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { Self.answer($0, 30) }
            let entries = await (try fixture.client()).search(words: "plugin-17").entries
            #expect(entries.map(\.id) == ["plugin-17"])
            #expect(fixture.server.targets == ["/index.json", "/more/plugin-17.json"])
        }
    }

    @Test func areKeptForHalfAnHour() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { Self.answer($0, 1) }
            let client = try fixture.client()
            _ = await client.search()
            fixture.time.advance(by: .seconds(29 * 60))
            _ = await client.search()
            #expect(fixture.server.targets == ["/index.json", "/more/plugin-0.json", "/index.json"])
            fixture.time.advance(by: .seconds(60))
            _ = await client.search()
            #expect(fixture.server.targets.last == "/more/plugin-0.json")
        }
    }

    @Test(arguments: ["", "{", "null", #"{"registry": 1, "id": "other", "versions": []}"#, "<html>"])
    func aGoodOneIsNeverReplacedByNothing(text: String) async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { Self.answer($0, 1) }
            let client = try fixture.client()
            let first = await client.search()
            fixture.server.handle { request in
                request.target == "/index.json" ? Self.answer(request, 1) : .answer(200, [:], text)
            }
            fixture.time.advance(by: .seconds(3_600))
            let second = await client.search()
            #expect(second.entries == first.entries)
            #expect(try #require(second.problem).contains("the further versions of plugin-0"))
            let asked = fixture.server.requests.count
            _ = await client.search()
            #expect(fixture.server.requests.count == asked)
        }
    }

    @Test func oneThatFailsDoesNotHideTheVersionsOfTheIndex() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { request in
                request.target == "/more/plugin-1.json" ? .answer(404) : Self.answer(request, 3)
            }
            let entries = await (try fixture.client()).search().entries
            #expect(entries.map(\.versions.count) == [2, 1, 2])
        }
    }

    @Test func aVersionIsFoundInThem() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { Self.answer($0, 1) }
            let client = try fixture.client()
            let release = try await client.release(of: "plugin-0", version: "0.9.0")
            // Relative to the document in which it stands.
            #expect(release.location == "\(fixture.server.url)/more/package.tar.gz")
            #expect(fixture.server.requests.count == 2)
            // The newest is in the index itself: nothing else is asked.
            let newest = try await client.release(of: "plugin-0", version: nil)
            #expect(newest.version == "1.0.0")
            #expect(fixture.server.requests.count == 3)
            // No decision from what is kept: both documents are asked again.
            _ = try await client.release(of: "plugin-0", version: "0.9.0")
            #expect(fixture.server.requests.count == 5)
        }
    }

    @Test func oneThatCannotBeReadIsNoAnswer() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { request in
                request.target == "/index.json" ? Self.answer(request, 1) : .answer(404)
            }
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await client.release(of: "plugin-0", version: "0.9.0")
            }
            #expect(try #require(failed).isUnreachable)
        }
    }
}
