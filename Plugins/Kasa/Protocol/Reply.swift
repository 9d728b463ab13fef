import PluginKit

/// A device's answer, matched to what was asked.
///
/// The protocol has no request numbers. What proves that an answer belongs to a question is that it mirrors the modules
/// and commands asked for; devices have been seen to answer the question before.
struct Reply {
    /// What the device says to each call, in the order of the query.
    let results: [Result<JSON, DeviceRefusal>]

    /// Reads the plain bytes of an answer.
    ///
    /// - Throws: ``ExchangeError/malformed(_:)`` if they are no JSON object, ``ExchangeError/mismatched(asked:)`` if it
    ///   answers something else. The connection must not be used again after either.
    init(_ plain: [UInt8], to query: Query) throws(ExchangeError) {
        let message: JSON
        do {
            message = try JSON(parsing: plain)
        } catch {
            throw .malformed("its answer does not decode (\(error))")
        }
        guard message.object != nil else { throw .malformed("its answer is no JSON object") }

        let modules = Set(query.calls.map(\.module))
        guard (message.object ?? [:]).allSatisfy({ modules.contains($0.key) || $0.value.object == nil }) else {
            throw .mismatched(asked: query.calls.map(\.description).joined(separator: ", "))
        }

        // A device that lacks the module may refuse the whole message.
        if let refusal = DeviceRefusal(in: message) {
            results = query.calls.map { _ in .failure(refusal) }
            return
        }
        var results: [Result<JSON, DeviceRefusal>] = []
        for call in query.calls {
            let module = message[call.module]
            let answer = module[call.command]
            if let refusal = DeviceRefusal(in: answer) ?? DeviceRefusal(in: module) {
                results.append(.failure(refusal))
            } else if answer.object != nil {
                results.append(.success(answer))
            } else {
                throw .mismatched(asked: call.description)
            }
        }
        self.results = results
    }
}
