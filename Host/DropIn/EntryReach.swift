internal import CLinux
internal import Glibc
internal import Manifests

/// How far an entry of the drop-in directory is looked into. A symbolic link may lead anywhere, to the root of the file
/// system too, so what it leads to has to show first that it is a package.
enum EntryReach: Equatable {
    /// All of it, or it is no directory.
    case whole
    /// Only whether a manifest appears: it is a link to a directory that has none.
    case manifestOnly
    /// Nothing: it is a link that leads nowhere, or to what the kernel makes up.
    case nothing

    /// That of the entry at `path`.
    init(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else {
            self = .whole
            return
        }
        guard let target = Self.resolve(path), !Self.isKernels(target), stat(target, &status) == 0 else {
            self = .nothing
            return
        }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        self = !isDirectory || Self.hasManifest(target) ? .whole : .manifestOnly
    }

    private static func hasManifest(_ directory: String) -> Bool {
        var status = stat()
        return lstat("\(directory)/\(PackageDirectory.manifestName)", &status) == 0
            && status.st_mode & S_IFMT == S_IFREG
    }

    private static func isKernels(_ path: String) -> Bool {
        ["/proc", "/sys", "/dev"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
