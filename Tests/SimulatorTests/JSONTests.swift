import HomeSimulator
import Testing

@Suite
struct JSONTests {
    @Test(arguments: [
        #"{"a":[1,-2,0.5,true,false,null],"b":{"c":"d"}}"#,
        #"[]"#,
        #"{}"#,
        #""\"\\ Küche""#,
        #"-12"#,
    ])
    func aTextComesBackAsItWas(text: String) throws {
        #expect(try JSON(bytes: Array(text.utf8)).description == text)
    }

    @Test
    func escapesAreRead() throws {
        let text = #""\n \u0041 \ud83d\ude00 \/""#
        #expect(try JSON(bytes: Array(text.utf8)) == .string("\n A 😀 /"))
    }

    @Test(arguments: [
        "", "{", "[1", #"{"a"}"#, #"{"a":}"#, "tru", "1 2", #""open"#, #""\x""#, #""\u12""#, #""\ud83d""#, "-",
        "{a:1}", "[1,]x", String(repeating: "[", count: 100),
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSON(bytes: Array(text.utf8)) }
    }

    @Test
    func randomBytesNeverCrashTheReader() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]":,\u0019truefalsn -.e"#.utf8) + [0, 0xFF]
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).compactMap { _ in alphabet.randomElement() }
            if let value = try? JSON(bytes: bytes) {
                #expect((try? JSON(bytes: value.bytes)) == value)
            }
        }
    }

    @Test
    func theOrderOfKeysDoesNotMatterForEquality() {
        #expect(["a": 1, "b": 2] as JSON == ["b": 2, "a": 1.0])
        #expect(["a": 1] as JSON != ["a": 1, "b": 2])
    }
}
