import HostAPI
import Store
import Synchronization
import Testing

@Suite struct HistoryWriterTests {
    private let scratch: Scratch
    private let database: HistoryDatabase
    private let queue = ManualWriteQueue()
    private let states = States()

    /// What the writer reported.
    private final class States: Sendable {
        private let reported = Mutex<[WriterState]>([])
        func add(_ state: WriterState) { reported.withLock { $0.append(state) } }
        var all: [WriterState] { reported.withLock { $0 } }
    }

    init() throws {
        scratch = try Scratch("writer")
        database = try HistoryDatabase(
            path: scratch.history,
            options: StoreOptions(busyTimeout: .milliseconds(1))
        )
    }

    private func makeWriter(capacity: Int = 100, batch: Int = 10) throws -> HistoryWriter {
        try HistoryWriter(
            database,
            limits: HistoryWriterLimits(capacity: capacity, batch: batch),
            queue: queue,
            stateChanged: { [states] in states.add($0) }
        )
    }

    private func storedCount() throws -> Int {
        try database.readings(.power, limit: 100_000)?.readings.count ?? 0
    }

    @Test func aFewReadingsWaitForTheirTime() async throws {
        let writer = try makeWriter()
        writer.add([.power(1, 1)])
        await queue.pass(.milliseconds(1_999))
        writer.add([.power(2, 2)])
        #expect(try storedCount() == 0)
        #expect(writer.statistics.waiting == 2)
        await queue.pass(.milliseconds(1))
        #expect(try storedCount() == 2)
        #expect(queue.delayedCount == 0)
        writer.add([.power(3, 3)])
        #expect(queue.delayedCount == 1)
    }

    @Test func aFullBatchIsWrittenAtOnce() async throws {
        let writer = try makeWriter()
        writer.add((0..<9).map { .power($0, 1) })
        await queue.settle()
        #expect(try storedCount() == 0)
        writer.add([.power(9, 1)])
        await queue.settle()
        #expect(try storedCount() == 10)
    }

    @Test func readingSeesWhatIsNotOnTheDiskYet() async throws {
        let writer = try makeWriter()
        writer.add([.power(1, 1), .power(2, 2)])
        try await writer.flush()
        writer.add([.power(3, 3), .power(2, 99)])
        let page = try #require(try writer.readings(.power, limit: 2))
        #expect(page.readings.map(\.value) == [.number(2), .number(3)])
        #expect(page.isTruncated)
        #expect(writer.latest(of: .power)?.reading.value == .number(3))
        #expect(writer.latest().count == 1)

        writer.add([.power(1, 5, device: "other")])
        let other = SeriesName(plugin: "kasa", device: "other", entity: "power")
        #expect(try writer.readings(other, since: .at(1), limit: 9)?.readings.count == 1)
        #expect(try writer.readings(other, since: .at(2), limit: 9)?.readings.isEmpty == true)
        #expect(try database.readings(other, limit: 9) == nil)
        #expect(try writer.readings(SeriesName(plugin: "a", device: "b", entity: "c"), limit: 9) == nil)
    }

    @Test func theLatestValuesSurviveARestart() async throws {
        let writer = try makeWriter()
        writer.add([.power(1, 1)])
        try await writer.close()
        #expect(try makeWriter().latest().map(\.reading.value) == [.number(1)])
    }

    @Test func whatDoesNotFitIsDroppedAndCounted() async throws {
        let writer = try makeWriter(capacity: 5)
        writer.add((0..<8).map { .power($0, Double($0)) })
        #expect(writer.statistics.dropped == 3)
        try await writer.flush()
        #expect(try storedCount() == 5)
        #expect(writer.statistics.stored == 5)
        #expect(writer.latest(of: .power)?.reading.value == .number(7))
        writer.add([.power(1, 1), .power(9, 9)])
        try await writer.close()
        #expect(writer.statistics.duplicates == 1)
        writer.add([.power(10, 1)])
        #expect(writer.statistics.dropped == 4)
        #expect(writer.statistics.waiting == 0)
        #expect(try storedCount() == 6)
    }

    @Test func aLockedFileLosesNothingAndIsReportedOnce() async throws {
        let writer = try makeWriter()
        let lock = try FileLock(scratch.history)
        writer.add([.power(1, 1)])
        await queue.pass(.seconds(2))
        await queue.pass(.seconds(1))
        #expect(states.all == [.failing(.locked(file: scratch.history))])
        #expect(writer.statistics.failures == 2)
        #expect(writer.statistics.waiting == 1)
        // A full batch does not hurry what is failing.
        writer.add((2..<20).map { .power($0, 1) })
        await queue.settle()
        #expect(writer.statistics.failures == 2)
        #expect(try writer.readings(.power, limit: 100)?.readings.count == 19)

        try lock.release()
        await queue.pass(.milliseconds(1_999))
        #expect(try storedCount() == 0)
        await queue.pass(.milliseconds(1))
        #expect(try storedCount() == 19)
        #expect(states.all == [.failing(.locked(file: scratch.history)), .writing])
        #expect(writer.statistics.dropped == 0)
    }

    @Test func aFlushThatFailsSaysWhyAndKeepsTheReadings() async throws {
        let writer = try makeWriter()
        let lock = try FileLock(scratch.history)
        writer.add([.power(1, 1)])
        await #expect(throws: StoreError.locked(file: scratch.history)) { try await writer.flush() }
        try lock.release()
        try await writer.flush()
        #expect(try storedCount() == 1)
    }

    @Test func aLockThatIsSoonReleasedIsWaitedFor() async throws {
        let patient = try HistoryDatabase(path: scratch.history, options: StoreOptions(busyTimeout: .seconds(60)))
        let lock = try FileLock(scratch.history)
        async let result = Task.detached { try patient.append([.power(1, 1)]) }.value
        try lock.release()
        #expect(try await result.stored == 1)
    }

    @Test func tenThreadsAddAtOnce() async throws {
        let writer = try HistoryWriter(database, limits: HistoryWriterLimits(batch: 64))
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<10 {
                group.addTask {
                    for time in 0..<500 { writer.add([.power(Int64(time), 1, device: "plug-\(thread)")]) }
                }
            }
        }
        try await writer.close()
        #expect(writer.statistics.stored == 5_000)
        #expect(writer.latest().count == 10)
        #expect(writer.latest().allSatisfy { $0.reading.time == .at(499) })
    }
}
