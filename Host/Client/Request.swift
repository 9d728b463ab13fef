import HostAPI

/// One request to the host, before it is put on the wire.
struct Request: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// How long to wait.
    enum Patience: Sendable, Equatable {
        /// For the whole answer.
        case total(Duration)
        /// As long as something comes, be it a comment, at least this often.
        case silence(Duration)
    }

    var method: Method = .get
    /// The parts of the path after `/v1`, not encoded.
    var path: [String]
    /// Members without a value are left out.
    var query: [(name: String, value: String?)] = []
    /// JSON text.
    var body: [UInt8]?
    var patience: Patience = .total(.seconds(30))

    /// For messages: `GET /v1/status`.
    var name: String { "\(method.rawValue) \(target)".excerpt }

    /// The path and query as they stand in the request line.
    var target: String {
        let members = query.compactMap { member in
            member.value.map { "\(percentEncoded(member.name))=\(percentEncoded($0))" }
        }
        let path = "/v1/" + path.map { percentEncoded($0) }.joined(separator: "/")
        return members.isEmpty ? path : path + "?" + members.joined(separator: "&")
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`. A path part of dots alone is encoded too: libcurl would
/// resolve `.` and `..` otherwise.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    let isDots = text == "." || text == ".."
    var encoded = String.UnicodeScalarView()
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", "~": encoded.append(scalar)
        case "." where !isDots: encoded.append(scalar)
        default:
            encoded.append("%")
            encoded.append(digits[Int(byte >> 4)])
            encoded.append(digits[Int(byte & 0xF)])
        }
    }
    return String(encoded)
}
