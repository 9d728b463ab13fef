import HostAPI
import Manifests
import Testing

@Suite struct SettingsDefaultsTests {
    private static let schema = """
        type: object
        properties:
          interval: {type: integer, default: 10}
          devices: {type: array, default: [], items: {type: object, properties: {port: {type: integer, default: 9999}, host: {type: string}}}}
          log: {type: object, properties: {level: {type: string, default: info}}}
          mqtt: {type: object, required: [host], properties: {host: {type: string}, port: {type: integer, default: 1883}}}
          empty: {type: object, properties: {a: {type: string}}}
          rooms: {type: object, additionalProperties: {type: object, properties: {low: {type: number, default: 18.5}}}}
          preset: {type: object, default: {a: 1}, properties: {a: {type: integer}, b: {type: integer, default: 2}}}
        """

    @Test(arguments: [
        ("{}", #"{"devices":[],"interval":10,"log":{"level":"info"},"preset":{"a":1,"b":2}}"#),
        (
            #"{"interval":5,"log":{"level":"debug"},"devices":[{"host":"a"},{"port":1}],"preset":{}}"#,
            #"{"devices":[{"host":"a","port":9999},{"port":1}],"interval":5,"log":{"level":"debug"},"preset":{"b":2}}"#
        ),
        (
            #"{"mqtt":{"host":"a"},"rooms":{"attic":{}},"preset":{"a":7}}"#,
            #"{"devices":[],"interval":10,"log":{"level":"info"},"mqtt":{"host":"a","port":1883},"preset":{"a":7,"b":2},"rooms":{"attic":{"low":18.5}}}"#
        ),
        (
            #"{"devices":null,"interval":null,"mqtt":null,"empty":null}"#,
            #"{"devices":[],"interval":10,"log":{"level":"info"},"preset":{"a":1,"b":2}}"#
        ),
        (
            #"{"unknown":1,"interval":"x"}"#,
            #"{"devices":[],"interval":"x","log":{"level":"info"},"preset":{"a":1,"b":2},"unknown":1}"#
        ),
        ("[1]", "[1]"),
    ])
    func fillsWhatIsLeftOut(document: String, expected: String) throws {
        let schema = try SettingsSchema(parsing: Self.schema, file: "s")
        let filled = schema.fillingDefaults(try JSONValue(parsing: document))
        #expect(filled.text == expected)
        #expect(schema.fillingDefaults(filled) == filled)
    }

    @Test func aFilledDocumentIsValidIfNothingRequiredIsOpen() throws {
        let schema = try SettingsSchema(parsing: Self.schema, file: "s")
        #expect(schema.validate(schema.fillingDefaults(.object([:]))) == [])
    }
}
