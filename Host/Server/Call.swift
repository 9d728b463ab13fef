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
            throw Failure(.invalidArgument, "\"\(raw.excerpt)\" in the path is not percent-encoded UTF-8.")
        }
        return value
    }

    /// The number in the header `name`; nil if there is no such header.
    func number(inHeader name: String) throws(Failure) -> UInt64? {
        guard let fieldName = HTTPField.Name(name), let text = request.headers[fieldName] else { return nil }
        guard let number = UInt64(text) else {
            throw Failure(.invalidArgument, "The header \(name) is not a number: \"\(text.excerpt)\"")
        }
        return number
    }

    /// The body, from JSON.
    func body<Value: Decodable>(_ type: Value.Type = Value.self) async throws(Failure) -> Value {
        try requireJSON()
        return try Self.decode(Data(try await bytes().readableBytesView))
    }

    /// The body as JSON whatever its header says; nil if there is none, or if it is something else.
    func tolerantBody() async -> JSONValue? {
        guard let bytes = try? await bytes() else { return nil }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(bytes.readableBytesView))
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
