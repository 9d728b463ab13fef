internal import CLinux
internal import Glibc
package import HostAPI

/// One entry of the drop-in directory that may be a package.
package struct DropInEntry: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case directory
        /// `.tar.gz` or `.tgz`.
        case archive
        /// `.so`, with its manifest inside.
        case sharedObject
    }

    package var name: String
    package var kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// What lies in the drop-in directory.
package enum DropInScan {
    /// Directories, links to directories, `.tar.gz`, `.tgz` and `.so` files, by name; not what is hidden or
    /// partial, and no link into `/proc`, `/sys` or `/dev`.
    ///
    /// - Throws: `internal` if the directory cannot be read: unreadable is not empty.
    package static func entries(in directory: String) throws(Failure) -> [DropInEntry] {
        guard let names = DirectoryListing.names(in: directory) else {
            throw Failure(
                .internalError,
                "the drop-in directory \(directory) cannot be read: \(String(cString: strerror(errno)))",
                hint: "nothing is changed until it can be"
            )
        }
        return names.compactMap { entry($0, in: directory) }
    }

    /// The entry of that name; nil if there is none that may be a package.
    package static func entry(_ name: String, in directory: String) -> DropInEntry? {
        var status = stat()
        let path = "\(directory)/\(name)"
        guard EntryName.isWanted(name), EntryReach(of: path) != .nothing, stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return DropInEntry(name: name, kind: .directory)
        case S_IFREG: return EntryName.kind(name).map { DropInEntry(name: name, kind: $0) }
        default: return nil
        }
    }
}
