import HostAPI
import Testing

@testable import CommandLine

/// How the tasks of a change are shown. All of it pure.
@Suite struct TaskBoardTests {
    private let going = Change.upgrade(.doing, [.unpack("done"), .observe("doing", 3_000)])

    @Test func drawsALineForEachTask() {
        let unpacking = Change.upgrade(
            .doing,
            [.unpack("doing", 1_048_576), .observe("waiting")],
            message: "one moment"
        )
        #expect(
            TaskBoard(width: 80, isColoured: false).lines(for: unpacking) == [
                "  ◌ unpack kasa-1.1.0.tar.gz   ██████░░░░░░░░░░░░░░░░░░ 25 %  1 MiB of 4 MiB",
                "  · see whether it stays well",
                "    one moment",
            ]
        )
        #expect(
            TaskBoard(width: 80, isColoured: false).lines(for: going) == [
                "  ● unpack kasa-1.1.0.tar.gz",
                "  ◌ see whether it stays well  ███████░░░░░░░░░░░░░░░░░ 30 %  3 of 10 s",
            ]
        )
    }

    @Test func saysNothingTwice() {
        var change = going
        change.message = "see whether it stays well"
        #expect(TaskBoard(width: 80, isColoured: false).lines(for: change).count == 2)
        let text = change.description(Moments(now: .sample)).text(isColoured: false)
        #expect(text.ranges(of: "see whether it stays well").count == 1)
    }

    @Test(arguments: 1...120) func neverDrawsALineThatWraps(width: Int) {
        var change = going
        change.tasks.append(.unpack("doing", 4_194_304))
        change.message = "waits for what is called 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
        for line in TaskBoard(width: width, isColoured: false).lines(for: change) {
            #expect(displayWidth(line) < max(width, 1))
        }
    }

    @Test(arguments: [
        (60, "  ◌ see whether it stays well  ███░░░░░░░ 30 %  3 of 10 s"),
        (50, "  ◌ see whether it stays well  30 %  3 of 10 s"),
        (40, "  ◌ see whether it stays well  30 %  3…"), (20, "  ◌ see whether it…"),
    ])
    func leavesOutTheBarFirst(width: Int, line: String) {
        #expect(TaskBoard(width: width, isColoured: false).lines(for: going).last == line)
    }

    @Test func redrawsInPlace() {
        var board = TaskBoard(width: 80, isColoured: false)
        let first = board.text(for: going)
        #expect(first.hasPrefix("\r\u{1B}[K  ● unpack kasa-1.1.0.tar.gz\n\r\u{1B}[K  ◌ see"))
        let second = board.text(for: .upgrade(.doing, [.unpack("done"), .observe("done")], message: "almost"))
        #expect(second.hasPrefix("\u{1B}[2A\r\u{1B}[K"))
        #expect(!second.contains("\u{1B}[J"))
        let third = board.text(for: .upgrade(.done, [.unpack("done"), .observe("done")], message: "runs"))
        #expect(third.hasPrefix("\u{1B}[3A\r\u{1B}[K"))
        // The line with the message is gone.
        #expect(third.hasSuffix("\n\u{1B}[J"))
    }

    @Test func coloursOnlyWhereThatIsWanted() {
        let coloured = TaskBoard(width: 80, isColoured: true).lines(for: going)
        #expect(coloured[0] == "  \u{1B}[32m●\u{1B}[0m unpack kasa-1.1.0.tar.gz")
    }

    @Test func keepsControlsFromTheTerminal() {
        let change = Change.upgrade(.doing, [ChangeTask(name: "x", title: "a\u{1B}[2Jb", state: "doing")])
        #expect(TaskBoard(width: 80, isColoured: false).lines(for: change) == ["  ◌ a [2Jb"])
    }

    @Test(arguments: [(-5, 0.0), (0, 0.0), (50, 0.5), (500, 1.0)] as [(Int64, Double)])
    func survivesStrangeProgress(done: Int64, share: Double) {
        #expect(ChangeTask.Progress(done: done, total: 100).share == share)
        #expect(ChangeTask.Progress(done: done, total: 0).share == nil)
    }

    @Test func logsEachTaskOnceAsItEnds() {
        var log = TaskLog()
        #expect(
            log.lines(for: .upgrade(.waiting, message: "change 11 goes first")) == [
                "change 12 waits: change 11 goes first"
            ]
        )
        #expect(log.lines(for: .upgrade(.waiting, message: "change 11 goes first")).isEmpty)
        #expect(log.lines(for: .upgrade(.doing, [.unpack("doing", 1), .observe("waiting")])).isEmpty)
        #expect(log.lines(for: going) == ["change 12: unpack kasa-1.1.0.tar.gz: done"])
        #expect(
            log.lines(for: .upgrade(.undoing, [.unpack("done"), .observe("failed")]))
                == ["change 12: see whether it stays well: failed"]
        )
        #expect(
            log.lines(for: .upgrade(.undone, [.unpack("undone"), .observe("failed")]))
                == ["change 12: unpack kasa-1.1.0.tar.gz: undone"]
        )
    }

    @Test func drawsOnATerminalAndLogsElsewhere() async throws {
        let installer = TinyInstaller(steps: [going, .upgrade(.done, [.unpack("done"), .observe("done")])])
        try await TinyServer.with {
            installer.answer($0)
        } _: { server in
            let arguments = ["upgrade", "kasa", "--root", server.root]
            func drawn(_ more: String..., environment: [String: String] = [:], width: Int? = 80) async -> String {
                await hostctl(arguments + more, environment: environment, messageWidth: width).messages
            }
            #expect(await drawn().contains("\u{1B}[2A"))
            #expect(await drawn().contains("\u{1B}[32m"))
            #expect(await drawn(environment: ["NO_COLOR": "1"]).contains("\u{1B}[2A"))
            #expect(await !drawn(environment: ["NO_COLOR": "1"]).contains("\u{1B}[32m"))
            #expect(await !drawn("--no-color").contains("\u{1B}[32m"))
            #expect(await !drawn(environment: ["TERM": "dumb"]).contains("\u{1B}"))
            #expect(await !drawn(width: nil).contains("\u{1B}"))
            #expect(await drawn("-q").isEmpty)
            #expect(await drawn("-o", "json").isEmpty)
        }
    }
}
