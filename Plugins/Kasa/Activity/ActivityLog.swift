import Glibc
import Synchronization

/// A file of lines that cannot fill the disk: once it has grown to the limit it is put aside as `activity.log.1`, in
/// place of the one before, and a new one is begun.
final class ActivityLog: Sendable {
    private struct State {
        var descriptor: Int32
        var size: Int
    }

    private let path: String
    private let limit: Int
    private let state: Mutex<State?>

    /// - Parameters:
    ///   - directory: where `activity.log` is.
    ///   - limit: the size in bytes at which it is put aside.
    init(in directory: String, limit: Int = 1_000_000) {
        path = directory + "/activity.log"
        self.limit = limit
        state = Mutex(nil)
    }

    deinit {
        if let state = state.withLock(\.self) { close(state.descriptor) }
    }

    /// Appends a line. A disk that is full or broken loses it: the same is in the host's log.
    func append(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        state.withLock { state in
            if let full = state, full.size + bytes.count > limit {
                close(full.descriptor)
                rename(path, path + ".1")
                state = nil
            }
            state = state ?? opened()
            guard let descriptor = state?.descriptor else { return }
            let written = write(descriptor, bytes, bytes.count)
            state?.size += max(written, 0)
        }
    }

    private func opened() -> State? {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let size = lseek(descriptor, 0, SEEK_END)
        return State(descriptor: descriptor, size: Int(size))
    }
}
