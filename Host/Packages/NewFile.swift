import Glibc
import HostAPI

/// Files that are there whole or not at all.
enum NewFile {
    /// Writes a file under another name beside it, and gives it its name when it is on the disk.
    ///
    /// - Parameters:
    ///   - bytes: All of it.
    ///   - path: The file; replaced if it is there.
    ///   - mode: Its mode.
    /// - Throws: What the disk says; nothing has changed then.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        try write(to: path, mode: mode) { (file) throws(Failure) in try file.write(bytes) }
    }

    static func write(
        to path: String,
        mode: mode_t,
        _ body: (borrowing OpenFile) throws(Failure) -> Void
    ) throws(Failure) {
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).part"
        do throws(Failure) {
            let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            let descriptor = file.descriptor
            try body(file)
            try systemCall("set the mode of", temporary) { fchmod(descriptor, mode) }
            try file.sync()
            try systemCall("write", path) { rename(temporary, path) }
            try PackageFiles.syncDirectory(PackageFiles.parent(of: path))
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
