import Manifests
import Testing

@Suite struct PatternTests {
    @Test(
        arguments: [
            ("abc", ["abc", "xabcx"], ["ab", "acb"]),
            ("^abc$", ["abc"], ["xabc", "abcx", "abc\n"]),
            ("", ["", "x"], []),
            ("a|b|cd", ["a", "xb", "cd"], ["c", "d"]),
            ("^(a|bc)*$", ["", "abca", "bcbc"], ["b", "abcab"]),
            ("^(|a)$", ["", "a"], ["aa"]),
            ("^a+b?$", ["a", "aab"], ["b", "abb"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaa"], ["a"]),
            ("^a{1,3}?$", ["a", "aaa"], ["", "aaaa"]),
            ("^a{0}$", [""], ["a"]),
            ("^[a-c_]+$", ["abc_"], ["d", ""]),
            ("^[^a-c]$", ["d", "ü", "🏠"], ["a", ""]),
            ("^[]$", [], ["", "a"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("^[-a]+$", ["-a"], ["b"]),
            ("^[a-]+$", ["-a"], ["b"]),
            ("^[.*+?(){}|$]+$", [".*+?(){}|$"], ["a"]),
            ("^\\d\\D\\w\\W\\s\\S$", ["1a_- x"], ["aaaaaa"]),
            ("^[\\d\\-]+$", ["1-2"], ["a"]),
            ("^[^\\d]$", ["a"], ["1"]),
            ("^[\\D]$", ["a"], ["1"]),
            ("^.$", ["a", "é", "🏠"], ["\n", "\r", "\u{2028}", "", "ab"]),
            ("\\bfoo\\b", ["foo", "a foo b"], ["foobar", "afoo"]),
            ("^\\Bx|x\\B", ["xy"], ["x"]),
            ("^\\x41\\u00e9\\t\\.\\/$", ["Aé\t./"], ["A"]),
            ("^(?:a(?:b)?)+$", ["aab"], ["b"]),
            ("^((a*)*)*$", ["aaaa", ""], ["b"]),
            ("^[A-Za-z0-9_-]{11}$", ["dQw4w9WgXcQ", "-Qw4w9WgXcQ"], ["dQw4w9WgXc", "dQw4w9WgXcQ\n", "dQw4w9WgXc@"]),
        ] as [(String, [String], [String])]
    )
    func matchesAsECMAScriptDoes(source: String, yes: [String], no: [String]) throws {
        let pattern = try Pattern(source)
        for text in yes { #expect(pattern.matches(text), "\(source) on \(text)") }
        for text in no { #expect(!pattern.matches(text), "\(source) on \(text)") }
    }

    @Test(
        arguments: [
            ("[a-z]+", ["abc"], ["abc1", "1abc", "", "abc\n"]),
            ("a|ab", ["a", "ab"], ["b", "aba"]),
            ("a*", ["", "aaa"], ["b"]),
            ("^a$", ["a"], ["aa"]),
        ] as [(String, [String], [String])]
    )
    func matchesWholeTexts(source: String, yes: [String], no: [String]) throws {
        let pattern = try Pattern(source)
        for text in yes { #expect(pattern.matchesWhole(text), "\(source) on \(text)") }
        for text in no { #expect(!pattern.matchesWhole(text), "\(source) on \(text)") }
    }

    @Test(arguments: [
        ("(a", "a ( that is not closed at character 1"),
        ("a)", "a ) without its ( at character 2"),
        ("[a", "a [ that is not closed at character 1"),
        ("[z-a]", "a range must go from a character to a later one at character 2"),
        ("[\\d-z]", "a range must go from a character to a later one at character 2"),
        ("*a", "nothing to repeat at character 1"),
        ("a**", "nothing to repeat at character 3"),
        ("^*", "nothing to repeat at character 1"),
        ("a{3,1}", "the counts are the wrong way round at character 2"),
        ("a{", "a number must stand here; a plain { is written \\{ at character 3"),
        ("a{1", "{ is not closed; a plain { is written \\{ at character 2"),
        ("a{99999}", "a count is at most 1000 at character 7"),
        ("a}", "a plain } is written \\} at character 2"),
        ("\\", "nothing follows the backslash at character 1"),
        ("\\p{L}", "\\p is not supported at character 1"),
        ("(a)\\1", "\\1 is not supported at character 4"),
        ("\\xZZ", "2 hexadecimal digits of a character must follow at character 1"),
        ("\\uD800", "4 hexadecimal digits of a character must follow at character 1"),
        ("(?=a)", "of the groups that begin with (? only (?:…) is supported at character 1"),
        ("((((a{99}){99}){99}){99})", "the expression is too large at character 1"),
        ("((((){1000}){1000}){1000})", "the expression is too large at character 1"),
    ])
    func refusesWithThePlace(source: String, message: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(source) }
        #expect(error?.description == message)
    }

    @Test func refusesWhatIsTooLongOrTooDeep() {
        #expect(throws: PatternError.self) { try Pattern(String(repeating: "a", count: 1_001)) }
        #expect(throws: PatternError.self) {
            try Pattern(String(repeating: "(", count: 51) + String(repeating: ")", count: 51))
        }
    }

    /// A backtracking engine needs 2⁵⁰⁰⁰ steps for these.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a?){30}a{30}$", "^(.*)*x$"])
    func takesTimeInProportionToTheText(source: String) throws {
        let pattern = try Pattern(source)
        #expect(!pattern.matches(String(repeating: "a", count: 5_000) + "b"))
    }

    @Test func aTextBeyondTheLimitMatchesNothing() throws {
        let pattern = try Pattern("a")
        #expect(pattern.matches(String(repeating: "a", count: Pattern.textLimit)))
        #expect(!pattern.matches(String(repeating: "a", count: Pattern.textLimit + 1)))
    }
}
