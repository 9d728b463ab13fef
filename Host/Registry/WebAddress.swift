import CCurl

/// A URL of the web, as libcurl understands it: what is checked is what is asked.
struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    let text: String
    let isSecure: Bool

    /// Why a text is no address that can be used.
    struct Misfit: Error {
        /// "must begin with http:// or https://".
        var message: String
    }

    /// - Throws: If it is not a URL that begins with `http://` or `https://`, or holds a user name or a password: it is shown
    ///   in messages.
    init(_ text: String) throws(Misfit) {
        guard text.utf8.count <= 2_000, let url = curl_url() else { throw Misfit(message: "is too long") }
        defer { curl_url_cleanup(url) }
        let result = curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard result == CURLUE_OK, let scheme = Self.part(CURLUPART_SCHEME, of: url) else {
            throw Misfit(message: "is not a URL: \(String(cString: curl_url_strerror(result)))")
        }
        guard scheme == "http" || scheme == "https" else {
            throw Misfit(message: "must begin with https:// or http://")
        }
        guard Self.part(CURLUPART_USER, of: url) == nil, Self.part(CURLUPART_PASSWORD, of: url) == nil else {
            throw Misfit(message: "must not hold a user name or a password")
        }
        curl_url_set(url, CURLUPART_FRAGMENT, nil, 0)
        guard Self.part(CURLUPART_HOST, of: url) != nil, let text = Self.part(CURLUPART_URL, of: url) else {
            throw Misfit(message: "is not a URL: it names no host")
        }
        self.init(text: text, isSecure: scheme == "https")
    }

    private init(text: String, isSecure: Bool) {
        self.text = text
        self.isSecure = isSecure
    }

    /// What lies below the directory of this one, by a path in which nothing has a meaning in a URL. An index has thousands
    /// of them, and each is kept.
    func resolving(plainPath path: String) -> WebAddress {
        let ownPath = text.prefix { $0 != "?" }
        guard let slash = ownPath.lastIndex(of: "/") else { return self }
        return WebAddress(text: ownPath[...slash] + path, isSecure: isSecure)
    }

    /// The name or the number of the server.
    var host: String {
        guard let url = curl_url() else { return text }
        defer { curl_url_cleanup(url) }
        curl_url_set(url, CURLUPART_URL, text, 0)
        return Self.part(CURLUPART_HOST, of: url) ?? text
    }

    /// The address that a reference means in a document at this one.
    ///
    /// - Throws: As `init`; also if it would lead from https to http.
    func resolving(_ reference: String) throws(Misfit) -> WebAddress {
        guard let url = curl_url() else { throw Misfit(message: "is too long") }
        defer { curl_url_cleanup(url) }
        curl_url_set(url, CURLUPART_URL, text, 0)
        let result = curl_url_set(url, CURLUPART_URL, reference, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard result == CURLUE_OK, let text = Self.part(CURLUPART_URL, of: url) else {
            throw Misfit(message: "is not a URL: \(String(cString: curl_url_strerror(result)))")
        }
        let address = try WebAddress(text)
        guard address.isSecure || !isSecure else {
            throw Misfit(message: "leads from https to http: the connection would not be secure any more")
        }
        return address
    }

    /// The last part of the path: "index.json". Empty if the path ends with a slash.
    var fileName: Substring {
        let path = text.prefix { $0 != "?" }
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return path[path.index(after: slash)...]
    }

    var description: String { text }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
