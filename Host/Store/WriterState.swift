/// Whether a writer's work reaches the disk.
package enum WriterState: Sendable, Equatable {
    case writing
    /// What is waiting is kept and tried again.
    case failing(StoreError)
}

/// What a history writer did since it was made.
package struct HistoryWriterStatistics: Sendable, Equatable {
    package var stored: UInt64 = 0
    package var duplicates: UInt64 = 0
    /// Did not fit in memory, or came after `close`.
    package var dropped: UInt64 = 0
    /// Batches that could not be written at one try.
    package var failures: UInt64 = 0
    /// Readings not on the disk yet.
    package var waiting: Int = 0

    package init() {}
}
