import Crypto
import Glibc
import HostAPI
import Packages
import Synchronization

/// The file that a package is written into while it comes in, hashed on the way. It is whole and right, or it is not there.
final class PackageFile: BodyReceiver {
    private struct State {
        /// -1 when the file is closed.
        var descriptor: Int32
        var hash = SHA256()
        var count: Int64 = 0
        var reported: Int64 = 0
    }

    private static let reportingStep: Int64 = 1 << 18

    private let path: String
    private let release: PackageRelease
    private let progress: @Sendable (Int64) -> Void
    private let state: Mutex<State>

    /// Makes the file.
    ///
    /// - Throws: If it cannot be made, or is there already.
    init(
        _ path: String,
        for release: PackageRelease,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(RegistryProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.problem("make", path) }
        state = Mutex(State(descriptor: descriptor))
        self.path = path
        self.release = release
        self.progress = progress
    }

    deinit { discard() }

    func restart() throws(RegistryProblem) {
        let isEmpty = state.withLock { state in
            state.hash = SHA256()
            state.count = 0
            state.reported = 0
            return ftruncate(state.descriptor, 0) == 0 && lseek(state.descriptor, 0, SEEK_SET) == 0
        }
        guard isEmpty else { throw Self.problem("empty", path) }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(RegistryProblem) {
        // Only its address crosses into the lock; it is used up before this function ends.
        let address = UInt(bitPattern: bytes.baseAddress)
        let length = bytes.count
        let result = state.withLock { state -> Result<Int64?, RegistryProblem> in
            let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: length)
            return self.take(bytes, &state)
        }
        if let count = try result.get() { progress(count) }
    }

    /// Nil if it is not yet time to tell how many bytes are there.
    private func take(_ bytes: UnsafeRawBufferPointer, _ state: inout State) -> Result<Int64?, RegistryProblem> {
        guard state.descriptor >= 0 else { return .failure(.cancelled) }
        guard state.count + Int64(bytes.count) <= release.size else {
            return .failure(mismatch("larger than the \(release.size) bytes of the index"))
        }
        state.hash.update(bufferPointer: bytes)
        var rest = bytes
        while !rest.isEmpty {
            let count = write(state.descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .failure(Self.problem("write", path)) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        state.count += Int64(bytes.count)
        guard state.count - state.reported >= Self.reportingStep else { return .success(nil) }
        state.reported = state.count
        return .success(state.count)
    }

    /// Checks what has come, and closes the file.
    ///
    /// - Throws: `different` if it is not what the index describes. The file is gone then.
    func finish() throws(RegistryProblem) {
        let (count, digest) = state.withLock { ($0.count, $0.hash.finalize()) }
        guard count == release.size else {
            throw mismatch("\(count) bytes long, and the index says \(release.size)")
        }
        let sha256 = Hexadecimal.digits(digest)
        guard sha256 == release.sha256 else {
            throw mismatch("different: its SHA-256 is \(sha256), and the index says \(release.sha256)")
        }
        let result = state.withLock { state in
            defer { state.descriptor = -1 }
            return close(state.descriptor)
        }
        // Nobody removes it from here on: a failure that comes this late leaves no half a file behind.
        guard result == 0 else {
            defer { unlink(path) }
            throw Self.problem("write", path)
        }
        progress(count)
    }

    /// Removes the file, unless it was finished.
    func discard() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            unlink(path)
            close(state.descriptor)
            state.descriptor = -1
        }
    }

    private func mismatch(_ what: String) -> RegistryProblem {
        RegistryProblem(
            .different,
            "The package of \(release.id) \(release.version) at \(release.location) is \(what).",
            hint: "It was not kept. Whoever publishes it has to put the file and the index in order"
        )
    }

    private static func problem(_ verb: String, _ path: String) -> RegistryProblem {
        RegistryProblem(.local, "Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}
