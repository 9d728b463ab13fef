import PluginKit
import Testing

@Suite struct JSONTests {
    private static let samples: [(String, JSON)] = [
        ("null", JSON.null), (" true ", true), ("-0", 0), ("9223372036854775807", 9_223_372_036_854_775_807),
        ("9223372036854775808", JSON.number(9_223_372_036_854_775_808)), ("1.5e3", JSON.number(1500)), ("\"\"", ""),
        (#""\u00e9\ud83d\ude00\n\/""#, "é😀\n/"), ("[]", []), ("{}", [:]),
        (#"{"a":[1,{"b":null}],"a":2}"#, ["a": 2]),
    ]

    @Test(arguments: samples)
    func parses(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(arguments: [
        "", "tru", "01", "1.", "1e", "+1", "-", "[1,]", "[1", "{\"a\"}", "{\"a\":1,}", "{a:1}", "\"a", "\"\\x\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "1 2", "1e999", "'a'", "\"\\u12\"",
    ])
    func refuses(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    }

    @Test func refusesTextThatIsNotUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func refusesWhatIsNestedTooDeeply() throws {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
        let deep = String(repeating: "[", count: 127) + String(repeating: "]", count: 127)
        #expect(try JSON(parsing: deep).encoded() == deep)
    }

    @Test func survivesArbitraryBytes() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.tfn "#.utf8) + [0x00, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let value = try? JSON(parsing: bytes) else { continue }
            #expect((try? JSON(parsing: value.encoded())) == value)
        }
    }

    @Test func writesEqualValuesEqually() {
        let value: JSON = ["b": [1, 2.5, true, .null], "a": "q\"\\\u{1}\n", "c": .number(.infinity)]
        #expect(value.encoded() == #"{"a":"q\"\\\u0001\n","b":[1,2.5,true,null],"c":null}"#)
        #expect(JSON.number(3).encoded() == "3.0")
    }

    @Test func readsAPathWithoutUnwrapping() {
        let value: JSON = ["system": ["children": [["alias": "a"], ["alias": "b"]]], "n": 1.0]
        #expect(value["system"]["children"][1]["alias"].text == "b")
        #expect(value["system"]["nothing"][7]["x"].isNull)
        #expect(value["n"].integer == 1)
        #expect(JSON.number(1.5).integer == nil)
        #expect(JSON.integer(2).number == 2)
    }

    @Test func decodesAndEncodesEveryShape() throws {
        struct Inner: Codable, Equatable {
            var flag: Bool
            var note: String?
        }
        struct Outer: Codable, Equatable {
            enum Kind: String, Codable { case one, two }
            var small: UInt8
            var big: UInt64
            var ratio: Float
            var kind: Kind
            var inner: [Inner]
            var table: [String: Double]
            var raw: JSON
            var optional: Inner?
        }
        let value = Outer(
            small: 255,
            big: .max,
            ratio: 0.5,
            kind: .two,
            inner: [Inner(flag: true), Inner(flag: false, note: "n")],
            table: ["x": 1.25],
            raw: ["any": [1, .null]]
        )
        let json = try JSON(encoding: value)
        #expect(try JSON(parsing: json.encoded())["inner"][1]["note"] == "n")
        let smaller = try JSON(
            encoding: Outer(
                small: 1,
                big: 2,
                ratio: 3,
                kind: .one,
                inner: [],
                table: [:],
                raw: .null
            )
        ).decode(Outer.self)
        #expect(smaller.inner.isEmpty && smaller.raw.isNull)
        #expect(try JSON(encoding: [1, 2]).decode([Int].self) == [1, 2])
        #expect(try JSON(encoding: [Optional(1), nil]).decode([Int?].self) == [1, nil])
    }

    @Test func findsSnakeCaseKeys() throws {
        struct Settings: Decodable, Equatable {
            var intervalSeconds: Int
            var plain: Int
        }
        let json: JSON = ["interval_seconds": 5, "plain": 1]
        #expect(try json.decode(Settings.self) == Settings(intervalSeconds: 5, plain: 1))
    }

    @Test func explainsWhereAValueDoesNotFit() throws {
        struct Settings: Decodable {
            struct Place: Decodable { var portNumber: UInt16 }
            var places: [Place]
        }
        let json: JSON = ["places": [["port_number": 80], ["port_number": 70_000]]]
        do {
            _ = try json.decode(Settings.self)
            Issue.record("70,000 is no port")
        } catch let error as DecodingError {
            #expect(
                JSON.explain(error) == "/places/1/port_number is 70000, but must be a whole number from 0 to 65535"
            )
        }
    }
}
