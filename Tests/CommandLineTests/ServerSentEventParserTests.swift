import Testing

@testable import Client

@Suite struct ServerSentEventParserTests {
    private func messages(_ text: String) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return parser.parse(text.utf8)
    }

    @Test(arguments: [
        ("data: a\n\n", [ServerSentEvent(data: "a")]),
        ("data:a\r\n\r\n", [ServerSentEvent(data: "a")]),
        ("data: a\r\rdata: b\r\r", [ServerSentEvent(data: "a"), ServerSentEvent(data: "b")]),
        ("data:  two spaces\n\n", [ServerSentEvent(data: " two spaces")]),
        ("data: a\ndata: b\n\n", [ServerSentEvent(data: "a\nb")]),
        ("data\ndata\n\n", [ServerSentEvent(data: "\n")]),
        ("\u{FEFF}data: a\n\n", [ServerSentEvent(data: "a")]),
        (": comment\n\ndata: a\nunknown: b\n\n", [ServerSentEvent(data: "a")]),
        (
            "event: failure\ndata: a\n\ndata: b\n\n",
            [ServerSentEvent(name: "failure", data: "a"), ServerSentEvent(data: "b")]
        ),
        (
            "id: 7\ndata: a\n\ndata: b\n\n",
            [ServerSentEvent(data: "a", lastEventID: "7"), ServerSentEvent(data: "b", lastEventID: "7")]
        ),
        ("id: 7\nid: 8\0\ndata: a\n\n", [ServerSentEvent(data: "a", lastEventID: "7")]),
        ("id: 7\nid\ndata: a\n\n", [ServerSentEvent(data: "a")]),
        ("event: x\n\n\n\n", []),
        ("data: not ended", []),
        ("data: not ended\n", []),
        ("data: a:b: c\n\n", [ServerSentEvent(data: "a:b: c")]),
        ("data: ä ☂ 🏠\n\n", [ServerSentEvent(data: "ä ☂ 🏠")]),
    ])
    func followsTheRules(text: String, expected: [ServerSentEvent]) {
        #expect(messages(text) == expected)
    }

    @Test func doesNotDependOnHowTheBytesAreCut() {
        let text = "\u{FEFF}id: 1\r\nevent: é\r\ndata: ä\rdata: b\n\n: c\r\n\r\ndata: 🏠\n\r\n"
        let whole = messages(text)
        #expect(whole.count == 2)
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var parser = ServerSentEventParser()
            var found: [ServerSentEvent] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += parser.parse(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(found == whole, "cut into pieces of \(size)")
        }
    }

    @Test func survivesArbitraryBytes() {
        var generator = SplitMix(state: 1)
        let alphabet = Array("data: id\r\n\n\0".utf8) + [0xEF, 0xBB, 0xBF, 0xFF, 0xC3]
        var parser = ServerSentEventParser()
        var count = 0
        for _ in 0..<20_000 {
            if let byte = alphabet.randomElement(using: &generator) { count += parser.parse([byte]).count }
        }
        // Whatever came, a well-formed message after it is understood.
        #expect(parser.parse("\n\ndata: after\n\n".utf8).last?.data == "after")
        #expect(count < 20_000)
    }
}

/// Steele, Lea and Flood's generator: the same numbers on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
