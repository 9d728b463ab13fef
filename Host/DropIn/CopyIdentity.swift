internal import CLinux
internal import Glibc

/// Which copy an entry of the drop-in directory is: another one of the same name and content is another copy.
package struct CopyIdentity: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64
    /// When the file or directory was made, nanoseconds since 1970; 0 where the file system does not say.
    package var bornNanoseconds: Int64
    /// Of the content; empty if it cannot be read.
    package var packageHash: String

    package init(device: UInt64, inode: UInt64, bornNanoseconds: Int64, packageHash: String) {
        self.device = device
        self.inode = inode
        self.bornNanoseconds = bornNanoseconds
        self.packageHash = packageHash
    }

    /// The copy at `path`; of a symbolic link, what it leads to.
    ///
    /// - Parameters:
    ///   - path: Of an entry.
    ///   - packageHash: Of its content, as `Packages` has it; empty if it cannot be read.
    /// - Returns: nil if it is not there.
    package static func of(_ path: String, packageHash: String) -> CopyIdentity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return CopyIdentity(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            bornNanoseconds: linux_birth(path),
            packageHash: packageHash
        )
    }

    /// Whether it is the same copy with the same content.
    ///
    /// The device is not compared: its number may be another one after the next boot, and then every copy that was
    /// there when its plugin was uninstalled would count as new.
    package func isSame(as other: CopyIdentity) -> Bool {
        inode == other.inode && bornNanoseconds == other.bornNanoseconds && packageHash == other.packageHash
    }
}
