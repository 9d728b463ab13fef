import Glibc

/// Where the dynamic loader would find a library for a plugin.
struct LibrarySearch {
    /// The directories that the system's loader looks through.
    var systemDirectories: [String]
    /// Where the libraries of this very program are: Swift's runtime, which the host needs as well.
    var hostDirectories: [String]
    var isThere: (String) -> Bool

    /// That of this machine.
    static var here: LibrarySearch {
        LibrarySearch(
            systemDirectories: configuredDirectories() + ["/lib64", "/usr/lib64", "/lib", "/usr/lib"],
            hostDirectories: directoriesOfThisProgram(),
            isThere: { access($0, R_OK) == 0 }
        )
    }

    /// What became of one library.
    enum Finding: Equatable {
        /// In the package, or in a place that every host has.
        case found
        /// Only in a directory of the machine on which it was built.
        case foundOutside(directory: String)
        case missing
    }

    /// Looks for a library of a plugin whose `.so` is in the directory `origin`.
    func find(_ library: String, runPath: [String], origin: String) -> Finding {
        var outside: String?
        for element in runPath {
            let directory = element.replacing("$ORIGIN", with: origin).replacing("${ORIGIN}", with: origin)
            guard isThere("\(directory)/\(library)") else { continue }
            let isInside = directory == origin || directory.hasPrefix(origin + "/")
            if isInside || hostDirectories.contains(directory) { return .found }
            outside = outside ?? directory
        }
        if systemDirectories.contains(where: { isThere("\($0)/\(library)") }) { return .found }
        return outside.map { .foundOutside(directory: $0) } ?? .missing
    }

    private static func configuredDirectories() -> [String] {
        var files = ["/etc/ld.so.conf"]
        if let directory = opendir("/etc/ld.so.conf.d") {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name.hasSuffix(".conf") { files.append("/etc/ld.so.conf.d/\(name)") }
            }
        }
        return files.compactMap { FileBytes.text($0) }.flatMap { text in
            text.split(separator: "\n").filter { $0.hasPrefix("/") }.map(String.init)
        }
    }

    private static func directoriesOfThisProgram() -> [String] {
        let lines = (FileBytes.text("/proc/self/maps") ?? "").split(separator: "\n")
        let paths = lines.compactMap { line in
            line.firstIndex(of: "/").map { String(line[$0...]) }
        }
        let directories = paths.filter { $0.contains(".so") }.map { path in
            path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        }
        return Array(Set(directories)).sorted()
    }
}
