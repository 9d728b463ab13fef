import FoundationEssentials
import HTTPTypes
import HostAPI
import Hummingbird
import NIOCore

/// A value as compact JSON with sorted keys, so that equal values have equal text.
func json(_ value: some Encodable) throws(Failure) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return try encoder.encode(value)
    } catch {
        throw Failure(.internalError, "The answer cannot be written as JSON: \(error)")
    }
}

extension Response {
    /// Success with that body.
    static func json(_ value: some Encodable) throws(Failure) -> Response {
        json(try Server.json(value), status: .ok)
    }

    /// The failure as the answer, with the status of its code.
    init(_ failure: Failure) {
        // A failure is three texts, which always can be written.
        let body = (try? Server.json(failure)) ?? Data()
        self = Response.json(body, status: HTTPResponse.Status(code: failure.code.httpStatus))
    }

    private static func json(_ body: Data, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/json",
                .contentLength: String(body.count),
                .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
