import Foundation
import Testing

@testable import HostAPI

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_772_357_400_250, "2026-03-01T09:30:00.250Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func isWrittenAndRead(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00.000Z"), ("2026-03-01T09:30:00.5Z", "2026-03-01T09:30:00.500Z"),
        ("2026-03-01t09:30:00.123456789z", "2026-03-01T09:30:00.123Z"),
        ("2026-03-01T11:30:00+02:00", "2026-03-01T09:30:00.000Z"),
        ("2026-02-28T23:00:00-05:30", "2026-03-01T04:30:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
    ])
    func everyFormOfTheStandardIsRead(text: String, same: String) {
        #expect(Timestamp(text)?.description == same)
    }

    @Test(arguments: [
        "", "2026", "2026-03-01", "2026-03-01T09:30:00", "2026-3-1T09:30:00Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z",
        "2026-03-01T09:30:61Z", "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00+2:00", "2026-03-01T09:30:00ZZ", "now",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    /// Foundation is the independent judge, over four hundred years around now.
    @Test func agreesWithFoundation() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            // A quarter of a second is exact in Foundation's floating-point time.
            let milliseconds = Int64.random(in: -25_000_000_000...25_000_000_000, using: &random) * 250
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
            let text = date.formatted(style)
            #expect(Timestamp(milliseconds: milliseconds).description == text)
            #expect(Timestamp(text)?.milliseconds == milliseconds)
        }
    }
}
