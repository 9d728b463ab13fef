import HostAPI
import Manifests
import Testing

@testable import Conformance

/// Which settings a plugin is given.
@Suite struct SettingsTests {
    private static let text = """
        type: object
        required: [host, level, rooms]
        properties:
          host: {type: string, format: hostname, examples: [192.168.1.20], x-restart: client}
          level: {type: integer, minimum: 3, maximum: 5}
          share: {type: number, exclusiveMinimum: 0, maximum: 1, default: 0.5, x-restart: hot}
          name: {type: string, minLength: 2, maxLength: 4, default: ab}
          code: {type: string, pattern: '^[a-z]+$', default: abc}
          mode: {type: string, enum: [fast, slow], default: slow}
          on: {type: boolean, default: true}
          rooms: {type: array, minItems: 2, maxItems: 3, uniqueItems: true, items: {type: integer}}
          inner: {type: object, properties: {depth: {type: integer, default: 1, minimum: 0}}}
        """

    private var schema: SettingsSchema {
        get throws { try SettingsSchema(parsing: Self.text, file: "schema") }
    }

    @Test func whatIsRequiredIsMadeUp() throws {
        let settings = StartingSettings(schema: try schema, given: nil)
        #expect(settings.problems.isEmpty)
        #expect(settings.invented == ["/host", "/level", "/rooms"])
        #expect(settings.document["name"] == .string("ab"))
    }

    @Test func addressesLeadToThisMachine() throws {
        let settings = StartingSettings(schema: try schema, given: nil)
        #expect(settings.document["host"] == .string("localhost"))
        for format in ["hostname", "ipv4", "url"] {
            let schema = try SettingsSchema(parsing: "{type: string, format: \(format)}", file: "schema")
            for value in SampleValues.edges(schema) {
                let text = try #require(value.stringValue)
                #expect(text.contains("127.") || text == "localhost")
            }
        }
    }

    @Test func whatCannotBeMadeUpIsTold() throws {
        let schema = try SettingsSchema(
            parsing: "{type: object, required: [key], properties: {key: {type: string, pattern: '^[0-9a-f]{32}$'}}}",
            file: "schema"
        )
        let open = StartingSettings(schema: schema, given: nil)
        #expect(open.problems.map(\.pointer) == ["/key"])
        let given = JSONValue.object(["key": .string(String(repeating: "0", count: 32))])
        #expect(StartingSettings(schema: schema, given: given).problems.isEmpty)
    }

    @Test func everyVariationIsValidAndDiffersInOnePlace() throws {
        let schema = try schema
        let base = StartingSettings(schema: schema, given: nil).document
        let variations = SettingsVariation.all(of: schema, base: base, fixed: nil)
        for variation in variations {
            #expect(schema.validate(variation.document).isEmpty, "\(variation.shown)")
            #expect(!variation.change.isEmpty, "\(variation.shown)")
            #expect(variation.change.entries.allSatisfy { $0.pointer.hasPrefix(variation.pointer) })
        }
        let values = Dictionary(grouping: variations, by: \.pointer).mapValues { Set($0.map(\.value)) }
        #expect(values["/level"] == [.integer(5)] || values["/level"] == [.integer(3), .integer(5)])
        #expect(values["/on"] == [.bool(false)])
        #expect(values["/mode"] == [.string("fast")])
        #expect(values["/inner/depth"]?.contains(.integer(.max)) == true)
        #expect(values["/name"]?.contains { $0.stringValue?.unicodeScalars.count == 4 } == true)
    }

    @Test func whatTheUserGaveStaysAsItIs() throws {
        let given = JSONValue.object(["level": .integer(4), "inner": .object(["depth": .integer(7)])])
        let base = StartingSettings(schema: try schema, given: given).document
        for variation in SettingsVariation.all(of: try schema, base: base, fixed: given) {
            #expect(variation.document["level"] == .integer(4))
            #expect(variation.document["inner"]?["depth"] == .integer(7))
        }
    }
}
