import FoundationEssentials
import Glibc
import HostAPI

/// The last good index of a registry, on disk: the host knows it again after a restart. A cache: it may be lost at any time.
struct IndexFile: Sendable {
    /// What the file holds.
    private struct Contents: Codable {
        var cache: Int
        /// Which index it is.
        var address: String
        var fetchedAt: Timestamp
        var validators: Validators
        /// As it came, so that it is checked again when it is read.
        var text: String
    }

    private static let format = 1

    let path: String
    let address: WebAddress

    init(_ address: WebAddress, in directory: String) {
        self.address = address
        path = "\(directory)/registry-\(Hexadecimal.sha256(of: address.text).prefix(16)).json"
    }

    /// Nil if there is none, or it is damaged, or of another index.
    func load() -> CachedCopy<PluginIndex>.Copy? {
        let body = CollectedBody(limit: 2 * IndexText.sizeLimit + (1 << 16))
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let (directory, name) = (String(path[..<slash]), String(path[slash...].dropFirst()))
        let isRead =
            (try? LocalFile.read(directory, name) { (bytes) throws(RegistryProblem) in try body.receive(bytes) }) != nil
        guard isRead, let contents = try? JSONDecoder().decode(Contents.self, from: Data(body.contents)),
            contents.cache == Self.format, contents.address == address.text, contents.validators.isPlain,
            let index = try? DocumentReader.index(.init(file: .web(address), bytes: Array(contents.text.utf8)))
        else { return nil }
        return .init(value: index, validators: contents.validators, confirmedAt: contents.fetchedAt)
    }

    /// Replaces the file. That it cannot be written costs one request after the next start, and nobody is told.
    func save(_ text: [UInt8], _ validators: Validators, at now: Timestamp) {
        let contents = Contents(
            cache: Self.format,
            address: address.text,
            fetchedAt: now,
            validators: validators,
            text: String(decoding: text, as: UTF8.self)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(contents) else { return }
        let partial = path + ".new"
        unlink(partial)
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        let isWritten = close(descriptor) == 0 && rest.isEmpty
        if !isWritten || rename(partial, path) != 0 { unlink(partial) }
    }
}

extension Validators {
    /// They go into the head of a request: a line of the file must not become two there.
    fileprivate var isPlain: Bool {
        [entityTag, lastModified].allSatisfy {
            $0?.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } ?? true
        }
    }
}
