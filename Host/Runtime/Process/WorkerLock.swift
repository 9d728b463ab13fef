import CLinux
import Glibc

/// A file that a worker holds locked while it lives, so that two of one plugin can never run at once.
enum WorkerLock {
    /// Makes the file if there is none, and locks it without waiting.
    ///
    /// - Returns: The descriptor, for the worker to inherit; the caller closes its own.
    static func take(_ path: String, of plugin: String) throws(SystemError) -> Int32 {
        let lock = try SystemError.check("open \(path)") { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(lock)
            throw SystemError(operation: "lock \(path), which another worker of \(plugin) still holds", number: number)
        }
        return lock
    }
}
