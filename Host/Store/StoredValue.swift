internal import GRDB
internal import HostAPI

/// Readings in SQLite's terms.
extension ReadingValue {
    init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .double(let number): .number(number)
            case .int64(let number): .boolean(number != 0)
            case .string(let text): .text(text)
            case .null, .blob: .unknown
            }
    }

    /// What a series of such values is called; nil if the value does not say.
    var kind: String? {
        switch self {
        case .number: "number"
        case .boolean: "boolean"
        case .text: "text"
        case .unknown: nil
        }
    }
}

extension Reading {
    var flags: Int64 { isAnomalous == true ? 1 : 0 }

    init(time: Int64, value: DatabaseValue, flags: Int64) {
        self.init(
            time: Timestamp(milliseconds: time),
            value: ReadingValue(value),
            isAnomalous: flags & 1 != 0
        )
    }
}
