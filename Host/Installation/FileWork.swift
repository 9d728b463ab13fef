internal import Dispatch

/// Work that waits for the disk, kept off the threads that everything else shares.
package enum FileWork {
    private static let queue = DispatchQueue(label: "installation.files", attributes: .concurrent)

    package static func run<Value: Sendable, Problem: Error>(
        _ body: @escaping @Sendable () throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, Problem>, Never>) in
            queue.async { continuation.resume(returning: Result { () throws(Problem) in try body() }) }
        }
        return try result.get()
    }
}
