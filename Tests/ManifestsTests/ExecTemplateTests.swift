import HostAPI
import Manifests
import Testing

@Suite struct ExecTemplateTests {
    private func template(_ arguments: String, _ placeholders: String = "{id: \".*\"}") throws -> ExecTemplate {
        let more = """
            permissions:
              exec:
                run:
                  path: /usr/bin/run
                  arguments: \(arguments)
                  placeholders: \(placeholders)
            """
        return try #require(try Manifest(parsing: minimal(more), file: "x").permissions.programs["run"])
    }

    private func refusal(_ arguments: String, _ placeholders: String = "{id: \".*\"}") -> [String] {
        problems(
            of: minimal(
                "permissions: {exec: {run: {path: /bin/x, arguments: \(arguments), placeholders: \(placeholders)}}}"
            )
        )
    }

    @Test func fillsPlaceholders() throws {
        let template = try template(
            #"["-J", "--format={format}", "n={n}", "--", "{id}"]"#,
            #"{id: "[A-Za-z0-9_-]{11}", format: "[a-z0-9]+", n: "[0-9]+"}"#
        )
        let values = JSONValue.object(["id": .string("-Qw4w9WgXcQ"), "format": .string("best"), "n": .integer(7)])
        #expect(try template.fill(values) == ["-J", "--format=best", "n=7", "--", "-Qw4w9WgXcQ"])
        #expect(template.path == "/usr/bin/run")
        #expect((template.timeoutSeconds, template.memoryMegabytes, template.outputMegabytes) == (60, 256, 16))
    }

    @Test func keepsOneArgumentOne() throws {
        let template = try template(#"["{id}"]"#)
        let text = "a b; rm -rf $HOME `x` \"'\\ {id}"
        #expect(try template.fill(.object(["id": .string(text)])) == [text])
    }

    @Test(
        arguments: [
            (JSONValue.array([]), "the arguments must be a JSON object"),
            (.object([:]), "a value for the placeholder \"id\" is missing"),
            (.object(["id": .string("ab"), "x": .null]), "the program has no placeholder \"x\""),
            (.object(["ID": .string("ab")]), "the program has no placeholder \"ID\" (did you mean \"id\"?)"),
            (.object(["id": .bool(true)]), "the value of \"id\" must be text or an integer, is a boolean"),
            (.object(["id": .array([.string("ab")])]), "the value of \"id\" must be text or an integer, is an array"),
            (.object(["id": .string("abc")]), "the value of \"id\" does not match the manifest's pattern [a-z-]{2}"),
            (.object(["id": .string("ab\n")]), "the value of \"id\" does not match the manifest's pattern [a-z-]{2}"),
            (.object(["id": .string("a\u{0}")]), "the value of \"id\" contains a NUL character"),
            (.object(["id": .string("-a")]), "the value of \"id\" begins with - and would be taken for an option"),
            (
                .object(["id": .string(String(repeating: "a", count: 4_097))]),
                "the value of \"id\" is longer than 4096 bytes"
            ),
        ] as [(JSONValue, String)]
    )
    func refusesAValue(values: JSONValue, message: String) throws {
        let template = try template(#"["{id}"]"#, #"{id: "[a-z-]{2}"}"#)
        let error = #expect(throws: ExecTemplateError.self) { try template.fill(values) }
        #expect(error?.description == message)
    }

    @Test func aLeadingHyphenIsFineWhereItCannotBeAnOption() throws {
        let value = JSONValue.object(["id": .string("-x")])
        #expect(try template(#"["--", "{id}"]"#).fill(value) == ["--", "-x"])
        #expect(try template(#"["--id={id}"]"#).fill(value) == ["--id=-x"])
        #expect(try template(#"["file:{id}"]"#).fill(value) == ["file:-x"])
    }

    @Test func judgesTheArgumentAndNotTheValueAlone() throws {
        let template = try template(#"["{a}{b}"]"#, #"{a: "x?", b: ".*"}"#)
        #expect(try template.fill(.object(["a": .string("x"), "b": .string("-v")])) == ["x-v"])
        #expect(throws: ExecTemplateError.looksLikeOption("a")) {
            try template.fill(.object(["a": .string(""), "b": .string("-v")]))
        }
    }

    @Test(
        arguments: [
            (
                #"["{di}"]"#,
                [
                    "9:54: an item of \"arguments\" uses the placeholder {di}, which \"placeholders\" does not declare (did you mean \"id\"?)",
                    "9:78: \"id\" is a placeholder that no argument uses",
                ]
            ),
            (#"["x"]"#, ["9:75: \"id\" is a placeholder that no argument uses"]),
            (
                #"["--{id}"]"#,
                [
                    "9:54: an item of \"arguments\" lets a value choose an option; a placeholder in an option stands after a =, as in --id={id}"
                ]
            ),
            (
                #"["-o{id}"]"#,
                [
                    "9:54: an item of \"arguments\" lets a value choose an option; a placeholder in an option stands after a =, as in --id={id}"
                ]
            ),
            (#"["--", "-{id}"]"#, []),
            (
                #"["{id"]"#,
                [
                    "9:54: an item of \"arguments\" must be text in which braces stand only around a placeholder's name, such as \"--id={id}\", is \"{id\""
                ]
            ),
            (
                #"["{id}}"]"#,
                [
                    "9:54: an item of \"arguments\" must be text in which braces stand only around a placeholder's name, such as \"--id={id}\", is \"{id}}\""
                ]
            ),
            (#"["{id}", 5]"#, ["9:62: an item of \"arguments\" must be text, is the number 5; put it in quotes"]),
        ] as [(String, [String])]
    )
    func judgesTheDeclaration(arguments: String, expected: [String]) {
        #expect(refusal(arguments) == expected)
    }

    @Test func refusesAPatternThatCannotBeUsedWithItsPlace() {
        #expect(
            refusal(#"["{id}"]"#, #"{id: "(a"}"#)
                == ["9:82: \"id\" is not a usable pattern: a ( that is not closed at character 1"]
        )
    }

    @Test func takesLimitsWithinReason() {
        func limits(_ text: String) -> [String] {
            problems(of: minimal("permissions: {exec: {run: {path: /bin/x, \(text)}}}"))
        }
        #expect(limits("timeout_seconds: 5, memory_mb: 64, output_mb: 1") == [])
        #expect(
            limits("memory_mb: 1") == ["9:53: \"memory_mb\" must be a whole number from 8 to 16384, is the number 1"]
        )
        #expect(limits("timeout: 1") == ["9:42: unknown key \"timeout\""])
    }
}
