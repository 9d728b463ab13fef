/// Any JSON document all of whose numbers and texts can be held: the decoder takes others for a wrong type.
struct WellFormed: Decodable {
    /// The first value that cannot be held.
    enum Flaw: Error {
        case number([any CodingKey])
        /// A value or a name.
        case text([any CodingKey])
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard !container.decodeNil(),
            try !Self.fits(Bool.self, container, Flaw.text),
            try !Self.fits(Double.self, container, Flaw.number),
            try !Self.fits(String.self, container, Flaw.text),
            try !Self.fits([WellFormed].self, container, Flaw.text),
            try !Self.fits([String: WellFormed].self, container, Flaw.text)
        else { return }
    }

    /// - Returns: whether the value is of that type.
    /// - Throws: the flaw, if it is of that type but cannot be held.
    private static func fits(
        _ type: (some Decodable).Type,
        _ container: any SingleValueDecodingContainer,
        _ flaw: ([any CodingKey]) -> Flaw
    ) throws -> Bool {
        do {
            _ = try container.decode(type)
            return true
        } catch DecodingError.typeMismatch {
            return false
        } catch let flaw as Flaw {
            throw flaw
        } catch {
            throw flaw(container.codingPath)
        }
    }
}
