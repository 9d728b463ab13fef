import HostAPI
import Testing

@testable import Registry

/// Held against the other reader of JSON that the host has.
@Suite struct JSONScannerTests {
    private func scan(_ text: String) throws -> JSONValue {
        var scanner = JSONScanner(Array(text.utf8))
        return try scanner.document(list: "plugins") { _, _ in }
    }

    @Test(arguments: [
        "null", "true", " false ", "0", "-0", "12", "-7", "1.5", "1E-2", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", #""""#, #""text""#, #""a\"b\\c\/d\b\f\n\r\t""#,
        #""\u0041\u00e9\u20ac""#,
        #""\ud83d\ude00""#, #""ä€😀""#, "[]", "[ ]", "[1, 2 ,3]", "{}", "{ }", #"{"a": 1, "b": [true, {"c": null}]}"#,
        "\n{\t\"a\"\r\n:\n1}\n", #"{"": ""}"#, #"[[[[[[1]]]]]]"#, #"{"plug": {"plugins": [1, 2]}}"#,
    ]) func readsWhatIsJSON(text: String) throws {
        let expected = try JSONValue(parsing: text)
        #expect(try scan(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "'a'", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity",
        "1 2", "[",
        "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}",
        "{1:1}",
        "{\"a\" 1}", "{\"a\":1 \"b\":2}", "\"", "\"a", "\"\\", "\"\\u12\"", "\"\\u123g\"", "\"\\x\"", "\"a\nb\"",
        "\"\u{1}\"",
        "{} {}", "[]]", "/* */ 1", "// x\n1",
    ]) func refusesWhatIsNot(text: String) {
        #expect(throws: JSONScanner.Problem.self) { try scan(text) }
    }

    @Test func refusesWhatIsNotUTF8() {
        var scanner = JSONScanner([0x22, 0xC3, 0x28, 0x22])
        #expect(throws: JSONScanner.Problem.self) { try scanner.document(list: "") { _, _ in } }
    }

    @Test func aNumberWithAFractionIsNoInteger() throws {
        #expect(try scan("1.0") == .number(1))
        #expect(try scan("1e3") == .number(1_000))
        #expect(try scan("-0.5e+1") == .number(-5))
    }

    @Test func halfASurrogatePairIsReplaced() throws {
        #expect(try scan(#""a\ud83db\udE00""#) == .string("a\u{FFFD}b\u{FFFD}"))
        #expect(try scan(#""\ud83d\u0041""#) == .string("\u{FFFD}A"))
    }

    /// Wherever a transfer breaks off, what came is not taken for the whole.
    @Test func noBeginningOfAnIndexIsAnIndex() throws {
        let bytes = Array(index(plugin("kasa", tags: #"["\u00e9", "ü"]"#), plugin("hue")).utf8)
        for count in bytes.indices {
            var scanner = JSONScanner(Array(bytes[..<count]))
            #expect(throws: JSONScanner.Problem.self) { try scanner.document(list: "plugins") { _, _ in } }
        }
    }

    @Test func handsOutTheElementsOfTheList() throws {
        var scanner = JSONScanner(Array(#"{"a": {"plugins": [0]}, "plugins": [1, {"x": 1, "x": 2}, []], "b": 3}"#.utf8))
        var elements: [JSONValue] = []
        var repeated: [String?] = []
        let root = try scanner.document(list: "plugins") { element, key in
            elements.append(element)
            repeated.append(key)
        }
        #expect(elements == [.integer(1), .object(["x": .integer(2)]), .array([])])
        #expect(repeated == [nil, "x", nil])
        #expect(
            root
                == .object(["a": .object(["plugins": .array([.integer(0)])]), "plugins": .array([]), "b": .integer(3)])
        )
    }

    @Test func namesTheLine() throws {
        var scanner = JSONScanner(Array("{\n\"a\": 1,\n\"b\" 2}".utf8))
        do throws(JSONScanner.Problem) {
            _ = try scanner.document(list: "") { _, _ in }
            Issue.record("was read")
        } catch {
            #expect(error.message == "is not valid JSON, see line 3")
        }
    }
}
