/// One message of a `text/event-stream`.
struct ServerSentEvent: Sendable, Equatable {
    /// `message` unless the stream says otherwise.
    var name = "message"
    var data: String
    /// The last `id:` that the stream gave, be it with an earlier message; empty if it gave none.
    var lastEventID = ""
}

/// Cuts the bytes of a `text/event-stream` into messages, however they were cut on the way: WHATWG HTML 9.2.6.
struct ServerSentEventParser {
    private var line: [UInt8] = []
    private var isAtStart = true
    private var followsCarriageReturn = false
    private var name = ""
    private var data: String?
    private var lastEventID = ""

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")

    /// Takes the next bytes and returns the messages that they complete.
    mutating func parse(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var messages: [ServerSentEvent] = []
        for byte in bytes {
            defer { followsCarriageReturn = byte == Self.carriageReturn }
            // CR LF ends one line, not two.
            if byte == Self.lineFeed, followsCarriageReturn { continue }
            guard byte == Self.lineFeed || byte == Self.carriageReturn else {
                line.append(byte)
                continue
            }
            if let message = endLine() { messages.append(message) }
        }
        return messages
    }

    private mutating func endLine() -> ServerSentEvent? {
        var text = Substring(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
        if isAtStart {
            isAtStart = false
            if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        }
        guard !text.isEmpty else { return dispatch() }
        let parts = text.unicodeScalars.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : Substring.UnicodeScalarView()
        if value.first == " " { value.removeFirst() }
        // A comment is a field without a name, and like any other unknown one means nothing.
        switch String(parts[0]) {
        case "data": data = data.map { $0 + "\n" + String(value) } ?? String(value)
        case "event": name = String(value)
        case "id" where !value.contains("\0"): lastEventID = String(value)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            name = ""
            data = nil
        }
        return data.map {
            ServerSentEvent(name: name.isEmpty ? "message" : name, data: $0, lastEventID: lastEventID)
        }
    }
}
