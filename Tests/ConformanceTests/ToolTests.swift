import Glibc
import HostAPI
import TestSupport
import Testing

/// The program `hearth-plugin` as a user runs it.
@Suite(.serialized) struct ToolTests {
    @Test func itChecksADirectoryAnArchiveAndASharedObject() async throws {
        let package = try await PackageFixture("well-behaved")
        defer { package.scratch.remove() }
        let archive = "\(package.scratch.path)/it.tar.gz"
        let object = "\(package.scratch.path)/it.so"
        #expect(try await run(["pack", package.directory, "-o", archive], package.scratch).exit == .status(0))
        #expect(
            try await run(["pack", "--embed", package.directory, "-o", object], package.scratch).exit == .status(0)
        )
        for path in [package.directory, archive, object] {
            let result = try await run(["check", path, "-o", "json", "--only", "stop"], package.scratch)
            #expect(result.exit == .status(0), "\(result.errors)")
            let report = try JSONValue(parsing: result.output)
            #expect(report["plugin"] == .string("well-behaved"))
            #expect(report["passed"] == .bool(true))
            #expect(report["checks"]?.arrayValue?.count == 5)
        }
    }

    @Test func theStatusTellsWhatHappened() async throws {
        let package = try await PackageFixture("exports-two")
        defer { package.scratch.remove() }
        let failed = try await run(["check", package.directory, "--only", "exports"], package.scratch)
        #expect(failed.exit == .status(2))
        #expect(failed.output.contains("it also exports helpful"))
        #expect(failed.output.contains("→ link with"))
        #expect(try await run(["check", "/nowhere"], package.scratch).exit == .status(78))
        #expect(try await run(["check"], package.scratch).exit == .status(64))
        #expect(try await run(["check", package.directory, "--only", "nonsense"], package.scratch).exit == .status(64))
    }

    @Test func everyMistakeOfTheManifestIsShownWithItsPlace() async throws {
        let package = try await PackageFixture("well-behaved", manifest: "manifest: 1\nid: Well\nverison: 1.0.0\n")
        defer { package.scratch.remove() }
        let result = try await run(["check", package.directory], package.scratch)
        #expect(result.exit == .status(2))
        #expect(result.output.contains("plugin.yaml:2:5:"))
        #expect(result.output.contains("plugin.yaml:3:1:"))
        #expect(result.output.contains("the manifest cannot be used"))
    }

    @Test func settingsThatAreMissingAreAskedFor() async throws {
        let schema = """
            settings:
              type: object
              required: [key]
              properties:
                key: {type: string, pattern: '^[0-9a-f]{32}$'}
            """
        let package = try await PackageFixture("well-behaved", schema)
        defer { package.scratch.remove() }
        let without = try await run(["check", package.directory, "--only", "start"], package.scratch)
        #expect(without.exit == .status(2))
        #expect(without.output.contains("/key"))
        #expect(without.output.contains("--settings FILE"))
        let file = "\(package.scratch.path)/settings.yaml"
        try TextFile.write("key: \"\(String(repeating: "0", count: 32))\"\n", to: file)
        let arguments = ["check", package.directory, "--only", "start", "--settings", file]
        #expect(try await run(arguments, package.scratch).exit == .status(0))
    }

    @Test func aNewPluginInCBuildsAndPasses() async throws {
        let scratch = try ScratchDirectory(named: "newPlugin")
        defer { scratch.remove() }
        let directory = "\(scratch.path)/radio-2"
        let made = try await run(["new", "radio-2", "--language", "c", directory], scratch)
        #expect(made.exit == .status(0), "\(made.errors)")
        let make = try Program(
            "/usr/bin/env",
            ["make", "-C", directory],
            environment: ["PATH": "/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "make"
        )
        try #require(await make.wait() == .status(0), "\(make.errors)")
        let result = try await run(["check", "\(directory)/package", "--only", "identity"], scratch)
        #expect(result.exit == .status(0), "\(result.output)")
        #expect(result.output.contains("radio-2 1.0.0"))
    }

    @Test(arguments: ["swift", "c", "rust"])
    func nothingInANewPluginSpeaksOfTheTemplate(language: String) async throws {
        let scratch = try ScratchDirectory(named: "new\(language)")
        defer { scratch.remove() }
        let directory = "\(scratch.path)/radio-2"
        #expect(try await run(["new", "radio-2", "--language", language, directory], scratch).exit == .status(0))
        let again = try await run(["new", "radio-2", "--language", language, directory], scratch)
        #expect(again.exit == .status(10))
        #expect(again.errors.contains("not empty"))
        let search = try Program(
            "/usr/bin/env",
            ["grep", "-ril", "template", directory],
            environment: ["PATH": "/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "grep"
        )
        _ = try await search.wait()
        // The kit is copied as it is.
        let files = search.output.split(separator: "\n").filter { !$0.contains("/PluginAPI/") }
        #expect(files == [])
    }

    @Test func whoeverInterruptsItLeavesNothingBehind() async throws {
        let package = try await PackageFixture("hangs-in-start")
        defer { package.scratch.remove() }
        let temporary = try package.scratch.makeDirectory("tmp")
        let program = try Program(
            try BuildProducts.path(of: "hearth-plugin"),
            ["check", package.directory],
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": temporary],
            outputIn: package.scratch.path,
            label: "interrupted"
        )
        let workers = { ProcessTable.all().filter { ProcessTable.environment(of: $0).contains("TMPDIR=\(temporary)") } }
        try await eventually("a worker") { workers().count > 1 ? true : nil }
        program.send(signal: SIGINT)
        #expect(try await program.wait() == .status(130))
        try await eventually("the end of all workers") { workers().isEmpty ? true : nil }
        #expect(rmdir(temporary) == 0)
    }

    @Test func anIDIsCheckedBeforeAnythingIsMade() async throws {
        let scratch = try ScratchDirectory(named: "badID")
        defer { scratch.remove() }
        #expect(try await run(["new", "../Radio", "\(scratch.path)/new"], scratch).exit == .status(64))
        #expect(access("\(scratch.path)/new", F_OK) != 0)
    }

    private func run(
        _ arguments: [String],
        _ scratch: ScratchDirectory
    ) async throws -> (exit: Program.Exit, output: String, errors: String) {
        let temporary = try scratch.makeDirectory("tmp")
        let program = try Program(
            try BuildProducts.path(of: "hearth-plugin"),
            arguments,
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": temporary],
            outputIn: scratch.path,
            label: "tool-\(UInt32.random(in: 0 ... .max))"
        )
        let exit = try await program.wait()
        // Nothing is left of what it unpacked, and of what the plugin wrote.
        #expect(rmdir(temporary) == 0)
        return (exit, program.output, program.errors)
    }
}
