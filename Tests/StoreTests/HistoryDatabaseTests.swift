import HostAPI
import Store
import Testing

@Suite struct HistoryDatabaseTests {
    @Test func everyKindOfValueComesBackAsItWas() throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        let values: [ReadingValue] = [
            .number(21.34), .number(1), .number(-0.0), .boolean(true), .boolean(false), .text("5"), .text("grün"),
            .text(""), .unknown,
        ]
        let readings = values.enumerated().map { index, value in
            StoredReading(
                series: .power,
                unit: "W",
                reading: Reading(time: .at(Int64(index)), value: value, isAnomalous: index == 3)
            )
        }
        #expect(try database.append(readings) == AppendResult(stored: 9, duplicates: 0))
        let page = try #require(try database.readings(.power, limit: 100))
        #expect(page.readings == readings.map(\.reading))
        #expect(page.unit == "W")
        #expect(try database.latest() == [LatestReading(series: .power, unit: "W", reading: readings[8].reading)])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aNumberThatIsNotFiniteIsNotKnown(_ number: Double) throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        try database.append([.power(0, number)])
        #expect(try database.readings(.power, limit: 1)?.readings.first?.value == .unknown)
    }

    @Test func ofTwoReadingsOfOneTimeTheFirstStays() throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        let first = try database.append([.power(1, 10), .power(1, 20), .power(2, 30)])
        #expect(first == AppendResult(stored: 2, duplicates: 1))
        #expect(try database.append([.power(2, 99), .power(1, 99)]) == AppendResult(stored: 0, duplicates: 2))
        #expect(try database.readings(.power, limit: 9)?.readings.map(\.value) == [.number(10), .number(30)])
        #expect(try database.latest().first?.reading.value == .number(30))
    }

    @Test func aLateReadingIsStoredButIsNotTheLatest() throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        try database.append([.power(10, 1)])
        try database.append([.power(5, 2)])
        #expect(try database.latest().first?.reading.time == .at(10))
        #expect(try database.readings(.power, limit: 9)?.readings.map(\.time) == [.at(5), .at(10)])
    }

    @Test func aPageHoldsTheNewestReadingsOfItsRange() throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        try database.append((0..<100).map { .power($0, Double($0)) })
        let page = try #require(try database.readings(.power, since: .at(10), until: .at(20), limit: 4))
        #expect(page.readings.map(\.time) == [.at(16), .at(17), .at(18), .at(19)])
        #expect(page.isTruncated)
        let whole = try #require(try database.readings(.power, since: .at(10), until: .at(20), limit: 10))
        #expect(whole.readings.count == 10)
        #expect(!whole.isTruncated)
        #expect(try database.readings(.power, limit: .max)?.readings.count == 100)
        #expect(try database.readings(.power, limit: .min)?.readings.map(\.time) == [.at(99)])
        #expect(try database.readings(.power, since: .at(1_000), limit: 4)?.readings.isEmpty == true)
        #expect(try database.readings(SeriesName(plugin: "kasa", device: "no", entity: "x"), limit: 4) == nil)
    }

    @Test func aSeriesShowsItsUnitAndKind() throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        try database.append([.power(1, 1)])
        try database.append([
            StoredReading(series: .power, unit: "kW", reading: Reading(time: .at(2), value: .unknown))
        ])
        #expect(try database.series() == [StoredSeries(name: .power, unit: "kW", kind: "number")])
    }

    @Test func seriesOutliveTheirConnection() throws {
        let scratch = try Scratch()
        let first = try HistoryDatabase(path: scratch.history)
        try first.append([.power(1, 1)])
        try first.close()
        let second = try HistoryDatabase(path: scratch.history)
        try second.append([.power(2, 2)])
        #expect(try second.readings(.power, limit: 9)?.readings.count == 2)
        #expect(try second.series().count == 1)
    }

    @Test func tenWritersAndTenReadersLoseNothing() async throws {
        let scratch = try Scratch()
        let database = try HistoryDatabase(path: scratch.history)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<10 {
                group.addTask {
                    for batch in 0..<20 {
                        let readings = (0..<50).map { index in
                            StoredReading.power(Int64(batch * 50 + index), 1, device: "plug-\(writer)")
                        }
                        let result = try database.append(readings)
                        #expect(result == AppendResult(stored: 50, duplicates: 0))
                    }
                }
                group.addTask {
                    let series = SeriesName(plugin: "kasa", device: "plug-\(writer)", entity: "power")
                    for _ in 0..<20 {
                        let count = try database.readings(series, limit: 100_000)?.readings.count ?? 0
                        #expect(count % 50 == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try database.latest().count == 10)
        for writer in 0..<10 {
            let series = SeriesName(plugin: "kasa", device: "plug-\(writer)", entity: "power")
            #expect(try database.readings(series, limit: 100_000)?.readings.count == 1_000)
        }
    }
}
