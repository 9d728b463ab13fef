import HostAPI
import Runtime
import Testing

@testable import Conformance

/// Which announcements and readings fit together.
@Suite struct DeviceRulesTests {
    private static let lamp =
        #"{"id": "lamp", "entities": [{"id": "power", "kind": "number"}, {"id": "on", "kind": "boolean"}]}"#

    @Test(arguments: [
        (#"{"id": "a", "name": 1}"#, "\"name\""),
        (#"{"id": "a", "entities": [{"id": "Power"}]}"#, "an entity's id"),
        (#"{"id": "a", "entities": [{"id": "p"}, {"id": "p"}]}"#, "twice"),
        (#"{"id": "a", "entities": [{"id": "p", "kind": "bool"}]}"#, "the kind"),
        (#"{"id": "a", "commands": [{"title": "x"}]}"#, "no name"),
        (#"{"id": "a", "commands": [{"name": "x", "arguments": {"type": "objekt"}}]}"#, "objekt"),
    ])
    func whatIsWrongIsNamed(announcement: String, part: String) throws {
        let members = try #require(JSONValue(parsing: announcement).objectValue)
        #expect(DeviceRules.problem(members)?.contains(part) == true)
    }

    @Test func whatIsRightIsAccepted() throws {
        #expect(DeviceRules.problem(try #require(JSONValue(parsing: Self.lamp).objectValue)) == nil)
    }

    @Test func readingsBelongToWhatIsAnnounced() throws {
        #expect(try judge("lamp", "power", .number(1)) == .right)
        #expect(try judge("lamp", "power", .unknown) == .right)
        #expect(try judge("lamp", "power", .boolean(true)) != .right)
        guard case .odd = try judge("lamp", "colour", .text("red")) else { throw Unexpected() }
        guard case .wrong = try judge("heater", "power", .number(1)) else { throw Unexpected() }
        guard case .wrong = try judge("lamp", "power", .number(1), at: 90_000_000) else { throw Unexpected() }
    }

    private struct Unexpected: Error {}

    private func judge(
        _ device: String,
        _ entity: String,
        _ value: ReadingValue,
        at milliseconds: Int64 = 0
    ) throws -> DeviceRules.Judgement {
        let reading = WireReading(
            device: device,
            entity: entity,
            unit: "",
            reading: Reading(time: Timestamp(milliseconds: milliseconds), value: value)
        )
        let lamp = try #require(JSONValue(parsing: Self.lamp).objectValue)
        return DeviceRules.verdict(reading, devices: ["lamp": lamp], now: Timestamp(milliseconds: 0))
    }
}
