import HostAPI
import Manifests
import Testing

/// Cases of our own in the spirit of the published JSON Schema tests, for the keywords that the subset has.
@Suite struct SettingsValidationTests {
    private static func schema(_ text: String) throws -> SettingsSchema { try SettingsSchema(parsing: text, file: "s") }

    /// Values as JSON text.
    @Test(
        arguments: [
            ("{type: integer}", ["0", "-1", "1.0", "1e2"], ["1.1", "\"1\"", "{}", "[]", "true", "null"]),
            ("{type: number}", ["1", "1.0", "1.1"], ["\"1.1\"", "{}", "[]", "false", "null"]),
            ("{type: string}", ["\"\"", "\"1\""], ["1", "1.1", "{}", "[]", "true", "null"]),
            ("{type: boolean}", ["true", "false"], ["0", "1", "\"\"", "\"true\"", "null"]),
            ("{type: object}", ["{}"], ["[]", "1", "\"\"", "null"]),
            (
                "{type: array, items: {type: string}}", ["[]", "[\"a\"]"],
                ["{}", "\"a\"", "null", "[1]", "[\"a\", null]"]
            ),
            ("{type: number, minimum: 1.1}", ["1.1", "2.6", "2"], ["0.6", "1"]),
            ("{type: integer, minimum: -2}", ["-2", "-1", "0", "-2.0"], ["-3", "-2.0001"]),
            ("{type: number, maximum: 3}", ["3", "3.0", "-5"], ["3.01", "4"]),
            ("{type: integer, maximum: 9007199254740993}", ["9007199254740993"], ["9007199254740994"]),
            ("{type: number, exclusiveMinimum: 1.1}", ["1.2"], ["1.1", "0.6"]),
            ("{type: number, exclusiveMaximum: 3}", ["2.9"], ["3", "3.0", "3.5"]),
            ("{type: string, minLength: 2}", ["\"foo\"", "\"fo\"", "\"🏠🏠\""], ["\"f\"", "\"🏠\""]),
            ("{type: string, maxLength: 2}", ["\"\"", "\"fo\"", "\"🏠🏠\""], ["\"foo\""]),
            ("{type: string, pattern: \"^a*$\"}", ["\"\"", "\"aaa\""], ["\"abc\""]),
            ("{type: string, pattern: \"a+\"}", ["\"xxaayy\""], ["\"xyz\""]),
            ("{type: array, items: {type: integer}, minItems: 1}", ["[1]", "[1, 2]"], ["[]"]),
            ("{type: array, items: {type: integer}, maxItems: 2}", ["[]", "[1, 2]"], ["[1, 2, 3]"]),
            (
                "{type: array, items: {type: number}, uniqueItems: true}", ["[]", "[1, 2]"],
                ["[1, 1]", "[1.0, 1]", "[1, 2, 1]"]
            ),
            (
                "{type: array, uniqueItems: true, items: {type: object, additionalProperties: true}}",
                ["[{\"a\": 1}, {\"a\": 2}]", "[{\"a\": 1}, {\"a\": true}]", "[{\"a\": false}, {\"a\": 0}]"],
                ["[{\"a\": 1, \"b\": 2}, {\"b\": 2.0, \"a\": 1}]"]
            ),
            ("{type: number, enum: [1, 2.5]}", ["1", "1.0", "2.5"], ["2", "3"]),
            ("{type: boolean, enum: [false]}", ["false"], ["0", "true", "null"]),
            ("{type: string, enum: [\"hello\\0there\"]}", ["\"hello\\u0000there\""], ["\"hellothere\""]),
            ("{type: array, items: {type: integer}, enum: [[0]]}", ["[0]", "[0.0]"], ["[]", "[1]"]),
            ("{type: number, const: 2}", ["2", "2.0"], ["5"]),
            (
                "{type: object, additionalProperties: true, const: {a: 1}}", ["{\"a\": 1}", "{\"a\": 1.0}"],
                ["{}", "{\"a\": true}"]
            ),
            (
                "{type: object, properties: {a: {type: integer}, b: {type: string}}}",
                ["{}", "{\"a\": 1}", "{\"a\": 1, \"b\": \"\"}"],
                ["{\"a\": \"\"}", "{\"a\": [], \"b\": {}}", "{\"c\": 1}"]
            ),
            (
                "{type: object, properties: {a: {type: integer}}, additionalProperties: true}", ["{\"c\": []}"],
                ["{\"a\": []}"]
            ),
            ("{type: object, additionalProperties: {type: boolean}}", ["{\"a\": true}"], ["{\"a\": 1}"]),
            ("{type: object, required: [a], properties: {a: {type: integer}}}", ["{\"a\": 1}"], ["{}", "{\"b\": 1}"]),
            ("{type: object, required: [a], additionalProperties: true}", ["{\"a\": null}"], ["{}"]),
            (
                "{type: object, properties: {\"a.b/c~d\": {type: integer}}}", ["{\"a.b/c~d\": 1}"],
                ["{\"a.b/c~d\": true}"]
            ),
        ] as [(String, [String], [String])]
    )
    func judges(schema: String, valid: [String], invalid: [String]) throws {
        let schema = try Self.schema(schema)
        for text in valid { #expect(schema.validate(try JSONValue(parsing: text)) == [], "\(text)") }
        for text in invalid { #expect(schema.validate(try JSONValue(parsing: text)) != [], "\(text)") }
    }

    @Test(
        arguments: [
            (
                SettingsFormat.hostname, ["plug", "plug.local", "a-b.example.org", "192.168.1.20", "1"],
                ["", "-a", "a-", "a..b", "a.", "a_b", "ü", "a b", String(repeating: "a", count: 64)]
            ),
            (
                .ipv4, ["0.0.0.0", "192.168.1.255"],
                ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", "0x1.2.3.4", "1.2.3.٤"]
            ),
            (
                .url, ["http://a", "https://example.org:8443/x?y=z#w", "mqtt://[fe80::1]:1883", "rtsp://cam.local/1"],
                [
                    "", "a", "http:", "http://", "http:///x", "://a", "http://a b", "http://user:secret@a/",
                    "http://a:99999", "1http://a", "http://[x]", "http://ü",
                ]
            ),
            (
                .duration, ["0s", "90s", "1h30m", "500ms", "7d", "1d2h3m4s5ms"],
                ["", "90", "s", "1.5s", "-1s", "30m1h", "1s1s", "1 s", "PT1H", "1w", "1234567890s"]
            ),
        ] as [(SettingsFormat, [String], [String])]
    )
    func judgesFormats(format: SettingsFormat, valid: [String], invalid: [String]) {
        for text in valid { #expect(format.accepts(text), "\(text)") }
        for text in invalid { #expect(!format.accepts(text), "\(text)") }
    }

    private static let plugin = """
        type: object
        required: [host]
        properties:
          host: {type: string, format: hostname}
          interval: {type: integer, minimum: 1, maximum: 60}
          mode: {type: string, enum: [auto, manual]}
          password: {type: string, x-secret: true, minLength: 8}
          account: {type: object, properties: {token: {type: string, x-secret: true}}}
          tags: {type: array, maxItems: 1, items: {type: string}}
        """

    @Test func tellsEverythingAtOnceWithPathValueAndWhatIsAllowed() throws {
        let document = try JSONValue(
            parsing: #"{"host": "a b", "interval": 0, "mode": "atuo", "intervall": 5, "tags": ["a", 7]}"#
        )
        #expect(
            try Self.schema(Self.plugin).validate(document).map(\.description) == [
                "/host: must be a host name or an IPv4 address, such as plug.local, is \"a b\"",
                "/interval: must be at least 1, is 0",
                "/intervall: is not a setting (did you mean \"interval\"?)",
                "/mode: must be \"auto\" or \"manual\", is \"atuo\" (did you mean \"auto\"?)",
                "/tags: must have at most 1 item, has 2",
                "/tags/1: must be text, is 7",
            ]
        )
    }

    @Test func suggestsASettingThatIsNotSetYet() throws {
        let problems = try Self.schema(Self.plugin).validate(try JSONValue(parsing: #"{"hots": "a"}"#))
        #expect(
            problems.map(\.description) == ["/host: is required", "/hots: is not a setting (did you mean \"host\"?)"]
        )
    }

    @Test func neverShowsWhatMayBeASecret() throws {
        let schema = try Self.schema(Self.plugin)
        let texts = [
            #"{"host": "a", "password": "hunter2"}"#, #"{"host": "a", "password": ["hunter2"]}"#,
            #"{"host": "a", "pasword": "hunter2"}"#, #"{"host": "a", "account": "hunter2"}"#,
            #"{"host": "a", "account": {"token": 5, "tokn": "hunter2"}}"#,
        ]
        for text in texts {
            let problems = schema.validate(try JSONValue(parsing: text))
            #expect(!problems.isEmpty)
            #expect(problems.allSatisfy { !$0.description.contains("hunter2") && !$0.description.contains("is 5") })
        }
    }

    @Test func saysWhatTheDocumentItselfMustBe() throws {
        let problems = try Self.schema(Self.plugin).validate(.array([]))
        #expect(problems.map(\.description) == ["the settings must be an object"])
    }
}
