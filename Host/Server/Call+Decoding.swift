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
        } catch let error as DecodingError {
            throw Failure(.invalidArgument, sentence(error, body))
        } catch {
            throw Failure(.invalidArgument, "The body cannot be read: \(error)")
        }
    }

    private static func sentence(_ error: DecodingError, _ body: Data) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "The body lacks the member \(pointer(context.codingPath + [key]))."
        case .valueNotFound(_, let context):
            return "The body's member \(pointer(context.codingPath)) must not be null."
        case .typeMismatch(_, let context):
            return "The body has a wrong type at \(pointer(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "The body is wrong at \(pointer(context.codingPath)): \(context.debugDescription)"
        default:
            // The decoder says the same of broken syntax and of a number that its member cannot hold.
            let isJSON = (try? JSONDecoder().decode(JSONValue.self, from: body)) != nil
            return isJSON ? "A number in the body is not one that its member can hold." : "The body is not valid JSON."
        }
    }

    /// A JSON pointer, or words for the empty one.
    private static func pointer(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "its top" : path.map { "/" + ($0.intValue.map { String($0) } ?? $0.stringValue) }.joined()
    }
}
