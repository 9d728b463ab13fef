import Glibc
import HostAPI

/// Where the worker program is: installed and built alike, beside `hostd` or in `../libexec/hearth`.
enum WorkerLocation {
    /// - Throws: `internal` if it is in neither place.
    static func besideThisProgram() throws(Failure) -> String {
        guard let resolved = realpath("/proc/self/exe", nil) else {
            throw Failure(.internalError, "the place of hostd itself cannot be found")
        }
        let program = String(cString: resolved)
        free(resolved)
        let directory = program.split(separator: "/").dropLast().joined(separator: "/")
        let candidates = ["/\(directory)/hearth-worker", "/\(directory)/../libexec/hearth/hearth-worker"]
        for candidate in candidates where access(candidate, X_OK) == 0 { return candidate }
        throw Failure(
            .internalError,
            "hearth-worker is not there: looked at \(candidates.joined(separator: " and "))",
            hint: "build or install the whole of Hearth"
        )
    }
}
