import Glibc
import HostAPI
import Runtime

/// Where the worker program is: beside this one, or in `../libexec/hearth`.
enum WorkerLocation {
    /// - Returns: The program, with what it may see of the environment.
    /// - Throws: If it is not there.
    static func program(at path: String?) throws(Failure) -> WorkerProcess.Program {
        let directory = Files.directoryOfThisProgram
        let candidates =
            path.map { [$0] } ?? ["\(directory)/hearth-worker", "\(directory)/../libexec/hearth/hearth-worker"]
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }), let program = Files.resolve(found) else {
            throw Failure(
                .internalError,
                "hearth-worker is not there: looked at \(candidates.joined(separator: " and "))",
                hint: "build or install the whole of Hearth, or give its path with --worker"
            )
        }
        let names = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]
        let environment = names.compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        return WorkerProcess.Program(
            path: program,
            environment: environment + ["MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no"]
        )
    }
}
