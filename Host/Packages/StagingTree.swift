import Glibc
import HostAPI

/// The directory that a package is unpacked into. Whatever the names are, nothing outside of it is touched: each is
/// opened below the directory, one part after the other, and no link is followed.
struct StagingTree: ~Copyable {
    let root: OpenFile
    private var kinds: [EntryName: Kind] = [:]

    private enum Kind {
        case file
        case directory
        /// Not listed itself so far, only needed by what is in it.
        case impliedDirectory
    }

    /// Makes the directory, which must not be there yet.
    init(at path: String) throws(Failure) {
        root = try Self.make(path)
    }

    private static func make(_ path: String) throws(Failure) -> OpenFile {
        guard mkdir(path, 0o755) == 0 else {
            guard errno == EEXIST else { throw .system("make the directory", path, errno) }
            throw Failure(.conflict, "\(path) is there already; a package is unpacked into a new directory.")
        }
        let root = try OpenFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        try systemCall("set the mode of", path) { fchmod(root.descriptor, 0o755) }
        return root
    }

    mutating func makeDirectory(_ name: EntryName) throws(PackageRefusal) {
        switch kinds[name] {
        case .file: throw twice(name, "is there as a file and as a directory")
        case .directory: throw twice(name, "is there twice")
        case .impliedDirectory: kinds[name] = .directory
        case nil:
            try makeParents(of: name)
            try make(name)
            kinds[name] = .directory
        }
    }

    /// Makes a file for its owner only; `finish` gives it its mode.
    mutating func makeFile(_ name: EntryName) throws(PackageRefusal) -> OpenFile {
        switch kinds[name] {
        case .file: throw twice(name, "is there twice")
        case .directory, .impliedDirectory: throw twice(name, "is there as a file and as a directory")
        case nil: break
        }
        try makeParents(of: name)
        kinds[name] = .file
        return try inParent(of: name) { (parent, last) throws(Failure) in
            try parent.open(last, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        }
    }

    static func finish(_ file: borrowing OpenFile, isExecutable: Bool) throws(Failure) {
        let descriptor = file.descriptor
        try systemCall("set the mode of", file.path) { fchmod(descriptor, isExecutable ? 0o755 : 0o644) }
    }

    private mutating func makeParents(of name: EntryName) throws(PackageRefusal) {
        for count in 1..<max(name.parts.count, 1) {
            let parent = EntryName(parts: Array(name.parts.prefix(count)))
            switch kinds[parent] {
            case .directory, .impliedDirectory: continue
            case .file: throw twice(name, "needs \(parent.path) to be a directory, but that is a file")
            case nil:
                try make(parent)
                kinds[parent] = .impliedDirectory
            }
        }
    }

    private func make(_ name: EntryName) throws(PackageRefusal) {
        try inParent(of: name) { (parent, last) throws(Failure) in
            let descriptor = parent.descriptor
            try systemCall("make the directory", "\(parent.path)/\(last)") { mkdirat(descriptor, last, 0o700) }
            let made = try parent.open(last, O_RDONLY | O_DIRECTORY)
            try systemCall("set the mode of", made.path) { fchmod(made.descriptor, 0o755) }
        }
    }

    private func inParent<Result: ~Copyable>(
        of name: EntryName,
        _ body: (borrowing OpenFile, String) throws(Failure) -> Result
    ) throws(PackageRefusal) -> Result {
        do throws(Failure) {
            let last = name.parts.last ?? ""
            guard name.parts.count > 1 else { return try body(root, last) }
            var parent = try root.open(name.parts[0], O_RDONLY | O_DIRECTORY)
            for part in name.parts.dropFirst().dropLast() { parent = try parent.open(part, O_RDONLY | O_DIRECTORY) }
            return try body(parent, last)
        } catch {
            throw .failed(error)
        }
    }

    private func twice(_ name: EntryName, _ reason: String) -> PackageRefusal {
        .entry(Array(name.path.utf8), reason + "; each name must be there once")
    }
}
