import CCurl
import HostAPI
import Synchronization

/// Carries out requests over libcurl, all of them on one thread, which is there while there is something to do.
final class WebClient: Sendable {
    /// What libcurl is told beside the request.
    struct Options: Sendable {
        var userAgent: String
        /// A file with the certificates of the authorities to trust; nil: the system's.
        var authorities: String?
        var connectPatience: Duration = .seconds(5)
    }

    private struct State {
        var arrivals: [WebTransfer] = []
        var isRunning = false
        /// libcurl's handle while the thread runs: only for waking it.
        var multi: UnsafeMutableRawPointer?
    }

    private let options: Options
    private let state = Mutex(State())

    init(_ options: Options) {
        self.options = options
    }

    /// Carries out one request, without following where the answer leads.
    ///
    /// - Throws: If there is no answer, or the receiver refuses it, or the task is cancelled.
    func carryOut(_ request: WebRequest, into body: any BodyReceiver) async throws(RegistryProblem) -> WebAnswer {
        guard !Task.isCancelled else { throw .cancelled }
        let transfer = WebTransfer(request, into: body)
        start(transfer)
        let result = await withTaskCancellationHandler {
            await transfer.ending.value()
        } onCancel: {
            transfer.cancel()
            wake()
        }
        guard let result else { throw .cancelled }
        return try result.get()
    }

    private func start(_ transfer: WebTransfer) {
        let isToStart = state.withLock { state in
            state.arrivals.append(transfer)
            guard state.isRunning else {
                state.isRunning = true
                return true
            }
            if let multi = state.multi { curl_multi_wakeup(multi) }
            return false
        }
        guard isToStart, !startThread({ self.run() }) else { return }
        giveUp("The system has no thread left for a request to the registry.")
    }

    private func wake() {
        // Of libcurl's functions this one may be called from any thread.
        state.withLock { state in
            if let multi = state.multi { _ = curl_multi_wakeup(multi) }
        }
    }

    private func giveUp(_ message: String) {
        let transfers = state.withLock { state in
            state.isRunning = false
            defer { state.arrivals = [] }
            return state.arrivals
        }
        for transfer in transfers { transfer.ending.fulfil(.failure(RegistryProblem(.local, message))) }
    }

    // MARK: The thread

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// How long the thread and its connections stay without work: the next request is often there at once.
    private static let idleLimit: Int32 = 2_000

    private func run() {
        guard Self.isReady, let multi = curl_multi_init() else { return giveUp("libcurl cannot be set up.") }
        // The pointer is only ever used under the lock, and is taken out before the handle is freed.
        let address = UInt(bitPattern: multi)
        state.withLock { $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
        var active: [UnsafeMutableRawPointer: WebExchange] = [:]
        repeat {
            repeat {
                admit(to: multi, &active)
                carryOn(multi, &active)
                // Ends early when something arrives or is cancelled.
                curl_multi_poll(multi, nil, 0, Self.wait(for: active.values), nil)
            } while !active.isEmpty
        } while !isEnd()
        curl_multi_cleanup(multi)
    }

    /// Milliseconds until there is something to do, should nothing happen before.
    private static func wait(for active: some Collection<WebExchange>) -> Int32 {
        guard !active.isEmpty else { return idleLimit }
        let now = ContinuousClock.now
        let left = active.compactMap { $0.patienceLeft(at: now)?.milliseconds }.min() ?? 60_000
        return Int32(min(left, 60_000)) + 1
    }

    /// True if nothing has arrived: then the thread is as good as gone, and the next request starts another.
    private func isEnd() -> Bool {
        state.withLock { state in
            guard state.arrivals.isEmpty else { return false }
            state.isRunning = false
            state.multi = nil
            return true
        }
    }

    private func admit(to multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: WebExchange]) {
        let arrivals = state.withLock { state in
            defer { state.arrivals = [] }
            return state.arrivals
        }
        for transfer in arrivals {
            guard let exchange = WebExchange(transfer, options) else {
                transfer.ending.fulfil(.failure(RegistryProblem(.local, "libcurl cannot be set up.")))
                continue
            }
            curl_multi_add_handle(multi, exchange.easy)
            active[exchange.easy] = exchange
        }
    }

    private func carryOn(_ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: WebExchange]) {
        let now = ContinuousClock.now
        for (easy, exchange) in active {
            let isCancelled = exchange.transfer.isCancelled
            guard isCancelled || exchange.patienceLeft(at: now) == .zero else { continue }
            curl_multi_remove_handle(multi, easy)
            active[easy] = nil
            exchange.transfer.ending.fulfil(.failure(isCancelled ? .cancelled : exchange.silence))
        }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard let easy = message.pointee.easy_handle, let exchange = active.removeValue(forKey: easy) else {
                continue
            }
            let result = curl_message_result(message)
            curl_multi_remove_handle(multi, easy)
            exchange.transfer.ending.fulfil(exchange.outcome(result))
        }
    }
}
