import CLinux
import Glibc
package import HostAPI

/// The form in which a package lies at a path.
package enum PackageSource: Sendable, Equatable {
    case directory(String)
    /// A `.tar.gz`.
    case archive(String)
    /// One `.so` with its manifest in it.
    case sharedObject(String)

    /// Tells from the content of what is there which form it has; names lie.
    ///
    /// - Parameter path: Of a directory or a file; a link to either is followed.
    /// - Throws: What is there instead, and what would be right.
    package init(path: String) throws(Failure) {
        // Not blocking: it may be a named pipe.
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
        let status = try file.status()
        switch status.st_mode & S_IFMT {
        case S_IFDIR: self = .directory(path)
        case S_IFREG: self = try Self.form(of: path, start: try file.read(at: 0, count: 512))
        default: throw Self.refusal(path, "is neither a directory nor a file")
        }
    }

    package var path: String {
        switch self {
        case .directory(let path), .archive(let path), .sharedObject(let path): path
        }
    }

    private static func form(of path: String, start: [UInt8]) throws(Failure) -> PackageSource {
        if start.isEmpty { throw refusal(path, "is empty") }
        if start.starts(with: [0x1F, 0x8B]) { return .archive(path) }
        if start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            _ = try EmbeddedManifest.read(path)
            return .sharedObject(path)
        }
        for (magic, name) in others where start.starts(with: magic) {
            throw refusal(path, "is compressed with \(name), not with gzip")
        }
        if start.count == 512, start[257..<262].elementsEqual("ustar".utf8) {
            throw refusal(path, "is a tar archive that is not compressed")
        }
        throw refusal(path, "is not a package")
    }

    private static let others: [(magic: [UInt8], name: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "zip"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
        ([0x42, 0x5A, 0x68], "bzip2"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0x37, 0x7A, 0xBC, 0xAF], "7-Zip"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4"),
    ]

    private static func refusal(_ path: String, _ reason: String) -> Failure {
        Failure(
            .invalidArgument,
            "\(path.shownInMessage) \(reason).",
            hint: "a package is a directory, a .tar.gz, or a .so that carries its manifest; "
                + "`hostctl plugin pack DIRECTORY` makes a .tar.gz"
        )
    }
}
