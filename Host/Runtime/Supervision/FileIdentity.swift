import Glibc

/// What tells a file from another one of the same name without reading it. Not the time of its last status change: a
/// new hard link to the file would alter that.
struct FileIdentity: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: Int64

    init(ofFile path: String) throws(SystemError) {
        var information = stat()
        try SystemError.check("stat \(path)") { stat(path, &information) }
        device = UInt64(information.st_dev)
        inode = UInt64(information.st_ino)
        size = Int64(information.st_size)
        modified = Int64(information.st_mtim.tv_sec) * 1_000_000_000 + Int64(information.st_mtim.tv_nsec)
    }
}
