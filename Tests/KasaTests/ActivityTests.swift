import Glibc
import PluginKit
import Testing

@testable import Kasa

@Suite struct ActivityTests {
    @Test func writesACommandAndItsResultAsOneLineEach() throws {
        let time = Timestamp(milliseconds: 1_795_244_709_042)
        let target = CommandTarget(number: 7, device: "8006A", name: "Heater", command: "turn-on")
        let command = try JSON(parsing: target.entry(.command(arguments: ["a": 1]), at: time).line)
        #expect(
            command == [
                "time": "2026-11-21T07:05:09.042Z", "number": 7, "device": "8006A", "name": "Heater",
                "command": "turn-on", "event": "command", "arguments": ["a": 1],
            ]
        )
        let result = ActivityResult(outcome: .failed, attempts: 3, duration: .milliseconds(3512), error: "no answer")
        let line = target.entry(.result(result), at: time).line
        #expect(!line.contains("\n"))
        #expect(
            try JSON(parsing: line) == [
                "time": "2026-11-21T07:05:09.042Z", "number": 7, "device": "8006A", "name": "Heater",
                "command": "turn-on", "event": "result", "outcome": "failed", "attempts": 3, "duration_ms": 3512,
                "error": "no answer",
            ]
        )
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_001, "2000-02-29T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func writesTimesInUTC(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
    }

    @Test func neverGrowsBeyondTwoFilesOfTheLimit() throws {
        let directory = try ScratchDirectory()
        let log = ActivityLog(in: directory.path, limit: 100)
        for number in 0..<50 { log.append("line \(number) \(String(repeating: "x", count: 20))") }
        let current = try directory.text("activity.log")
        let old = try directory.text("activity.log.1")
        #expect(current.utf8.count <= 100 && old.utf8.count <= 100)
        #expect((old + current).split(separator: "\n").last?.hasPrefix("line 49") == true)
        #expect(try directory.names() == ["activity.log", "activity.log.1"])
    }

    @Test func goesOnWhereItStoppedBeforeARestart() throws {
        let directory = try ScratchDirectory()
        ActivityLog(in: directory.path).append("one")
        ActivityLog(in: directory.path).append("two")
        #expect(try directory.text("activity.log") == "one\ntwo\n")
    }

    @Test func losesLinesRatherThanThePluginWhenThereIsNoDirectory() {
        ActivityLog(in: "/nowhere/at/all").append("line")
    }
}

@Suite struct TurnsTests {
    @Test func letsOneTaskInAtATimeInTheOrderOfTheirAsking() async {
        let turns = Turns()
        let order = Order()
        #expect(await turns.take())
        await withDiscardingTaskGroup { group in
            for number in 1...5 {
                group.addTask {
                    _ = await turns.take()
                    await order.add(number)
                    turns.pass()
                }
                // One after the other, so that there is an order to be kept.
                while turns.waiting < number { await Task.yield() }
            }
            turns.pass()
        }
        #expect(await order.numbers == [1, 2, 3, 4, 5])
    }

    @Test func forgetsWhoWasCancelled() async {
        let turns = Turns()
        #expect(await turns.take())
        let waiter = Task { await turns.take() }
        while turns.waiting == 0 { await Task.yield() }
        waiter.cancel()
        #expect(await waiter.value == false)
        turns.pass()
        #expect(await turns.take())
    }

    private actor Order {
        var numbers: [Int] = []
        func add(_ number: Int) { numbers.append(number) }
    }
}
