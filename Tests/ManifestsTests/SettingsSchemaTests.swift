import HostAPI
import Manifests
import Testing

@Suite struct SettingsSchemaTests {
    @Test(arguments: [
        ("type: object\nproprties: {}", ["11:3: unknown schema keyword \"proprties\" (did you mean \"properties\"?)"]),
        ("type: object\noneOf: []", ["11:3: unknown schema keyword \"oneOf\""]),
        ("type: object\n$ref: x", ["11:3: unknown schema keyword \"$ref\""]),
        ("properties: {}", ["10:3: \"type\" is missing in \"settings\""]),
        (
            "type: objekt",
            [
                "10:9: \"type\" must be object, array, string, integer, number or boolean, is \"objekt\" (did you mean \"object\"?)"
            ]
        ),
        (
            "type: [object, string]",
            ["10:9: \"type\" must be object, array, string, integer, number or boolean, is a list"]
        ),
        ("type: object\nminLength: 1", ["11:14: \"minLength\" does not go with the type object"]),
        (
            "type: object\nrequired: [hots]\nproperties: {host: {type: string}}",
            [
                "11:14: an item of \"required\" names \"hots\", which \"properties\" does not have (did you mean \"host\"?)"
            ]
        ),
        (
            "type: object\nrequired: [a, a]\nproperties: {a: {type: string}}",
            ["11:17: an item of \"required\" is there twice"]
        ),
        ("type: object\nrequired: host", ["11:13: \"required\" must be a list, is \"host\""]),
        ("type: object\nproperties: []", ["11:15: \"properties\" must be a mapping, is a list"]),
        (
            "type: object\nadditionalProperties: 5",
            ["11:25: \"additionalProperties\" must be true, false or a schema, is the number 5"]
        ),
        (
            "type: object\nadditionalProperties: {type: text}",
            ["11:32: \"type\" must be object, array, string, integer, number or boolean, is \"text\""]
        ),
        ("type: object\nx-restart: cold", ["11:14: \"x-restart\" must be hot, stream, client or plugin, is \"cold\""]),
    ])
    func refusesARoot(schema: String, expected: [String]) {
        #expect(problems(ofSettings: schema) == expected)
    }

    /// One property `p`, whose schema begins at line 11, column 19.
    @Test(arguments: [
        ("{type: array}", "11:19: \"items\" is missing in \"p\""),
        (
            "{type: array, items: {type: strin}}",
            "11:47: \"type\" must be object, array, string, integer, number or boolean, is \"strin\" (did you mean \"string\"?)"
        ),
        (
            "{type: array, items: {type: string}, minItems: 2, maxItems: 1}",
            "11:79: \"maxItems\" is less than \"minItems\""
        ),
        (
            "{type: array, items: {type: string}, uniqueItems: yes}",
            "11:69: \"uniqueItems\" must be true or false, is \"yes\"; write true"
        ),
        ("{type: string, minLength: -1}", "11:45: \"minLength\" must be a whole number from 0, is the number -1"),
        ("{type: string, minLength: 1.5}", "11:45: \"minLength\" must be a whole number from 0, is the number 1.5"),
        ("{type: string, minLength: 3, maxLength: 2}", "11:59: \"maxLength\" is less than \"minLength\""),
        (
            "{type: string, pattern: \"[a\"}",
            "11:43: \"pattern\" is not a usable pattern: a [ that is not closed at character 1"
        ),
        ("{type: string, pattern: 5}", "11:43: \"pattern\" must be text, is the number 5; put it in quotes"),
        (
            "{type: string, format: uri}",
            "11:42: \"format\" must be hostname, ipv4, url or duration, is \"uri\" (did you mean \"url\"?)"
        ),
        ("{type: string, x-secret: on}", "11:44: \"x-secret\" must be true or false, is \"on\"; write true"),
        ("{type: integer, x-secret: true}", "11:45: \"x-secret\" does not go with the type integer"),
        (
            "{type: string, x-secret: true, default: x}",
            "11:59: \"default\" must not stand beside \"x-secret\": it would be known to everybody"
        ),
        ("{type: integer, minimum: low}", "11:44: \"minimum\" must be a number, is \"low\""),
        ("{type: integer, minimum: 5, maximum: 4}", "11:56: \"maximum\" is less than \"minimum\""),
        ("{type: integer, default: 1.5}", "11:44: \"default\" does not fit its own schema: it must be a whole number"),
        ("{type: integer, default: null}", "11:44: \"default\" does not fit its own schema: it must be a whole number"),
        ("{type: boolean, default: off}", "11:44: \"default\" does not fit its own schema: it must be true or false"),
        (
            "{type: number, maximum: 5, default: 6}",
            "11:55: \"default\" does not fit its own schema: it must be at most 5"
        ),
        ("{type: string, enum: []}", "11:40: \"enum\" must list at least one value"),
        ("{type: string, enum: [a, a]}", "11:44: an item of \"enum\" is there twice"),
        ("{type: string, enum: [a, 5]}", "11:44: an item of \"enum\" does not fit its own schema: it must be text"),
        (
            "{type: string, enum: [auto, manual], default: atuo}",
            "11:65: \"default\" does not fit its own schema: it must be \"auto\" or \"manual\" (did you mean \"auto\"?)"
        ),
        ("{type: string, const: a, enum: [a]}", "11:41: \"const\" and \"enum\" exclude each other"),
        ("{type: string, const: 5}", "11:41: \"const\" does not fit its own schema: it must be text"),
        (
            "{type: string, examples: [x, 5]}",
            "11:48: an item of \"examples\" does not fit its own schema: it must be text"
        ),
        (
            "{type: array, items: {type: integer}, default: [1, x]}",
            "11:66: \"default\" does not fit its own schema: it must be a whole number (at /1)"
        ),
        (
            "{type: object, properties: {a: {type: string}}, default: {b: c}}",
            "11:76: \"default\" does not fit its own schema: it is not a setting (at /b)"
        ),
        ("{type: string, title: 5}", "11:41: \"title\" must be text, is the number 5; put it in quotes"),
        ("{type: string, x-order: first}", "11:43: \"x-order\" must be a whole number from 0, is \"first\""),
        ("{type: string, x-unit: \"\"}", "11:42: \"x-unit\" must not be empty"),
        ("string", "11:19: \"p\" must be a mapping, is \"string\""),
    ])
    func refusesAProperty(schema: String, expected: String) {
        #expect(problems(ofSettings: "type: object\nproperties: {p: \(schema)}") == [expected])
    }

    @Test func tellsAboutEveryPropertyAtOnce() {
        let schema = "type: object\nproperties: {a: {type: int}, b: {type: string, formt: x}, c: {}}"
        #expect(problems(ofSettings: schema).count == 3)
    }

    @Test func inheritsTheRestartScope() throws {
        let schema = try SettingsSchema(
            parsing: """
                type: object
                properties:
                  a: {type: string}
                  b:
                    type: object
                    x-restart: client
                    properties:
                      c: {type: string}
                      d: {type: array, x-restart: hot, items: {type: string}}
                    additionalProperties: {type: string}
                """,
            file: "x"
        )
        let text = schema.jsonValue
        func scope(_ keys: String...) -> String? { keys.reduce(text) { $0[$1] ?? .null }["x-restart"]?.stringValue }
        #expect(scope() == "plugin")
        #expect(scope("properties", "a") == "plugin")
        #expect(scope("properties", "b") == "client")
        #expect(scope("properties", "b", "properties", "c") == "client")
        #expect(scope("properties", "b", "properties", "d", "items") == "hot")
        #expect(scope("properties", "b", "additionalProperties") == "client")
    }

    @Test func ordersPropertiesForAForm() throws {
        let text =
            "{type: object, properties: {z: {type: string}, y: {type: string, x-order: 2}, x: {type: string, x-order: 1}}}"
        guard case .object(let rules) = try SettingsSchema(parsing: text, file: "x").shape else { return }
        #expect(rules.order == ["x", "y", "z"])
    }

    @Test func writesItselfAsJSONSchemaThatReadsBackTheSame() throws {
        let text = """
            type: object
            title: All
            required: [host]
            properties:
              host: {type: string, format: hostname, minLength: 1, maxLength: 9, pattern: "^a", examples: [a]}
              mode: {type: string, enum: [a, b], default: a, x-order: 1}
              level: {type: number, minimum: 1, maximum: 9, x-unit: dB, x-restart: hot}
              count: {type: integer, exclusiveMinimum: 1, exclusiveMaximum: 9}
              on: {type: boolean, description: text}
              key: {type: string, x-secret: true}
              list: {type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {type: integer}}
              map: {type: object, additionalProperties: {type: boolean}}
              open: {type: object, additionalProperties: true}
            """
        let schema = try SettingsSchema(parsing: text, file: "x")
        let again = try SettingsSchema(parsing: schema.jsonValue.text, file: "y")
        #expect(again.jsonValue == schema.jsonValue)
        #expect(schema.jsonValue["additionalProperties"] == .bool(false))
    }
}
