import HostAPI
import Store

extension Timestamp {
    /// A moment of the tests: milliseconds after 2026-01-01.
    static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_767_225_600_000 + milliseconds)
    }
}

extension SeriesName {
    static let power = SeriesName(plugin: "kasa", device: "lamp", entity: "power")
}

extension StoredReading {
    static func power(_ milliseconds: Int64, _ watts: Double, device: String = "lamp") -> StoredReading {
        StoredReading(
            series: SeriesName(plugin: "kasa", device: device, entity: "power"),
            unit: "W",
            reading: Reading(time: .at(milliseconds), value: .number(watts))
        )
    }
}

/// The error that `body` throws; nil if it throws none.
func storeError(_ body: () throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
        try body()
        return nil
    } catch {
        return error
    }
}
