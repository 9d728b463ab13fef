import FoundationEssentials
import HTTPTypes
import HostAPI
import Hummingbird
import Logging
import NIOCore

/// One request as a route sees it: its values decoded, or refused with a failure that names what is wrong.
struct Call: Sendable {
    let query: Query
    let request: Request
    private let context: BasicRequestContext

    /// The longest body, in bytes.
    static let maximumBody = 1 << 20

    /// - Throws: `invalid-argument` for a query with other members than `queryNames`.
    init(request: Request, context: BasicRequestContext, queryNames: [String]) throws(Failure) {
        self.request = request
        self.context = context
        query = try Query(request.uri.query, knowing: queryNames)
    }

    var logger: Logger { context.logger }

    /// The part of the path that stands for `name`.
    func part(_ name: String) throws(Failure) -> String {
        let raw = context.parameters.get(name) ?? ""
        guard let value = raw.percentDecoded else {
            throw Failure(.invalidArgument, "\"\(raw)\" in the path is not percent-encoded UTF-8.")
        }
        return value
    }

    /// The number in the header `name`; nil if there is no such header.
    func number(inHeader name: String) throws(Failure) -> UInt64? {
        guard let fieldName = HTTPField.Name(name), let text = request.headers[fieldName] else { return nil }
        guard let number = UInt64(text) else {
            throw Failure(.invalidArgument, "The header \(name) is not a number: \"\(text)\"")
        }
        return number
    }

    /// The body, from JSON.
    func body<Value: Decodable>(_ type: Value.Type = Value.self) async throws(Failure) -> Value {
        try requireJSON()
        let bytes = try await bytes()
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Failure(.invalidArgument, error.sentence)
        } catch {
            throw Failure(.invalidArgument, "The body cannot be read: \(error)")
        }
    }

    /// Another type cannot be meant for this API, and a browser's form cannot send this one.
    private func requireJSON() throws(Failure) {
        let type = request.headers[.contentType]?.split(separator: ";").first ?? ""
        let bare = type.lowercased().filter { $0 != " " }
        guard bare == "application/json" else {
            throw Failure(
                .invalidArgument,
                "The body is not declared to be JSON.",
                hint: "Send the header Content-Type: application/json"
            )
        }
    }

    private func bytes() async throws(Failure) -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: Self.maximumBody)
        } catch is NIOTooManyBytesError {
            throw Failure(.invalidArgument, "The body is larger than \(Self.maximumBody) bytes.")
        } catch {
            throw Failure(.invalidArgument, "The body breaks off or is malformed.")
        }
    }
}

extension DecodingError {
    /// What is wrong with a body, and where.
    var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "The body lacks the member \(Self.pointer(context.codingPath + [key]))."
        case .valueNotFound(_, let context):
            "The body's member \(Self.pointer(context.codingPath)) must not be null."
        case .typeMismatch(_, let context):
            "The body has a wrong type at \(Self.pointer(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "The body is not JSON: \(context.underlyingError.map { "\($0)" } ?? context.debugDescription)"
        case .dataCorrupted(let context):
            "The body is wrong at \(Self.pointer(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "The body cannot be read: \(self)"
        }
    }

    /// A JSON pointer.
    private static func pointer(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "its top" : path.map { "/" + ($0.intValue.map { String($0) } ?? $0.stringValue) }.joined()
    }
}
