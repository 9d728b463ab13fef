import FoundationEssentials
import HostAPI

extension Call {
    /// The value of a body.
    ///
    /// - Throws: `invalid-argument`, with the place of what is wrong where the decoder tells it.
    static func decode<Value: Decodable>(_ body: Data) throws(Failure) -> Value {
        guard !body.isEmpty else { throw Failure(.invalidArgument, "This route needs a body, and there is none.") }
        do {
            return try JSONDecoder().decode(Value.self, from: body)
        } catch {
            throw Failure(.invalidArgument, sentence(error, body))
        }
    }

    /// What is wrong, in words that need no knowledge of how this program is made.
    private static func sentence(_ error: any Error, _ body: Data) -> String {
        guard String(validating: body, as: UTF8.self) != nil else { return "The body is not UTF-8." }
        let document: JSONValue
        do {
            _ = try JSONDecoder().decode(WellFormed.self, from: body)
            document = try JSONDecoder().decode(JSONValue.self, from: body)
        } catch WellFormed.Flaw.number(let path) {
            return "The body cannot be read: the number at \(pointer(path)) is malformed or too large."
        } catch WellFormed.Flaw.text(let path) {
            return "The body cannot be read: the text at \(pointer(path)) has a control character, an unknown escape, "
                + "or half of a surrogate pair."
        } catch {
            return "The body is not valid JSON."
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            return "The body lacks the member \(pointer(context.codingPath + [key]))."
        case .valueNotFound(_, let context):
            return "The body's member \(pointer(context.codingPath)) must not be null."
        case .typeMismatch(let type, let context):
            let found = value(at: context.codingPath, in: document).map { ", it is \($0.kindName)" } ?? ""
            return "The body has to be \(name(type)) at \(pointer(context.codingPath))\(found)."
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "The body is wrong at \(pointer(context.codingPath))."
        default:
            // The decoder does not say where.
            return "A number in the body is not one that its member can hold."
        }
    }

    /// What the decoder wanted.
    private static func name(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "an array"
        case is [String: Any].Type: "an object"
        default: "something else"
        }
    }

    private static func value(at path: [any CodingKey], in document: JSONValue) -> JSONValue? {
        path.reduce(document) { value, key in
            guard let index = key.intValue else { return value?[key.stringValue] }
            return value?.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }

    /// A JSON pointer, or words for the empty one.
    private static func pointer(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "its top" }
        return path.map { "/" + ($0.intValue.map { String($0) } ?? $0.stringValue) }.joined().excerpt
    }
}
