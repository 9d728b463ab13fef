import Conformance
import Glibc
import HostAPI
import TestSupport
import Testing

/// Plugins that keep the rules pass all checks.
@Suite(.serialized) struct GoodPluginTests {
    @Test func theTemplateInCPasses() async throws {
        let scratch = try ScratchDirectory(named: "templateC")
        defer { scratch.remove() }
        let package = try scratch.makeDirectory("package")
        let make = try Program(
            "/usr/bin/env",
            ["make", "-C", "\(SourceTree.directory)/Plugins/Templates/C", "PACKAGE=\(package)", "CFLAGS=-O2"],
            environment: ["PATH": "/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "make"
        )
        try #require(await make.wait() == .status(0), "\(make.errors)")
        try await expectPassed(package, scratch)
    }

    @Test func theTemplateInSwiftPasses() async throws {
        try await expectPassed(built: "libtemplate-swift.so", manifest: "Plugins/Templates/Swift/plugin.yaml")
    }

    /// Where it would search for devices is fixed, so that it stays on this machine.
    @Test func kasaPasses() async throws {
        let settings = JSONValue.object([
            "discovery_interval_seconds": .integer(0),
            "discovery_addresses": .array([.string("127.0.0.1")]),
            "hosts": .array([.string("127.0.0.1")]),
        ])
        try await expectPassed(built: "libkasa.so", manifest: "manifests/kasa.yaml", settings: settings)
    }

    private func expectPassed(built library: String, manifest: String, settings: JSONValue? = nil) async throws {
        let scratch = try ScratchDirectory(named: library)
        defer { scratch.remove() }
        let package = try scratch.makeDirectory("package")
        let path = "\(SourceTree.directory)/\(manifest)"
        let text = try #require(TextFile.contents(path))
        let entry = try #require(text.split(separator: "\n").first { $0.hasPrefix("entry: ") }).dropFirst(7)
        try TextFile.write(text, to: "\(package)/plugin.yaml")
        try TextFile.copy(try BuildProducts.path(of: library), to: "\(package)/\(entry)")
        try await expectPassed(package, scratch, settings: settings)
    }

    private func expectPassed(
        _ package: String,
        _ scratch: ScratchDirectory,
        settings: JSONValue? = nil
    ) async throws {
        let report = try await ConformanceRun.check(
            try Subject(directory: package),
            path: package,
            program: try PackageFixture.worker(scratch),
            scratch: scratch.path,
            options: ConformanceRun.Options(settings: settings)
        )
        let bad = report.results.filter { $0.verdict.word == "fail" || $0.verdict.word == "skipped" }
        #expect(bad.isEmpty, "\(bad.map { "\($0.name): \($0.verdict)" })")
    }
}
