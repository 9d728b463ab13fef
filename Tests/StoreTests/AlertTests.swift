import HostAPI
import Store
import Testing

@Suite struct AlertTests {
    private let scratch: Scratch
    private let database: StateDatabase

    init() throws {
        scratch = try Scratch("alerts")
        database = try StateDatabase(path: scratch.state)
    }

    @discardableResult
    private func raise(_ key: String, _ time: Int64, detail: String = "d") throws -> (alert: Alert, isNew: Bool) {
        try database.raiseAlert(
            source: "kasa",
            key: key,
            severity: .warning,
            title: "t",
            detail: detail,
            at: .at(time)
        )
    }

    @Test func anAlertThatStandsIsCounted() throws {
        #expect(try raise("a", 0).isNew)
        let again = try raise("a", 1_000)
        #expect(!again.isNew)
        #expect(again.alert.count == 2)
        #expect(again.alert.firstSeen == .at(0))
        #expect(again.alert.lastSeen == .at(1_000))
        #expect(try raise("a", 2_000, detail: "other").alert.detail == "other")
        #expect(try database.alerts(includingCleared: false).map(\.count) == [3])
        #expect(try database.openAlertCount() == 1)
    }

    @Test func repeatsReachTheDiskWithTheNextOneAfterAWhile() throws {
        try raise("a", 0)
        try raise("a", 5_000)
        try raise("a", 10_000)
        #expect(try database.alerts(includingCleared: false).first?.count == 3)
        let other = try StateDatabase(path: scratch.state)
        #expect(try other.alerts(includingCleared: false).first?.count == 1)
        try raise("a", 31_000)
        #expect(try other.alerts(includingCleared: false).first?.count == 4)
        #expect(try other.alerts(includingCleared: false).first?.lastSeen == .at(31_000))
    }

    @Test func aClearedAlertIsRememberedAndOneRaisedAgainIsNew() throws {
        #expect(try database.clearAlert(source: "kasa", key: "a") == nil)
        try raise("a", 0)
        try raise("a", 1)
        let cleared = try #require(try database.clearAlert(source: "kasa", key: "a", at: .at(2)))
        #expect(cleared.cleared == .at(2))
        #expect(cleared.count == 2)
        #expect(try database.alerts(includingCleared: false).isEmpty)
        #expect(try raise("a", 3).isNew)
        #expect(try database.alerts(includingCleared: true).map(\.cleared) == [nil, .at(2)])
        #expect(try database.alerts(includingCleared: true).map(\.count) == [1, 2])
    }

    @Test func oldClearedAlertsAreForgotten() throws {
        let day: Int64 = 86_400_000
        try raise("old", 0)
        try database.clearAlert(source: "kasa", key: "old", at: .at(0))
        try raise("young", 0)
        try database.clearAlert(source: "kasa", key: "young", at: .at(20 * day))
        try raise("standing", 0)
        try raise("now", 0)
        try database.clearAlert(source: "kasa", key: "now", at: .at(31 * day))
        #expect(try database.alerts(includingCleared: true).map(\.key) == ["standing", "now", "young"])
    }

    @Test func atMostAThousandClearedAlertsAreKept() throws {
        for number in 0..<1_003 {
            try raise("\(number)", Int64(number))
            try database.clearAlert(source: "kasa", key: "\(number)", at: .at(Int64(number)))
        }
        let alerts = try database.alerts(includingCleared: true)
        #expect(alerts.count == 1_000)
        #expect(alerts.last?.key == "3")
    }
}
