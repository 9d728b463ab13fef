import HostAPI

/// Keys by the moment at which they are due, the earliest first: a binary heap. Of one moment, the first that came.
struct Timetable<Key: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: Key
        var moment: Timestamp
        var number: UInt64

        func isBefore(_ other: Entry) -> Bool { (moment, number) < (other.moment, other.number) }
    }

    private var entries: [Entry] = []
    private var count: UInt64 = 0

    var first: (key: Key, moment: Timestamp)? { entries.first.map { ($0.key, $0.moment) } }

    mutating func insert(_ key: Key, at moment: Timestamp) {
        entries.append(Entry(key: key, moment: moment, number: count))
        count += 1
        var index = entries.count - 1
        while index > 0, entries[index].isBefore(entries[(index - 1) / 2]) {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard !entries.isEmpty else { return }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count {
                if entries[child].isBefore(entries[least]) { least = child }
            }
            if least == index { return }
            entries.swapAt(index, least)
            index = least
        }
    }
}
