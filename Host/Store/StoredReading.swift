package import HostAPI

/// One reading on its way to the disk.
package struct StoredReading: Sendable, Equatable {
    package var series: SeriesName
    /// Empty if the value has none. A series shows the unit of the last one stored.
    package var unit: String
    package var reading: Reading

    package init(series: SeriesName, unit: String, reading: Reading) {
        self.series = series
        self.unit = unit
        self.reading = reading
    }
}

/// A series as it is listed.
package struct StoredSeries: Sendable, Equatable {
    package var name: SeriesName
    package var unit: String
    /// `number`, `boolean` or `text`; `unknown` if it never had a value.
    package var kind: String

    package init(name: SeriesName, unit: String, kind: String) {
        self.name = name
        self.unit = unit
        self.kind = kind
    }
}

/// What became of a batch.
package struct AppendResult: Sendable, Equatable {
    package var stored: Int
    /// A reading of the same series and time was there: the first one stays.
    package var duplicates: Int

    package init(stored: Int, duplicates: Int) {
        self.stored = stored
        self.duplicates = duplicates
    }
}
