import CCurl
import HostAPI

/// One request carried out by libcurl on a thread of its own.
///
/// A thread rather than an event loop: `hostctl` has one or two requests at a time, and libcurl's multi interface on its
/// own thread can be woken, paused and cancelled at once.
enum Transfer {
    /// Starts the request; what comes of it is found in the exchange.
    static func start(_ request: Request, socketPath: SocketPath) -> Exchange {
        let exchange = Exchange()
        guard startThread({ run(request, socketPath, exchange) }) else {
            exchange.ended(.failed(Failure(.internalError, "The system has no thread left for this request.")))
            return exchange
        }
        return exchange
    }

    /// libcurl without TLS: there is none on a Unix socket, and setting it up costs milliseconds.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_NOTHING)) == CURLE_OK

    private static func run(_ request: Request, _ socketPath: SocketPath, _ exchange: Exchange) {
        guard isReady, let multi = curl_multi_init() else {
            return exchange.ended(.failed(Failure(.internalError, "libcurl cannot be set up.")))
        }
        defer { curl_multi_cleanup(multi) }
        guard let easy = curl_easy_init() else {
            return exchange.ended(.failed(Failure(.internalError, "libcurl cannot be set up.")))
        }
        defer { curl_easy_cleanup(easy) }
        let receiver = Receiver(easy: easy, exchange: exchange)
        let headers = configure(easy, request, socketPath, receiver)
        defer { curl_slist_free_all(headers) }

        curl_multi_add_handle(multi, easy)
        exchange.began(multi)
        let result = withExtendedLifetime(receiver) { carryOut(multi, easy, exchange) }
        // Before the handle goes: from here on nobody wakes it any more.
        exchange.ended(
            result == CURLE_OK ? .complete : .failed(failure(result, easy, request, socketPath, exchange))
        )
        curl_multi_remove_handle(multi, easy)
    }

    private static func carryOut(
        _ multi: UnsafeMutableRawPointer,
        _ easy: UnsafeMutableRawPointer,
        _ exchange: Exchange
    ) -> CURLcode {
        while true {
            let orders = exchange.orders()
            if orders.isCancelled { return CURLE_ABORTED_BY_CALLBACK }
            if orders.isToResume { curl_easy_pause(easy, CURLPAUSE_CONT) }
            var running: Int32 = 0
            guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if running == 0 {
                var remaining: Int32 = 0
                guard let message = curl_multi_info_read(multi, &remaining) else { return CURLE_FAILED_INIT }
                return curl_message_result(message)
            }
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
    }

    private static func configure(
        _ easy: UnsafeMutableRawPointer,
        _ request: Request,
        _ socketPath: SocketPath,
        _ receiver: Receiver
    ) -> UnsafeMutablePointer<curl_slist>? {
        curl_easy_set_text(easy, CURLOPT_URL, "http://hearth" + request.target)
        curl_easy_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, socketPath.text)
        curl_easy_set_number(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        curl_easy_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        // No proxy from the environment, no signals (we are not alone in the process), no path clean-up.
        curl_easy_set_text(easy, CURLOPT_PROXY, "")
        curl_easy_set_number(easy, CURLOPT_NOSIGNAL, 1)
        curl_easy_set_number(easy, CURLOPT_PATH_AS_IS, 1)
        curl_easy_set_number(easy, CURLOPT_CONNECTTIMEOUT_MS, 5_000)
        switch request.patience {
        case .total(let duration):
            curl_easy_set_number(easy, CURLOPT_TIMEOUT_MS, Int(duration.milliseconds))
        case .silence(let duration):
            curl_easy_set_number(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
            curl_easy_set_number(easy, CURLOPT_LOW_SPEED_TIME, Int(duration.components.seconds))
        }
        receiver.attach()

        var headers = curl_slist_append(nil, "Accept: application/json, text/event-stream")
        // A body is sent at once: nothing would be saved by asking first.
        headers = curl_slist_append(headers, "Expect:")
        if request.method != .get {
            let body = request.body ?? []
            if request.body != nil { headers = curl_slist_append(headers, "Content-Type: application/json") }
            curl_easy_set_number(easy, CURLOPT_POSTFIELDSIZE, body.count)
            body.withUnsafeBytes { bytes in
                // Copied by libcurl, hence not needed afterwards. Size first: the body may hold zero bytes.
                _ = curl_easy_set_pointer(
                    easy,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
            }
        }
        curl_easy_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        return headers
    }

    private static func failure(
        _ result: CURLcode,
        _ easy: UnsafeMutableRawPointer,
        _ request: Request,
        _ socketPath: SocketPath,
        _ exchange: Exchange
    ) -> Failure {
        let name = request.name
        switch result {
        case CURLE_ABORTED_BY_CALLBACK, CURLE_WRITE_ERROR:
            return Failure(.cancelled, "The request was cancelled: \(name)")
        case CURLE_COULDNT_CONNECT:
            return socketPath.failure(ofConnecting: Int32(curl_easy_get_number(easy, CURLINFO_OS_ERRNO)))
        case CURLE_OPERATION_TIMEDOUT:
            let wait =
                switch request.patience {
                case .total(let duration): "within \(duration.milliseconds) ms"
                case .silence(let duration): "for \(duration.components.seconds) s"
                }
            return Failure(
                .timedOut,
                "hostd at \(socketPath.text) did not answer \(wait): \(name)",
                hint: "What was asked for may still happen: `hostctl status` shows how the host is."
            )
        default:
            return Failure(
                .unreachable,
                "The connection to hostd at \(socketPath.text) broke: \(String(cString: curl_easy_strerror(result)))",
                hint: "Is hostd shutting down? `hostctl status` tells."
            )
        }
    }
}

/// libcurl's callbacks, which run on the transfer's thread.
private final class Receiver {
    private let easy: UnsafeMutableRawPointer
    private let exchange: Exchange

    init(easy: UnsafeMutableRawPointer, exchange: Exchange) {
        self.easy = easy
        self.exchange = exchange
    }

    /// Unretained: whoever runs the transfer keeps the receiver alive until it has ended.
    func attach() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl_easy_set_pointer(easy, CURLOPT_HEADERDATA, context)
        curl_easy_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue().receivedHead(line)
            return size * count
        }
        curl_easy_set_pointer(easy, CURLOPT_WRITEDATA, context)
        curl_easy_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
            switch Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue().exchange.received(body) {
            case .taken: return size * count
            case .pause: return Int(CURL_WRITEFUNC_PAUSE)
            case .abort: return 0
            }
        }
    }

    private func receivedHead(_ line: UnsafeRawBufferPointer) {
        // The empty line ends a head; an interim answer (1xx) is not the one we wait for.
        guard line.elementsEqual("\r\n".utf8) else { return }
        let status = Int(curl_easy_get_number(easy, CURLINFO_RESPONSE_CODE))
        if status >= 200 { exchange.received(status: status) }
    }
}
