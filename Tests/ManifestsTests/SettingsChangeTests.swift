import HostAPI
import Manifests
import Testing

@Suite struct SettingsChangeTests {
    private static let text = """
        type: object
        properties:
          interval: {type: integer, x-restart: hot}
          topic: {type: string, x-restart: stream}
          mode: {type: string, x-restart: client}
          host: {type: string}
          password: {type: string, x-secret: true, x-restart: client}
          devices:
            type: array
            x-restart: hot
            items: {type: object, properties: {name: {type: string}, key: {type: string, x-secret: true, x-restart: stream}}}
          rooms: {type: object, x-restart: hot, additionalProperties: {type: number}}
          open: {type: object, x-restart: stream, additionalProperties: true}
        """

    private static func diff(_ old: String, _ new: String) throws -> SettingsChange {
        let schema = try SettingsSchema(parsing: text, file: "s")
        return schema.diff(old: try JSONValue(parsing: old), new: try JSONValue(parsing: new))
    }

    @Test(
        arguments: [
            ("{}", "{}", [], .hot),
            (#"{"interval":1,"mode":"a"}"#, #"{"mode":"a","interval":1}"#, [], .hot),
            (#"{"interval":1}"#, #"{"interval":1.0}"#, [], .hot),
            (#"{"interval":1}"#, #"{"interval":2}"#, ["/interval"], .hot),
            (#"{"interval":1}"#, #"{}"#, ["/interval"], .hot),
            (#"{"interval":1}"#, #"{"interval":2,"topic":"x"}"#, ["/interval", "/topic"], .stream),
            (#"{"mode":"a"}"#, #"{"mode":"b","topic":"x"}"#, ["/mode", "/topic"], .client),
            (#"{"mode":"a"}"#, #"{"mode":"b","host":"x"}"#, ["/host", "/mode"], .plugin),
            (
                #"{"rooms":{"a":1,"b":2}}"#, #"{"rooms":{"b":3,"c/d":4}}"#, ["/rooms/a", "/rooms/b", "/rooms/c~1d"],
                .hot
            ),
            (#"{"devices":[{"name":"a"}]}"#, #"{"devices":[{"name":"b"}]}"#, ["/devices/0/name"], .hot),
            (#"{"devices":[{"name":"a"}]}"#, #"{"devices":[]}"#, ["/devices"], .hot),
            (#"{"devices":[{"name":"a","key":"k"}]}"#, #"{"devices":[]}"#, ["/devices"], .stream),
            (#"{}"#, #"{"devices":[{"key":"k"}]}"#, ["/devices"], .stream),
            (#"{"open":{"x":{"y":[1]}}}"#, #"{"open":{"x":{"y":[2]}}}"#, ["/open/x/y/0"], .stream),
            (#"{"gone":1}"#, #"{}"#, ["/gone"], .plugin),
        ] as [(String, String, [String], RestartScope)]
    )
    func findsWhatChangedAndTheWidestScope(
        old: String,
        new: String,
        pointers: [String],
        scope: RestartScope
    ) throws {
        let change = try Self.diff(old, new)
        #expect(change.entries.map(\.pointer) == pointers)
        #expect(change.scope == scope)
        #expect(change.isEmpty == pointers.isEmpty)
        #expect(try Self.diff(new, old).entries.map(\.pointer) == pointers)
        #expect(try Self.diff(new, old).scope == scope)
    }

    @Test func tellsThePluginInClearAndPeopleMasked() throws {
        let change = try Self.diff(
            #"{"interval":10,"password":"hunter2","devices":[{"name":"a","key":"s3cret"}],"old-token":"t0ken"}"#,
            #"{"interval":20,"password":"hunter3","devices":[]}"#
        )
        #expect(change.jsonValue["/password"]?.text == #"{"new":"hunter3","old":"hunter2"}"#)
        #expect(change.jsonValue["/devices"]?.text == #"{"new":[],"old":[{"key":"s3cret","name":"a"}]}"#)
        #expect(change.jsonValue["/old-token"]?.text == #"{"new":null,"old":"t0ken"}"#)
        #expect(
            change.description == """
                /devices: [{"key":"********","name":"a"}] -> [] (stream)
                /interval: 10 -> 20 (hot)
                /old-token: "********" -> nothing (plugin)
                /password: "********" -> "********" (client)
                """
        )
        let shown = change.shownValue.text + change.description
        #expect(["hunter", "s3cret", "t0ken"].allSatisfy { !shown.contains($0) })
    }

    @Test func masksADocument() throws {
        let schema = try SettingsSchema(parsing: Self.text, file: "s")
        let document = try JSONValue(
            parsing: #"{"host":"a","password":"x","devices":[{"key":"y"},"z"],"typo":"w","open":{"o":1}}"#
        )
        #expect(
            schema.masking(document).text
                == #"{"devices":[{"key":"********"},"********"],"host":"a","open":{"o":1},"password":"********","typo":"********"}"#
        )
    }

    /// Setting each changed place of the old document to its new value gives the new document.
    @Test func appliedToTheOldDocumentGivesTheNewOne() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the settings: \(seed)")
        var random = Numbers(state: seed)
        let schema = try SettingsSchema(parsing: Self.text, file: "s")
        for _ in 0..<500 {
            let (old, new) = (document(&random), document(&random))
            let change = schema.diff(old: old, new: new)
            var result = old
            for entry in change.entries {
                result = setting(entry.new, at: entry.pointer.split(separator: "/").map(String.init)[...], in: result)
            }
            #expect(result == new, "seed \(seed)")
            #expect(change.isEmpty == (old == new), "seed \(seed)")
            #expect(change.scope == (change.entries.map(\.scope).max() ?? .hot))
        }
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }

    private func document(_ random: inout Numbers) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if Bool.random(using: &random) { members["interval"] = .integer(.random(in: 1...3, using: &random)) }
        if Bool.random(using: &random) { members["host"] = .string(["a", "b"].randomElement(using: &random) ?? "") }
        if Bool.random(using: &random) {
            members["rooms"] = .object(
                Dictionary(
                    uniqueKeysWithValues: ["r", "s", "t"].shuffled(using: &random).prefix(2).map { ($0, .integer(1)) }
                )
            )
        }
        if Bool.random(using: &random) {
            members["devices"] = .array(
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    .object(["name": .string(["x", "y"].randomElement(using: &random) ?? "")])
                }
            )
        }
        return .object(members)
    }

    private func setting(_ new: JSONValue?, at path: ArraySlice<String>, in document: JSONValue) -> JSONValue {
        guard let key = path.first else { return new ?? .null }
        switch document {
        case .object(var members):
            let inner = setting(new, at: path.dropFirst(), in: members[key] ?? .null)
            members[key] = path.count == 1 ? new : inner
            return .object(members)
        case .array(var elements):
            guard let index = Int(key) else { return document }
            elements[index] = setting(new, at: path.dropFirst(), in: elements[index])
            return .array(elements)
        default:
            return document
        }
    }
}
