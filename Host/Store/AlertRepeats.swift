internal import HostAPI

/// What an alert was raised again and is not stored yet.
struct AlertRepeats: Sendable {
    private var count = 0
    private var lastSeen = Timestamp(milliseconds: .min)

    mutating func add(_ time: Timestamp) {
        count += 1
        lastSeen = max(lastSeen, time)
    }

    func added(to alert: Alert) -> Alert {
        var alert = alert
        alert.count += count
        alert.lastSeen = max(alert.lastSeen, lastSeen)
        return alert
    }
}
