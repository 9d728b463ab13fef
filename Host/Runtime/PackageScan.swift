import Glibc
import HostAPI
import Manifests

/// What lies in the drop-in directory.
struct PackageScan {
    struct Finding {
        /// The manifest's id, or the directory's name if there is none.
        let id: String
        let directory: String
        /// Why it cannot be the plugin of that id.
        let problem: (outcome: LoadOutcome, failure: Failure)?
    }

    /// The packages in a directory, by their directories' names; of two with one id the first counts, and both are named.
    ///
    /// - Throws: `internal` if the directory cannot be read: unreadable is not empty.
    static func findings(in directory: String) throws(Failure) -> [Finding] {
        var findings: [Finding] = []
        var known: [String: String] = [:]
        for name in try directories(in: directory) {
            let path = "\(directory)/\(name)"
            do throws(PackageError) {
                let id = try PackageDirectory.readManifest(path).id.text
                guard let first = known[id] else {
                    known[id] = name
                    findings.append(Finding(id: id, directory: path, problem: nil))
                    continue
                }
                let failure = Failure(
                    .conflict,
                    "\(path) says that it is \(id), and so does \(directory)/\(first), which is used",
                    hint: "remove one of them"
                )
                findings.append(Finding(id: name, directory: path, problem: (.badManifest, failure)))
            } catch {
                findings.append(Finding(id: name, directory: path, problem: (error.outcome, error.failure)))
            }
        }
        // A directory that happens to be called like another's plugin must not hide it.
        return findings.filter { finding in finding.problem == nil || known[finding.id] == nil }
    }

    private static func directories(in directory: String) throws(Failure) -> [String] {
        guard let handle = opendir(directory) else {
            throw Failure(SystemError(operation: "read \(directory)", number: errno))
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var information = stat()
            if stat("\(directory)/\(name)", &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
                names.append(name)
            }
        }
        return names.sorted()
    }
}
