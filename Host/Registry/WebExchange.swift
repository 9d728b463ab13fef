import CCurl
import HostAPI

/// One request in libcurl's hands. Lives on its thread only.
final class WebExchange {
    let easy: UnsafeMutableRawPointer
    let transfer: WebTransfer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let reason = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// When the server was last heard of.
    private var lastSign = ContinuousClock.now
    /// Why the receiver did not take the body.
    private var refusal: RegistryProblem?

    /// Nil if libcurl has no handle left.
    init?(_ transfer: WebTransfer, _ options: WebClient.Options) {
        guard let easy = curl_easy_init() else {
            reason.deallocate()
            return nil
        }
        self.easy = easy
        self.transfer = transfer
        reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(transfer.request, options)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        reason.deallocate()
    }

    private func configure(_ request: WebRequest, _ options: WebClient.Options) {
        curl_easy_set_text(easy, CURLOPT_URL, request.address.text)
        // Redirects are followed one level up, where it is known where they come from.
        curl_easy_set_number(easy, CURLOPT_FOLLOWLOCATION, 0)
        curl_easy_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        curl_easy_set_text(easy, CURLOPT_USERAGENT, options.userAgent)
        // We are not alone in the process.
        curl_easy_set_number(easy, CURLOPT_NOSIGNAL, 1)
        curl_easy_set_number(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(options.connectPatience.milliseconds))
        if case .total(let duration) = request.patience {
            curl_easy_set_number(easy, CURLOPT_TIMEOUT_MS, Int(duration.milliseconds))
        }
        if request.isCompressible { curl_easy_set_text(easy, CURLOPT_ACCEPT_ENCODING, "") }
        if let authorities = options.authorities { curl_easy_set_text(easy, CURLOPT_CAINFO, authorities) }
        curl_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, reason)
        for header in request.headers { headers = curl_slist_append(headers, header) }
        curl_easy_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        // Unretained: whoever holds the handle keeps this object until it has left libcurl.
        curl_easy_set_pointer(easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
        curl_easy_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let isTaken = Unmanaged<WebExchange>.fromOpaque(context).takeUnretainedValue().received(body)
            return isTaken ? size * count : Int(CURL_WRITEFUNC_ERROR)
        }
    }

    /// False ends the transfer: nothing but the body of a success matters.
    private func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastSign = .now
        guard status == 200, !transfer.isCancelled else { return false }
        do throws(RegistryProblem) {
            try transfer.body.receive(bytes)
            return true
        } catch {
            refusal = error
            return false
        }
    }

    /// How long the server may still be silent; nil where libcurl looks after the time. Libcurl's own measure of silence is
    /// an average that takes seconds to fall.
    func patienceLeft(at now: ContinuousClock.Instant) -> Duration? {
        guard case .silence(let limit) = transfer.request.patience else { return nil }
        return max(.zero, limit - (now - lastSign))
    }

    // MARK: The end

    var silence: RegistryProblem {
        RegistryProblem(.transient(pause: nil), "\(transfer.request.address) has stopped sending.")
    }

    func outcome(_ result: CURLcode) -> Result<WebAnswer, RegistryProblem> {
        if let refusal { return .failure(refusal) }
        // The head is there, and the body of this answer is of no interest.
        if result != CURLE_OK, status == 200 || result != CURLE_WRITE_ERROR { return .failure(problem(result)) }
        return .success(
            WebAnswer(
                status: status,
                entityTag: header("ETag"),
                lastModified: header("Last-Modified"),
                location: header("Location"),
                pause: header("Retry-After").flatMap(Self.pause)
            )
        )
    }

    private var status: Int { curl_easy_get_number(easy, CURLINFO_RESPONSE_CODE) }

    private func header(_ name: String) -> String? {
        var header: UnsafeMutablePointer<curl_header>?
        // -1: of the last answer, should there have been interim ones.
        guard curl_easy_header(easy, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK, let header else {
            return nil
        }
        return String(cString: header.pointee.value)
    }

    /// Seconds, or a date.
    private static func pause(_ text: String) -> Duration? {
        if let seconds = Int(text) { return seconds >= 0 ? .seconds(min(seconds, 86_400)) : nil }
        let moment = curl_getdate(text, nil)
        guard moment >= 0 else { return nil }
        let seconds = Int64(moment) - Timestamp.now.milliseconds / 1_000
        return .seconds(min(max(0, seconds), 86_400))
    }

    private func problem(_ result: CURLcode) -> RegistryProblem {
        let address = transfer.request.address
        let detail = reason.pointee == 0 ? String(cString: curl_easy_strerror(result)) : String(cString: reason)
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return RegistryProblem(
                .transient(pause: nil),
                "\(address) cannot be reached: the name \(address.host) cannot be resolved.",
                hint: "Is this machine connected, and is the name right?"
            )
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return RegistryProblem(
                .unusable,
                "The certificate of \(address.host) is not trusted: \(detail.withoutPeriod).",
                hint: "Nothing was read from it; is this machine's time right?"
            )
        case CURLE_OPERATION_TIMEDOUT:
            return RegistryProblem(
                .transient(pause: nil),
                "\(address) did not answer in time: \(detail.withoutPeriod)."
            )
        default:
            return RegistryProblem(.transient(pause: nil), "\(address) cannot be read: \(detail.withoutPeriod).")
        }
    }
}
