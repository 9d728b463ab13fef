import HostAPI
import Manifests
import Testing

@Suite struct YAMLParserTests {
    private func parse(_ text: String) throws -> YAMLNode { try YAMLParser.parse(Array(text.utf8), file: "x.yaml") }

    private func failure(_ bytes: [UInt8]) -> String? {
        do {
            _ = try YAMLParser.parse(bytes, file: "x.yaml")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        arguments: [
            ("true", JSONValue.bool(true)), ("False", .bool(false)), ("null", .null), ("~", .null), ("", .null),
            ("yes", .string("yes")), ("on", .string("on")), ("No", .string("No")), ("y", .string("y")),
            ("\"true\"", .string("true")), ("'1'", .string("1")), ("12", .integer(12)), ("-7", .integer(-7)),
            ("+3", .integer(3)), ("0x1F", .integer(31)), ("0o17", .integer(15)), ("0b1", .string("0b1")),
            ("1_000", .string("1_000")), ("1.5", .number(1.5)), (".5", .number(0.5)), ("1.", .number(1)),
            ("1e3", .number(1000)), ("-1.5E-2", .number(-0.015)), ("1.2.3", .string("1.2.3")),
            ("12:30", .string("12:30")),
            ("2026-01-31", .string("2026-01-31")), ("0x", .string("0x")), ("1e", .string("1e")),
            (".", .string(".")), ("|\n  text", .string("text")), ("!!str 12", .string("12")), ("! 12", .string("12")),
            ("!!int 12", .integer(12)), ("9223372036854775807", .integer(.max)),
        ] as [(String, JSONValue)]
    )
    func readsScalarsByTheCoreSchemaOfYAML12(source: String, expected: JSONValue) throws {
        #expect(try parse("key: \(source)").jsonValue == .object(["key": expected]))
    }

    @Test func marksEveryNodeAndKey() throws {
        let node = try parse("a: 1\nlist:\n  - x\n  - {ü: [1, 2]}\n")
        guard case .mapping(let members) = node.content, case .sequence(let items) = members[1].value.content,
            case .mapping(let inner) = items[1].content, case .sequence(let numbers) = inner[0].value.content
        else {
            Issue.record("not the tree that was written")
            return
        }
        #expect(members[0].value.mark == SourceMark(line: 1, column: 4))
        #expect(members[1].keyMark == SourceMark(line: 2, column: 1))
        #expect(items[0].mark == SourceMark(line: 3, column: 5))
        #expect(inner[0].keyMark == SourceMark(line: 4, column: 6))
        #expect(numbers[1].mark == SourceMark(line: 4, column: 13))
    }

    @Test(arguments: [
        (
            "a: [1\n",
            "x.yaml:2:1: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence, which began in line 1"
        ),
        (
            "a: \"x\n",
            "x.yaml:2:1: not valid YAML: found unexpected end of stream while scanning a quoted scalar, which began in line 1"
        ),
        ("a:\n\t- x\n", "x.yaml:2:1: not valid YAML: a tab cannot indent; use spaces"),
        ("a: b: c\n", "x.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document begins here; a manifest is one document"),
        (
            "a: &x 1\nb: *x\n",
            "x.yaml:1:4: anchors (&name) are not supported\nx.yaml:2:4: aliases (*name) are not supported; write the value out"
        ),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key \"a\" is already in line 1"),
        ("? [a]\n: b\n", "x.yaml:1:3: a key must be text"),
        ("a: !secret x\n", "x.yaml:1:4: the tag \"!secret\" does not fit here; leave it out"),
        ("a: !!binary x\n", "x.yaml:1:4: the tag \"!!binary\" does not fit here; leave it out"),
        ("a: !!int x\n", "x.yaml:1:4: the tag \"!!int\" does not fit here; leave it out"),
        (
            "a: 12345678901234567890\n",
            "x.yaml:1:4: 12345678901234567890 is too large for a number; if it is text, put it in quotes"
        ),
        ("a: 1e999\n", "x.yaml:1:4: 1e999 is too large for a number; if it is text, put it in quotes"),
        ("a: -.inf\n", "x.yaml:1:4: -.inf is not a number that can be used here; if it is text, put it in quotes"),
        ("a: \u{1}\n", "x.yaml:1:4: not valid YAML: control characters are not allowed"),
    ])
    func refusesWithTheExactPlace(source: String, message: String) {
        #expect(failure(Array(source.utf8)) == message)
    }

    @Test func refusesBytesThatAreNotUTF8WithTheirPlace() {
        #expect(failure(Array("a: 1\nb: ü".utf8) + [0xFF]) == "x.yaml:2:5: the file is not UTF-8 text")
        #expect(failure([0xFF, 0xFE, 0x61, 0x00]) == "x.yaml:1:1: the file is not UTF-8 text")
        #expect(failure(Array("a: ".utf8) + [0xC3]) == "x.yaml:1:4: the file is not UTF-8 text")
    }

    @Test func refusesMoreThanOneMebibyte() throws {
        let full = "#" + String(repeating: "x", count: YAMLParser.sizeLimit - 2) + "\n"
        #expect(try parse(full).jsonValue == .null)
        #expect(failure(Array((full + "#").utf8)) == "x.yaml:1:1: the file is larger than 1 MiB")
    }

    @Test func refusesNestingBeyondTheLimitAndNotBefore() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(YAMLParser.depthLimit + 1))
        #expect(failure(Array(nested(66).utf8)) == "x.yaml:1:66: nested deeper than 64 levels")
        #expect(failure(Array(String(repeating: "[", count: 1 << 20).utf8))?.contains("nested") == true)
        #expect(failure(Array(String(repeating: "a: {", count: 1 << 18).utf8)) != nil)
    }

    @Test func ignoresAByteOrderMarkAndReadsCRLF() throws {
        let node = try parse("\u{FEFF}a: 1\r\nb: two\r\n")
        #expect(node.jsonValue == .object(["a": .integer(1), "b": .string("two")]))
        guard case .mapping(let members) = node.content else { return }
        #expect(members[0].keyMark == SourceMark(line: 1, column: 1))
        #expect(members[1].value.mark == SourceMark(line: 2, column: 4))
    }

    @Test func readsJSON() throws {
        let json = #"{"a": [1, 2.5, "x\u00fc", null, true], "b": {"c/d": {}}}"#
        #expect(try parse(json).jsonValue == JSONValue(parsing: json))
    }
}
