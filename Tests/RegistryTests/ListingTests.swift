import HostAPI
import Packages
import Registry
import TestSupport
import Testing

/// Listings live on what is kept.
@Suite struct ListingTests {
    @Test func freshCopyIsShownWithoutARequest() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            let first = await client.search()
            #expect(first.entries.map(\.id) == ["kasa"])
            #expect(first.fetchedAt == fixture.time.now)
            #expect(first.registry == "\(fixture.server.url)/index.json")
            fixture.time.advance(by: .seconds(15 * 60 - 1))
            let second = await client.search()
            #expect(second.entries == first.entries)
            #expect(fixture.server.requests.count == 1)
            fixture.time.advance(by: .seconds(1))
            _ = await client.search()
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func asksWhetherTheIndexHasChanged() async throws {
        try await RegistryFixture.with { fixture in
            let tag = #""v1""#
            fixture.server.handle { request in
                if request.headers["if-none-match"] == tag { return .answer(304) }
                return .answer(
                    200,
                    ["ETag": tag, "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT"],
                    index(plugin("kasa"))
                )
            }
            let client = try fixture.client()
            _ = await client.search()
            fixture.time.advance(by: .seconds(3_600))
            let renewed = await client.search()
            #expect(renewed.entries.map(\.id) == ["kasa"])
            #expect(renewed.fetchedAt == fixture.time.now)
            #expect(!renewed.isStale)
            fixture.time.advance(by: .seconds(60))
            _ = await client.search()
            #expect(fixture.server.requests.count == 2)
            #expect(fixture.server.requests[0].headers["if-none-match"] == nil)
            #expect(fixture.server.requests[0].headers["user-agent"] == "hearth/0.1.0")
            #expect(fixture.server.requests[1].headers["if-modified-since"] == "Sat, 01 Jan 2000 00:00:00 GMT")
        }
    }

    @Test func unaskedNotModifiedIsNoAnswer() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(304) }
            let catalogue = await (try fixture.client()).search()
            #expect(try #require(catalogue.problem).contains("was not asked that"))
        }
    }

    @Test(arguments: [403, 404, 429, 500, 503]) func staleCopyIsShownWhenTheRegistryFails(status: Int) async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            let first = await client.search()
            fixture.server.handle { _ in .answer(status, [:], "no") }
            fixture.time.advance(by: .seconds(1_000))
            let second = await client.search()
            #expect(second.entries == first.entries)
            #expect(second.isStale)
            #expect(second.fetchedAt == first.fetchedAt)
            #expect(try #require(second.problem).contains("answers with status \(status)"))
            let asked = fixture.server.requests.count

            fixture.time.advance(by: .seconds(59))
            #expect(await client.search() == second)
            #expect(fixture.server.requests.count == asked)

            fixture.time.advance(by: .seconds(1))
            fixture.serve(index(plugin("hue")))
            let third = await client.search()
            #expect(third.entries.map(\.id) == ["hue"])
            #expect(!third.isStale)
            #expect(third.problem == nil)
            #expect(fixture.server.requests.count == asked + 1)
        }
    }

    @Test func withoutACopyAFailureIsNotRepeatedEither() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(403) }
            let client = try fixture.client()
            for _ in 0..<3 {
                let catalogue = await client.search()
                #expect(catalogue.entries.isEmpty)
                #expect(catalogue.fetchedAt == nil)
                #expect(try #require(catalogue.problem).contains("403"))
            }
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func aRegistryThatWantsToBeLeftAloneIs() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(429, ["Retry-After": "300"]) }
            let client = try fixture.client()
            _ = await client.search()
            fixture.time.advance(by: .seconds(299))
            _ = await client.search()
            #expect(fixture.server.requests.count == 1)
            fixture.time.advance(by: .seconds(1))
            _ = await client.search()
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func aClockThatIsSetBackDoesNotKeepACopyForEver() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            _ = await client.search()
            fixture.time.advance(by: .seconds(-86_400))
            _ = await client.search()
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func manyListingsAtOnceAskOnce() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { await client.search().entries.count } }
                for await count in group { #expect(count == 1) }
            }
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func doesNotWaitForEver() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            let first = await client.search()
            fixture.server.handle { _ in .stall([]) }
            fixture.time.advance(by: .seconds(1_000))
            async let second = client.search()
            try await eventually("a request under way") { fixture.server.requests.count == 2 }
            try await eventually("a listing that waits") { fixture.time.sleepers == 1 }
            fixture.time.advance(by: .seconds(10))
            let known = await second
            #expect(known.entries == first.entries)
            #expect(known.isStale)
            #expect(try #require(known.problem).contains("has not answered within 10 s"))
        }
    }

    @Test func aCancelledListingEndsAtOnce() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .stall([]) }
            let client = try fixture.client()
            let listing = Task { await client.search() }
            try await eventually("a request under way") { fixture.server.requests.count == 1 }
            listing.cancel()
            #expect(await listing.value.entries.isEmpty)
        }
    }

    // MARK: On disk

    @Test func isKnownAgainAfterARestart() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")), headers: ["ETag": "\"v1\""])
            let first = await (try fixture.client()).search()
            let second = await (try fixture.client()).search()
            #expect(second == first)
            #expect(fixture.server.requests.count == 1)
            fixture.time.advance(by: .seconds(1_000))
            fixture.server.handle { _ in .answer(503) }
            let third = await (try fixture.client()).search()
            #expect(third.entries == first.entries)
            #expect(third.isStale)
            #expect(fixture.server.requests[1].headers["if-none-match"] == "\"v1\"")
        }
    }

    @Test(arguments: ["", "{", "[]", "\u{0}\u{0}", #"{"cache": 1}"#]) func damagedCopyIsIgnored(
        text: String
    ) async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            _ = await (try fixture.client()).search()
            let files = try fixture.scratch.names()
            #expect(files.count == 1)
            try TextFile.write(text, to: "\(fixture.scratch.path)/\(files[0])")
            let found = await (try fixture.client()).search()
            #expect(found.entries.map(\.id) == ["kasa"])
            #expect(fixture.server.requests.count == 2)
            // And it has been replaced.
            _ = await (try fixture.client()).search()
            #expect(fixture.server.requests.count == 2)
            #expect(try fixture.scratch.names() == files)
        }
    }

    @Test func worksWithoutACacheDirectory() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try RegistryClient(
                location: "\(fixture.server.url)/index.json",
                cacheDirectory: "/nonexistent/cache",
                hostVersion: "0.1.0"
            )
            #expect(await client.search().entries.map(\.id) == ["kasa"])
        }
    }

    // MARK: Words

    @Test(arguments: [
        ("", ["kasa", "hue", "lamp-timer"]),
        ("KASA", ["kasa"]),
        ("plug", ["kasa"]),
        ("lamp", ["hue", "lamp-timer"]),
        ("lamp philips", ["hue"]),
        ("LAMP  TIMER", ["lamp-timer"]),
        ("tp-link", ["kasa"]),
        ("test", ["kasa", "hue", "lamp-timer"]),
        ("nothing-of-it", []),
    ]) func findsByWords(words: String, ids: [String]) async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(
                index(
                    plugin("kasa", description: "Smart things", tags: #"["TP-Link", "plug"]"#),
                    plugin("hue", name: "Philips Hue", description: "Every LAMP there is"),
                    plugin("lamp-timer", name: "Timer")
                )
            )
            let found = await (try fixture.client()).search(words: words)
            #expect(found.entries.map(\.id) == ids)
        }
    }
}
