import HostAPI
import TestSupport
import Testing

/// `hostctl settings`.
@Suite(.hostLogOnFailure)
struct SettingsTests {
    /// What the fixture `well-behaved` reads of its settings.
    static let schema = """
        settings:
          type: object
          properties:
            interval_ms: {type: integer, minimum: 0, maximum: 60000, default: 0, x-restart: hot}
            greeting: {type: string, maxLength: 40, default: Hello, x-restart: hot}
            reject: {type: boolean, default: false, x-restart: hot}
            start: {type: string, enum: [ok, pending, retry], default: ok, x-restart: plugin}
        """

    private func withPlugin(
        _ name: String = #function,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.install("well-behaved", Self.schema)
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            try await body(host)
        }
    }

    @Test
    func aHotKeyIsAppliedInTheRunningProcess() async throws {
        try await withPlugin { host in
            let process = try await host.processID(of: "well-behaved")
            #expect(try await host.call("well-behaved", "greet")["greeting"] == .string("Hello"))
            let answer = try await host.hostctl("settings", "set", "well-behaved", "greeting=Moin")
            #expect(answer.status == 0)
            #expect(answer.errors.contains("revision 1"))
            #expect(try await host.call("well-behaved", "greet")["greeting"] == .string("Moin"))
            #expect(try await host.processID(of: "well-behaved") == process)

            let saved = try await host.json("settings", "get", "well-behaved")
            #expect(saved["saved"] == .object(["greeting": .string("Moin")]))
            #expect(saved["document"]?["interval_ms"] == .integer(0))
            let again = try await host.hostctl("settings", "set", "well-behaved", "greeting=Moin")
            #expect(again.status == 0)
            #expect(again.errors.contains("Nothing changed"))
        }
    }

    @Test
    func aKeyOfTheWholePluginReplacesTheWorker() async throws {
        try await withPlugin { host in
            let process = try await host.processID(of: "well-behaved")
            #expect(try await host.hostctl("settings", "set", "well-behaved", "start=pending").status == 0)
            #expect(try await host.waitForAnotherWorker(of: "well-behaved", than: process) != process)
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func whatTheSchemaRefusesIsNamedCompletely() async throws {
        try await withPlugin { host in
            let answer = try await host.hostctl(
                "settings",
                "set",
                "well-behaved",
                "interval_ms=-1",
                "start=never",
                "greting=Hi"
            )
            #expect(answer.status == 78)
            for word in ["/interval_ms", "/start", "/greting", "greeting"] {
                #expect(answer.errors.contains(word), "\(word): \(answer.errors)")
            }
            #expect(try await host.json("settings", "get", "well-behaved")["revision"] == .integer(0))
        }
    }

    @Test
    func whatThePluginRefusesWasNeverInForce() async throws {
        try await withPlugin { host in
            let process = try await host.processID(of: "well-behaved")
            let answer = try await host.hostctl("settings", "set", "well-behaved", "reject=true", "greeting=Moin")
            #expect(answer.status == 78)
            #expect(answer.errors.contains("these settings are refused"))
            #expect(try await host.json("settings", "get", "well-behaved")["saved"] == .object([:]))
            #expect(try await host.call("well-behaved", "greet")["greeting"] == .string("Hello"))
            #expect(try await host.processID(of: "well-behaved") == process)
        }
    }

    @Test
    func aPluginThatCouldNotStartIsMendedByASave() async throws {
        try await withPlugin { host in
            let first = try await host.hostctl("settings", "set", "well-behaved", "start=retry")
            #expect(first.status == 0)
            try await host.waitFor("well-behaved", .backingOff)
            #expect(try await host.summary("well-behaved").message.contains("the settings asked for a failure"))
            #expect(try await host.hostctl("settings", "unset", "well-behaved", "start").status == 0)
            try await host.waitFor("well-behaved", .running)
        }
    }

    @Test
    func aPluginThatFoundItsSettingsInvalidStartsAgainWithNewOnes() async throws {
        try await HostFixture.with { host in
            let schema = "settings:\n  type: object\n  properties:\n    host: {type: string, default: nowhere}"
            try await host.install("invalid-settings", schema)
            try await host.start()
            try await host.waitFor("invalid-settings", .failed)
            let answer = try await host.hostctl("settings", "set", "invalid-settings", "host=127.0.0.1")
            #expect(answer.status == 0)
            // This one is never content; that it was asked again shows in its log.
            #expect(answer.errors.contains("restarted with them: invalid-settings is failed"))
        }
    }

    @Test
    func settingsSurviveAKilledHost() async throws {
        try await withPlugin { host in
            #expect(try await host.hostctl("settings", "set", "well-behaved", "greeting=Moin").status == 0)
            try host.killHost()
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.call("well-behaved", "greet")["greeting"] == .string("Moin"))
        }
    }
}
