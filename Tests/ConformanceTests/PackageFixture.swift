import Conformance
import HostAPI
import Runtime
import TestSupport

/// A package of one of the fixtures' plugins, in a scratch directory.
struct PackageFixture {
    let scratch: ScratchDirectory
    let directory: String

    /// Puts the fixture's code and a manifest into a directory.
    init(_ id: String, _ more: String = "", manifest: String? = nil) async throws {
        scratch = try ScratchDirectory(named: id)
        directory = try scratch.makeDirectory("package")
        try TextFile.copy(try await FixturePlugins.sharedObject(of: id), to: "\(directory)/\(id).so")
        try TextFile.write(manifest ?? HostFixture.manifest(id, more), to: "\(directory)/plugin.yaml")
    }

    static var worker: WorkerProcess.Program {
        get throws {
            WorkerProcess.Program(
                path: try BuildProducts.path(of: "hearth-worker"),
                environment: ["PATH=/usr/bin:/bin", "MALLOC_ARENA_MAX=2"]
            )
        }
    }

    /// Does the checks with these names, and those that they need.
    func check(only names: Set<String>? = nil, settings: JSONValue? = nil) async throws -> ConformanceReport {
        defer { scratch.remove() }
        return try await ConformanceRun.check(
            try Subject(directory: directory),
            path: directory,
            program: try Self.worker,
            scratch: scratch.path,
            options: ConformanceRun.Options(settings: settings, only: names)
        )
    }
}

extension ConformanceReport {
    /// The names of the checks that failed.
    var failed: [String] { results.filter { $0.verdict.word == "fail" }.map(\.name) }
}
