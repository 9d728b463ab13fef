internal import HostAPI

extension ReadingsPage {
    /// Adds readings that are not stored yet. Of two readings of one time the first one stays, as on the disk.
    mutating func merge(_ waiting: [Reading], since: Timestamp?, until: Timestamp?, limit: Int) {
        guard !waiting.isEmpty else { return }
        var times = Set(readings.map(\.time))
        // Of a truncated page the older readings are not known: what is older than its oldest one belongs to them.
        let oldest = isTruncated ? readings.first?.time : nil
        for reading in waiting {
            if let since, reading.time < since { continue }
            if let until, reading.time >= until { continue }
            if let oldest, reading.time < oldest { continue }
            if times.insert(reading.time).inserted { readings.append(reading) }
        }
        readings.sort { $0.time < $1.time }
        if readings.count > limit {
            readings.removeFirst(readings.count - limit)
            isTruncated = true
        }
    }
}

extension SeriesName {
    /// By plugin, then device, then entity, as SQLite sorts them.
    static func < (left: SeriesName, right: SeriesName) -> Bool {
        (left.plugin, left.device, left.entity) < (right.plugin, right.device, right.entity)
    }
}
