/// Cuts what a program prints into lines. Pure.
struct LineSplitter {
    /// A longer line is cut into several, in bytes.
    static let maximumLine = 8_192

    private var rest: [UInt8] = []

    /// The lines that are whole with these bytes, without their ends. Invalid UTF-8 is repaired.
    mutating func append(_ bytes: some Collection<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                rest.append(byte)
                if rest.count == Self.maximumLine { lines.append(take()) }
            }
        }
        return lines
    }

    /// What is left when the program has ended.
    mutating func finish() -> String? {
        rest.isEmpty ? nil : take()
    }

    private mutating func take() -> String {
        defer { rest.removeAll(keepingCapacity: true) }
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}
