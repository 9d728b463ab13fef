import Glibc
import HostAPI
import TestSupport
import Testing

/// Programs that the host runs for a plugin.
@Suite(.hostLogOnFailure)
struct ExecTests {
    /// A well-behaved plugin that may run these scripts, each a line of shell, with one argument after `--`.
    private func withPrograms(
        _ name: String,
        _ scripts: [String: String],
        timeout: Int = 20,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            var manifest = "permissions:\n  exec:\n"
            for (script, line) in scripts {
                let path = "\(try host.scratch.makeDirectory("bin"))/\(script)"
                try TextFile.write("#!/bin/sh\n\(line)\n", to: path, mode: 0o755)
                manifest += """
                        \(script):
                          path: \(path)
                          arguments: ["--", "{text}"]
                          placeholders: {text: "[a-z -]{1,20}"}
                          timeout_seconds: \(timeout)
                          output_mb: 1

                    """
            }
            try await host.install("well-behaved", manifest)
            try await host.start()
            try await host.agree(to: "well-behaved")
            try await host.waitFor("well-behaved", .running)
            try await body(host)
        }
    }

    private func outputBytes(_ host: HostFixture) async throws -> Int64? {
        try await host.client.plugin("well-behaved").health?["output_bytes"]?.integerValue
    }

    @Test
    func aDeclaredProgramRunsWithItsArgument() async throws {
        try await withPrograms("declared", ["say": "echo \"$2\"; exit 7"]) { host in
            let result = try await host.call("well-behaved", "run", "program=say", "text=hello")
            #expect(result["exit"] == .integer(7))
            #expect(try await outputBytes(host) == 6)
            // After the `--` it stays an argument.
            _ = try await host.call("well-behaved", "run", "program=say", "text=-rf")
            #expect(try await outputBytes(host) == 10)
        }
    }

    @Test
    func whatIsNotDeclaredOrDoesNotMatchDoesNotRun() async throws {
        try await withPrograms("undeclared", ["say": "echo \"$2\""]) { host in
            let undeclared = try await host.hostctl("call", "well-behaved", "run", "program=rm", "text=hello")
            #expect(undeclared.status != 0)
            #expect(undeclared.errors.contains("declares no program \"rm\""))
            for text in ["text=HELLO", "text=a;b", "text=$(id)"] {
                let answer = try await host.hostctl("call", "well-behaved", "run", "program=say", text)
                #expect(answer.status != 0, "\(text)")
                #expect(answer.errors.contains("text"), "\(text): \(answer.errors)")
            }
            #expect(try await outputBytes(host) == 0)
        }
    }

    @Test
    func aProgramThatTakesTooLongIsKilledWithItsChildren() async throws {
        let script = "(setsid sleep 600 & sleep 600) & sleep 600"
        try await withPrograms("timeout", ["linger": script], timeout: 1) { host in
            let result = try await host.call("well-behaved", "run", "program=linger", "text=x")
            #expect(result["reason"] == .string("timeout"))
            try await eventually("only the worker is left") { host.processes().count == 1 }
        }
    }

    @Test
    func aProgramEndsWithThePluginThatAskedForIt() async throws {
        try await withPrograms("stopped", ["linger": "sleep 600 & sleep 600"]) { host in
            async let run = host.hostctl("call", "well-behaved", "run", "program=linger", "text=x")
            try await eventually("it runs") { host.processes().count > 2 }
            #expect(try await host.hostctl("stop", "well-behaved").status == 0)
            try await eventually("nothing is left") { host.processes().isEmpty }
            let status = try await run.status
            #expect(status != 0)
        }
    }

    @Test
    func whoHangsUpDoesNotEndWhatWasBegun() async throws {
        try await withPrograms("hang up", ["linger": "sleep 600 & sleep 600"]) { host in
            let caller = try host.follow(["call", "well-behaved", "run", "program=linger", "text=x"])
            try await eventually("it runs") { host.processes().count > 2 }
            caller.send(signal: SIGINT)
            #expect(try await caller.wait() == .signal(SIGINT))
            #expect(host.processes().count > 2)
            _ = try await host.call("well-behaved", "cancel")
            try await eventually("only the worker is left") { host.processes().count == 1 }
            try await eventually("its end is known") {
                try await host.hostctl("events").output.contains("well-behaved run: done")
            }
        }
    }

    @Test
    func moreOutputThanAllowedEndsIt() async throws {
        try await withPrograms("output", ["shout": "exec yes"]) { host in
            let result = try await host.call("well-behaved", "run", "program=shout", "text=x")
            #expect(result["reason"] == .string("output"))
            #expect(try await outputBytes(host) == 1 << 20)
        }
    }

    @Test
    func aProgramDiesWithAKilledHost() async throws {
        try await withPrograms("killed", ["linger": "sleep 600 & sleep 600"]) { host in
            async let run = host.hostctl("call", "well-behaved", "run", "program=linger", "text=x")
            try await eventually("it runs") { host.processes().count > 2 }
            try host.killHost()
            try await eventually("nothing is left") { host.processes().isEmpty }
            let status = try await run.status
            #expect(status == 6)
        }
    }
}
