import HostAPI
import Packages
import Registry
import TestSupport
import Testing

/// Decisions ask the registry each time, and know the difference between "not there" and "not known".
@Suite struct ReleaseTests {
    @Test func asksPastEveryCache() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa", versions: version("1.0.0"))))
            let client = try fixture.client()
            _ = await client.search()
            fixture.serve(
                index(plugin("kasa", versions: version("1.0.0"), version("1.1.0", file: "new/kasa.so", of: "new")))
            )
            let release = try await client.release(of: "kasa", version: nil)
            #expect(
                release
                    == PackageRelease(
                        id: "kasa",
                        version: "1.1.0",
                        location: "\(fixture.server.url)/new/kasa.so",
                        sha256: sha256(of: "new"),
                        size: 3
                    )
            )
            #expect(fixture.server.requests.count == 2)
            #expect(fixture.server.requests.allSatisfy { $0.headers["cache-control"] == "no-cache" })
            // What was learnt serves listings, too.
            #expect(await client.search().entries[0].versions.count == 2)
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func neverDecidesFromAStaleCopyAndTriesAgainEachTime() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(index(plugin("kasa")))
            let client = try fixture.client()
            _ = await client.search()
            fixture.server.handle { _ in .answer(403) }
            for count in 2...4 {
                let failed = await error { () throws(PackageCatalogueError) in
                    _ = try await client.release(of: "kasa", version: "1.0.0")
                }
                #expect(try #require(failed).isUnreachable)
                #expect(fixture.server.requests.count == count)
            }
        }
    }

    @Test func whatIsNotThereIsMissing() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(
                index(
                    plugin("kasa"),
                    plugin("future", versions: version("1.0.0", minimumHost: "9.0.0"), version("2.0.0", abi: "2.0"))
                )
            )
            let client = try fixture.client()
            for (id, version, message, hint) in [
                ("kassa", nil, "There is no plugin \"kassa\" in the registry", "Did you mean \"kasa\"?"),
                ("hue", "1.0.0", "There is no plugin \"hue\" in the registry", "hostctl search"),
                ("../x", nil, "cannot be the id of a plugin", ""),
                ("kasa", "1.0.1", "There is no version 1.0.1 of kasa", "It has 1.0.0"),
                ("kasa", "latest", "is not a version such as 1.2.3", ""),
                ("future", nil, "No version of future can be used here: the newest, 2.0.0, is made for", ""),
                ("future", "1.0.0", "future 1.0.0 cannot be used here: it needs Hearth 9.0.0 or newer", ""),
            ] as [(String, String?, String, String)] {
                let failed = await error { () throws(PackageCatalogueError) in
                    _ = try await client.release(of: id, version: version)
                }
                let failure = try #require(failed)
                #expect(failure.isMissing, "\(failure)")
                #expect(failure.message.contains(message), "\(failure.message)")
                #expect((failure.failure.hint ?? "").contains(hint), "\(failure)")
            }
        }
    }

    @Test func anEntryWithAMistakeIsNotMissing() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(
                index(
                    #"{"id": "broken"}"#,
                    plugin("half", versions: version("2.0.0", sha256: "x"), version("1.0.0")),
                    plugin("all", versions: version("2.0.0", sha256: "x"))
                )
            )
            let client = try fixture.client()
            for (id, version) in [("broken", nil), ("half", "2.0.0"), ("all", nil), ("all", "2.0.0")] {
                let failed = await error { () throws(PackageCatalogueError) in
                    _ = try await client.release(of: id, version: version)
                }
                #expect(try #require(failed).isUnreachable)
                #expect(try #require(failed).message.contains("has a mistake: plugins/"))
            }
            let release = try await client.release(of: "half", version: nil)
            #expect(release.version == "1.0.0")
        }
    }

    @Test func takesTheNewestThatThisHostCanLoad() async throws {
        try await RegistryFixture.with { fixture in
            fixture.serve(
                index(
                    plugin(
                        "kasa",
                        versions: version("1.9.0"),
                        version("1.10.0"),
                        version("1.11.0-rc.1"),
                        version("2.0.0", minimumHost: "0.1.1"),
                        version("3.0.0", abi: "2.0")
                    ),
                    plugin("early", versions: version("0.1.0-beta.2"), version("0.1.0-beta.10"))
                )
            )
            let client = try fixture.client()
            let kasa = try await client.release(of: "kasa", version: nil)
            #expect(kasa.version == "1.10.0")
            let early = try await client.release(of: "early", version: nil)
            #expect(early.version == "0.1.0-beta.10")
            let chosen = try await client.release(of: "kasa", version: "1.11.0-rc.1")
            #expect(chosen.version == "1.11.0-rc.1")
        }
    }

    /// Everything that can be wrong with an answer.
    @Test(arguments: [
        "refused", "403", "404", "429", "500", "html", "empty", "truncated", "short", "long", "garbage", "list",
        "no list",
        "no answer", "reset",
    ]) func whatCannotBeAskedIsUnreachable(kind: String) async throws {
        try await RegistryFixture.with { fixture in
            let good = index(plugin("hue"))
            fixture.server.handle { _ in
                switch kind {
                case "403", "404", "429", "500": .answer(Int(kind) ?? 0, [:], "no")
                case "html": .answer(200, [:], "<html><body>Please sign in</body></html>")
                case "empty": .answer(200)
                case "truncated": .answer(200, [:], String(good.dropLast(20)))
                // Fewer bytes than announced, and more.
                case "short": .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n\(good)".utf8))
                case "long": .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n\(good)".utf8))
                case "garbage": .raw([0xFF, 0x00, 0xFE, 0x0D, 0x0A, 0x0D, 0x0A])
                case "list": .answer(200, [:], "[]")
                case "no list": .answer(200, [:], #"{"registry": 1}"#)
                case "no answer": .raw([])
                default: .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n".utf8))
                }
            }
            if kind == "refused" { fixture.server.stop() }
            let port = try kind == "refused" ? RegistryServer.deadPort() : fixture.server.port
            let client = try fixture.client("http://127.0.0.1:\(port)/index.json")
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await client.release(of: "kasa", version: nil)
            }
            #expect(try #require(failed).isUnreachable, "\(String(describing: failed))")
            #expect(try #require(failed).failure.code == .registryUnreachable)
        }
    }

    // MARK: Trying again

    @Test(arguments: [429, 500, 503]) func triesThreeTimes(status: Int) async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(status) }
            let client = try fixture.client()
            _ = await error { () throws(PackageCatalogueError) in _ = try await client.release(of: "kasa", version: nil)
            }
            #expect(fixture.server.requests.count == 3)
            #expect(fixture.time.pauses == [.milliseconds(750), .milliseconds(1_500)])
        }
    }

    @Test func aSecondTryThatSucceedsIsASuccess() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { [server = fixture.server] _ in
                switch server.requests.count {
                case 1: .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{\"registry\"".utf8))
                case 2: .answer(429, ["Retry-After": "4"])
                default: .answer(200, [:], index(plugin("kasa")))
                }
            }
            let client = try fixture.client()
            let release = try await client.release(of: "kasa", version: nil)
            #expect(release.version == "1.0.0")
            #expect(fixture.time.pauses == [.milliseconds(750), .seconds(4)])
        }
    }

    @Test func doesNotWaitLongForAServerThatWantsThat() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(429, ["Retry-After": "60"]) }
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await client.release(of: "kasa", version: nil)
            }
            #expect(fixture.server.requests.count == 1)
            #expect(try #require(failed).message.contains("Ask again in 60 s"))
        }
    }

    @Test func whatIsPermanentIsNotTriedAgain() async throws {
        for status in [400, 401, 403, 404, 410, 204, 206] {
            try await RegistryFixture.with { fixture in
                fixture.server.handle { _ in .answer(status, [:], status == 204 ? "" : "body") }
                let client = try fixture.client()
                let failed = await error { () throws(PackageCatalogueError) in
                    _ = try await client.release(of: "kasa", version: nil)
                }
                #expect(fixture.server.requests.count == 1)
                #expect(try #require(failed).message.contains("status \(status)"), "\(String(describing: failed))")
            }
        }
    }

    // MARK: Redirects

    @Test func followsFiveRedirects() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { request in
                guard let step = Int(request.target.dropFirst()) else {
                    return .answer(302, ["Location": "/1"], "moved")
                }
                return step < 5
                    ? .answer([301, 302, 303, 307, 308][step - 1], ["Location": "\(step + 1)"])
                    : .answer(200, [:], index(plugin("kasa")))
            }
            let release = try await (try fixture.client()).release(of: "kasa", version: nil)
            // Files are where the index is said to be, not where it happens to be kept today.
            #expect(release.location == "\(fixture.server.url)/package.tar.gz")
            #expect(fixture.server.requests.count == 6)
        }
    }

    @Test(arguments: [
        ("/index.json", "redirects more than 5 times", 6),
        ("file:///etc/passwd", "which must begin with https:// or http://", 1),
        ("ftp://127.0.0.1/x", "which must begin with https:// or http://", 1),
        ("", "redirects, but does not say where to", 1),
        ("http://user:pw@127.0.0.1/", "which must not hold a user name", 1),
    ]) func refusesBadRedirects(location: String, message: String, count: Int) async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .answer(302, location.isEmpty ? [:] : ["Location": location]) }
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await client.release(of: "kasa", version: nil)
            }
            #expect(try #require(failed).message.contains(message), "\(String(describing: failed))")
            #expect(fixture.server.requests.count == count)
        }
    }

    @Test func anEndlessIndexIsRefused() async throws {
        try await RegistryFixture.with { fixture in
            let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
            fixture.server.handle { _ in .raw(head + [UInt8](repeating: 0x20, count: 17 << 20)) }
            let client = try fixture.client()
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await client.release(of: "kasa", version: nil)
            }
            #expect(try #require(failed).message.contains("larger than 16 MiB"))
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func aCancelledQuestionEndsAtOnce() async throws {
        try await RegistryFixture.with { fixture in
            fixture.server.handle { _ in .stall([]) }
            let client = try fixture.client()
            let question = Task {
                await error { () throws(PackageCatalogueError) in _ = try await client.release(of: "kasa", version: nil)
                }
            }
            try await eventually("a request under way") { fixture.server.requests.count == 1 }
            question.cancel()
            let ended = await question.value
            #expect(try #require(ended).failure.code == .cancelled)
        }
    }
}
