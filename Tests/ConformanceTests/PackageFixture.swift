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

    /// Workers that can be told from those of other tests by their environment.
    static func worker(_ scratch: ScratchDirectory) throws -> WorkerProcess.Program {
        WorkerProcess.Program(
            path: try BuildProducts.path(of: "hearth-worker"),
            environment: ["PATH=/usr/bin:/bin", "MALLOC_ARENA_MAX=2", "TMPDIR=\(scratch.path)"]
        )
    }

    /// Does the checks with these names, and those that they need.
    func check(only names: Set<String>? = nil, settings: JSONValue? = nil) async throws -> ConformanceReport {
        defer { scratch.remove() }
        // The checks look at the clock: only some of them at one time.
        await HostSlots.shared.take()
        let report = await Result {
            try await ConformanceRun.check(
                try Subject(directory: directory),
                path: directory,
                program: try Self.worker(scratch),
                scratch: scratch.path,
                options: ConformanceRun.Options(settings: settings, only: names)
            )
        }
        await HostSlots.shared.give()
        return try report.get()
    }
}

extension Result where Failure == any Error {
    /// What comes of `body`.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension ConformanceReport {
    /// The names of the checks that failed.
    var failed: [String] { results.filter { $0.verdict.word == "fail" }.map(\.name) }
}
