import Glibc

/// What was built beside the tests.
package enum BuildProducts {
    /// The directory of the test bundle, which runs as a program of its own.
    package static let directory: String = {
        guard let resolved = realpath("/proc/self/exe", nil) else { return "." }
        defer { free(resolved) }
        return "/" + String(cString: resolved).split(separator: "/").dropLast().joined(separator: "/")
    }()

    /// - Throws: If it was not built.
    package static func path(of name: String) throws -> String {
        let path = "\(directory)/\(name)"
        guard access(path, R_OK) == 0 else { throw SystemFailure("\(path), which `swift build` makes") }
        return path
    }
}

/// What lies in the source tree.
package enum SourceTree {
    /// The package's directory.
    package static let directory = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
}
