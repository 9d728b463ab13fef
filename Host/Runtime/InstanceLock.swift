import CLinux
import Glibc
package import HostAPI

/// Keeps a second host from working in the same root directory. Held until the process ends.
package final class InstanceLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `conflict`, naming the process that holds the root.
    package init(layout: RootLayout) throws(Failure) {
        let path = layout.hostLockPath
        do {
            descriptor = try SystemError.check("open \(path)") { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        } catch {
            throw error.failure
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = max(0, read(descriptor, &bytes, bytes.count))
            let holder = String(decoding: bytes[..<count], as: UTF8.self).filter(\.isNumber)
            close(descriptor)
            throw Failure(
                .conflict,
                "another hostd\(holder.isEmpty ? "" : " (process \(holder))") already runs in \(layout.root)",
                hint: "use that one (`hostctl status`), or choose another root with --root"
            )
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
    }

    deinit {
        close(descriptor)
    }
}
