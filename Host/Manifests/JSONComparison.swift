package import HostAPI

extension JSONValue {
    /// Equality as JSON Schema means it (core, 4.2.2): 1 and 1.0 are the same number.
    package func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            return Int64(exactly: number) == integer
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.allSatisfy { key, value in right[key].map { value.isSame(as: $0) } ?? false }
        default: return self == other
        }
    }

    /// Whether this number is less than another; false if one is not a number. Two integers compare exactly.
    func isLess(than other: JSONValue) -> Bool {
        if case .integer(let left) = self, case .integer(let right) = other { return left < right }
        guard let left = numberValue, let right = other.numberValue else { return false }
        return left < right
    }

    /// A scalar as a user would write it in JSON; a container by its size.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): quoted(value)
        case .array(let elements): elements.count == 1 ? "an array of 1" : "an array of \(elements.count)"
        case .object: "an object"
        }
    }
}
