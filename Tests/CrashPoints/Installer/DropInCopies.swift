internal import Glibc
internal import HostAPI
internal import Store

/// The copies of a plugin that lie in `plugins.d`: here they have its name.
struct DropInCopies {
    let root: String

    func of(_ plugin: String) -> [DropInRecord] {
        var status = stat()
        guard lstat("\(root)/plugins.d/\(plugin)", &status) == 0 else { return [] }
        return [
            DropInRecord(
                name: plugin,
                device: UInt64(status.st_dev),
                inode: UInt64(status.st_ino),
                born: 0,
                packageHash: "",
                plugin: plugin,
                version: "",
                state: .ignored,
                seen: .now
            )
        ]
    }
}
