import HostAPI
import TestSupport
import Testing

/// `hostctl call`.
@Suite(.hostLogOnFailure)
struct CommandTests {
    /// A well-behaved plugin that runs.
    private func withPlugin(
        _ name: String = #function,
        _ more: String = "",
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.install("well-behaved", more)
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            try await body(host)
        }
    }

    @Test
    func argumentsArriveAndTheResultComesBack() async throws {
        try await withPlugin { host in
            let result = try await host.call("well-behaved", "echo", "level=40", "on=true", "name=Ada", "quoted=\"40\"")
            #expect(
                result
                    == .object([
                        "level": .integer(40), "on": .bool(true), "name": .string("Ada"), "quoted": .string("40"),
                    ])
            )
            #expect(try await host.call("well-behaved/lamp", "echo", "a=1") == .object(["a": .integer(1)]))
        }
    }

    @Test
    func aCommandThatTakesLongerThanAHeartbeatAllowsIsPending() async throws {
        try await withPlugin { host in
            let process = try await host.processID(of: "well-behaved")
            async let slow = host.call("well-behaved", "slow", "ms=2000")
            // Others are answered meanwhile.
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
            let result = try await slow
            #expect(result == .object(["slow": .bool(true)]))
            #expect(try await host.processID(of: "well-behaved") == process)
        }
    }

    @Test
    func aFailureShowsThePluginsWords() async throws {
        try await withPlugin { host in
            let answer = try await host.hostctl("call", "well-behaved", "fail")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("it was told to fail"))
            #expect(answer.output.isEmpty)
        }
    }

    @Test
    func whatIsNotCompleteInTimeEndsWith5() async throws {
        try await withPlugin { host in
            let answer = try await host.hostctl("call", "well-behaved", "never", "--timeout", "500ms")
            #expect(answer.status == 5)
            #expect(answer.errors.contains("never"))
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
        }
    }

    @Test
    func aDevicesUnknownCommandGetsASuggestion() async throws {
        try await withPlugin { host in
            let answer = try await host.hostctl("call", "well-behaved/lamp", "ecko")
            #expect(answer.status == 4)
            #expect(answer.errors.contains("did you mean \"echo\"?"))
            #expect(try await host.hostctl("call", "well-behaved/lampp", "echo").status == 4)
        }
    }

    @Test
    func aDeclaredCommandIsCheckedBeforeItIsSent() async throws {
        let commands = """
            commands:
              - name: echo
                title: Say it again
                arguments:
                  type: object
                  required: [level]
                  properties:
                    level: {type: integer, minimum: 0, maximum: 100}
            """
        try await withPlugin("declared", commands) { host in
            #expect(try await host.call("well-behaved", "echo", "level=40") == .object(["level": .integer(40)]))
            let unknown = try await host.hostctl("call", "well-behaved", "ecko")
            #expect(unknown.status == 4)
            #expect(unknown.errors.contains("did you mean \"echo\"?"))
            let wrong = try await host.hostctl("call", "well-behaved", "echo", "level=400", "leevl=1")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("/level"))
            #expect(wrong.errors.contains("/leevl"))
        }
    }

    @Test
    func whatIsNoArgumentIsWrongUsage() async throws {
        try await withPlugin { host in
            for arguments in [["level"], ["--arguments", "{"], ["--timeout", "11m"], ["level=1", "level=2"]] {
                let answer = try await host.hostctl(["call", "well-behaved", "echo"] + arguments)
                #expect(answer.status == 64, "\(arguments): \(answer.errors)")
            }
        }
    }

    @Test
    func aStoppedPluginTakesNoCommands() async throws {
        try await withPlugin { host in
            #expect(try await host.hostctl("stop", "well-behaved").status == 0)
            let answer = try await host.hostctl("call", "well-behaved", "echo")
            #expect(answer.status == 3)
            #expect(answer.errors.contains("hostctl start well-behaved"))
        }
    }
}
