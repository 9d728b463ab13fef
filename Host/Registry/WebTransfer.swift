import Synchronization

/// One request of the web.
struct WebRequest: Sendable {
    /// How long it may take.
    enum Patience: Sendable, Equatable {
        /// From the start to the last byte.
        case total(Duration)
        /// Without a byte.
        case silence(Duration)
    }

    var address: WebAddress
    /// "Name: value", each.
    var headers: [String] = []
    var patience: Patience
    /// The server may compress the body.
    var isCompressible: Bool
}

/// The head of an answer.
struct WebAnswer: Sendable, Equatable {
    var status: Int
    var entityTag: String?
    var lastModified: String?
    /// Where to instead, as it is written.
    var location: String?
    /// What the server asks for in `Retry-After`.
    var pause: Duration?
}

/// Takes the body of an answer, on libcurl's thread. A body that comes too late, after nobody wants it, is refused by throwing.
protocol BodyReceiver: Sendable {
    /// Whatever was received belonged to an answer that broke off: another one begins.
    func restart() throws(RegistryProblem)
    func receive(_ bytes: UnsafeRawBufferPointer) throws(RegistryProblem)
}

/// A request under way: the task waits for the ending, libcurl's thread brings it about.
final class WebTransfer: Sendable {
    let request: WebRequest
    let body: any BodyReceiver
    let ending = Pending<Result<WebAnswer, RegistryProblem>>()
    private let cancelled = Atomic(false)

    init(_ request: WebRequest, into body: any BodyReceiver) {
        self.request = request
        self.body = body
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() { cancelled.store(true, ordering: .releasing) }
}

/// The whole body in memory, up to a limit.
final class CollectedBody: BodyReceiver {
    private let bytes = Mutex<[UInt8]>([])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var contents: [UInt8] { bytes.withLock(\.self) }

    func restart() { bytes.withLock { $0 = [] } }

    func receive(_ received: UnsafeRawBufferPointer) throws(RegistryProblem) {
        let copy = Array(received)
        let fits = bytes.withLock { bytes in
            guard bytes.count + copy.count <= limit else { return false }
            bytes += copy
            return true
        }
        guard fits else { throw RegistryProblem(.unusable, "The answer is larger than \(limit >> 20) MiB.") }
    }
}
