import HostAPI
import TestSupport
import Testing

/// Everybody wants something else of a plugin at the same time.
@Suite(.hostLogOnFailure)
struct ConcurrencyTests {
    @Test
    func contradictingOrdersEndInOneWorkerAtMost() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            let client = try host.client
            try await withThrowingTaskGroup { group in
                for person in 0..<4 {
                    group.addTask {
                        for step in 0..<25 {
                            switch (person + step * 7) % 6 {
                            case 0: _ = try? await client.control("well-behaved", .stop)
                            case 1: _ = try? await client.control("well-behaved", .start)
                            case 2: _ = try? await client.control("well-behaved", .restart)
                            case 3: _ = try? await client.control("well-behaved", .disable)
                            case 4: _ = try? await client.control("well-behaved", .enable)
                            default: _ = try? await client.call(CommandRequest(plugin: "well-behaved", command: "echo"))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await host.hostctl("enable", "well-behaved").status == 0)
            #expect(try await host.summary("well-behaved").state == .running)
            #expect(host.processes().count == 1)
            // None of this was a crash.
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func aCrashBetweenOrdersIsCountedAndForgiven() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            // More often than the limit for crash loops: each start by the user begins anew.
            for _ in 1...3 {
                _ = try await host.hostctl("call", "well-behaved", "exit", "status=3")
                #expect(try await host.hostctl("restart", "well-behaved").status == 0)
            }
            #expect(try await host.summary("well-behaved").state == .running)
            #expect(try await host.client.plugin("well-behaved").deaths.count == 3)
            #expect(host.processes().count == 1)
        }
    }

    @Test
    func manyCommandsAtOnceAreAllAnswered() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            let client = try host.client
            let answered = await withTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let name = number.isMultiple(of: 10) ? "slow" : "echo"
                        let request = CommandRequest(
                            plugin: "well-behaved",
                            command: name,
                            arguments: ["ms": .integer(20)]
                        )
                        let result = try? await client.call(request).result
                        return result == .object(name == "slow" ? ["slow": .bool(true)] : ["ms": .integer(20)])
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answered == 200)
        }
    }
}
