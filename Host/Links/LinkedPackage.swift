internal import CLinux
internal import Glibc
package import HostAPI
package import Manifests

/// A plugin as it lies in its author's directory, after a build.
package struct LinkedPackage: Sendable, Equatable {
    /// Where builds leave their products, below the author's directory.
    package static let buildDirectories = [
        ".build/debug", ".build/release", "target/debug", "target/release", "build", "builddir", "out",
    ]

    /// Absolute, without symbolic links.
    package var directory: String
    package var manifest: Manifest
    package var manifestPath: String
    /// The manifest's entry, whatever the build calls it.
    package var codePath: String
    /// The directory `resources` beside the manifest; nil if there is none.
    package var resourcesPath: String?

    /// Finds the parts of the package.
    ///
    /// - Parameter directory: The author's: `plugin.yaml` is in it, and the code beside it or where builds leave it.
    /// - Returns: Where everything is.
    /// - Throws: `invalid-argument`, naming what was looked for, and where.
    package static func resolve(_ directory: String) throws(Failure) -> LinkedPackage {
        guard let resolved = realpath(directory, nil) else {
            throw Failure(
                .invalidArgument,
                "the directory \(directory) cannot be linked: \(String(cString: strerror(errno)))"
            )
        }
        defer { free(resolved) }
        let root = String(cString: resolved)
        guard isKind(S_IFDIR, root) else {
            throw Failure(.invalidArgument, "\(root) cannot be linked: it is not a directory")
        }
        let manifest: Manifest
        do throws(PackageError) {
            manifest = try PackageDirectory.readManifest(root)
        } catch {
            throw error.failure
        }
        let resources = "\(root)/resources"
        return LinkedPackage(
            directory: root,
            manifest: manifest,
            manifestPath: "\(root)/\(PackageDirectory.manifestName)",
            codePath: try code(of: manifest, in: root),
            resourcesPath: isKind(S_IFDIR, resources) ? resources : nil
        )
    }

    /// What a build may call the entry: Swift and Rust put `lib` before it, and one of them knows no hyphen.
    package static func names(of entry: String) -> [String] {
        let spellings = [
            entry, String(entry.map { $0 == "-" ? "_" : $0 }), String(entry.map { $0 == "_" ? "-" : $0 }),
        ]
        var names: [String] = []
        for name in spellings + spellings.map({ "lib\($0)" }) where !names.contains(name) { names.append(name) }
        return names
    }

    private static func code(of manifest: Manifest, in root: String) throws(Failure) -> String {
        let beside = "\(root)/\(manifest.entry)"
        if isKind(S_IFREG, beside) { return beside }
        let names = names(of: manifest.entry)
        let candidates = ([""] + buildDirectories.map { "/\($0)" }).flatMap { place in
            names.map { "\(root)\(place)/\($0)" }
        }
        let found = candidates.compactMap { path in modified(path).map { (path: path, modified: $0) } }
        // Of equally old ones the first: a later one has to be newer.
        var newest = found.first
        for candidate in found {
            if let best = newest, best.modified.lexicographicallyPrecedes(candidate.modified) { newest = candidate }
        }
        guard let newest else {
            throw Failure(
                .invalidArgument,
                """
                the code of \(manifest.id) was not found: looked for \(names.joined(separator: ", ")) in \(root) and, \
                below it, in \(buildDirectories.joined(separator: ", "))
                """,
                hint: "build the plugin first, or put \(manifest.entry) beside plugin.yaml"
            )
        }
        return newest.path
    }

    /// When a regular file was last written.
    private static func modified(_ path: String) -> [Int]? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }

    private static func isKind(_ kind: mode_t, _ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == kind
    }
}
