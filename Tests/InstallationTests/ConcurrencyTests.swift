import HostAPI
import Store
import Testing

@testable import Installation

@Suite struct ConcurrencyTests {
    /// Holds up one task of a change until its gate is opened.
    private func hold(_ bench: Bench, _ task: String, of number: Int64? = nil) -> Gate {
        let gate = Gate()
        bench.fault.value = { checkpoint in
            guard checkpoint.task == task, checkpoint.moment == .beforeDoing else { return }
            guard number == nil || checkpoint.change == number else { return }
            await gate.wait()
            try Task.checkCancellation()
        }
        return gate
    }

    @Test func twoChangesOfOnePluginFollowEachOther() async throws {
        let bench = try Bench()
        try await bench.start()
        let gate = hold(bench, "sync", of: 1)
        let first = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.0.0")),
                author: "user"
            ).change
        )
        await gate.reached()
        let second = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
                author: "user"
            ).change
        )
        let third = try #require(
            try await bench.installer.begin(ChangeRequest(kind: .uninstall, plugin: "kasa"), author: "user").change
        )
        #expect(second.state == .waiting)
        #expect(second.message == "waits for change 1 of kasa")
        #expect(try await bench.installer.change(first.number).state == .doing)
        gate.open()
        #expect(try await bench.installer.wait(for: first.number).state == .done)
        let upgraded = try await bench.installer.wait(for: second.number)
        #expect(upgraded.summary == "upgrade kasa 1.0.0 to 1.1.0")
        let removed = try await bench.installer.wait(for: third.number)
        #expect(removed.summary == "uninstall kasa 1.1.0")
        #expect(try bench.active() == nil)
    }

    @Test func changesOfSeveralPluginsRunSideBySide() async throws {
        let bench = try Bench()
        try await bench.start()
        let gate = hold(bench, "sync", of: 1)
        let first = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.0.0")),
                author: "user"
            ).change
        )
        await gate.reached()
        #expect(try await bench.install("1.0.0", of: "hue").state == .done)
        #expect(try await bench.installer.change(first.number).state == .doing)
        gate.open()
        #expect(try await bench.installer.wait(for: first.number).state == .done)
    }

    @Test func manyInstallationsAtOnceLeaveOneOfThem() async throws {
        let bench = try Bench()
        try await bench.start()
        let sources = try (0..<12).map { try bench.packages.make("1.\($0).0") }
        let ends = await withTaskGroup(of: ChangeState?.self) { group in
            for source in sources {
                group.addTask { try? await bench.run(ChangeRequest(kind: .install, source: source)).state }
            }
            return await group.reduce(into: [ChangeState?]()) { $0.append($1) }
        }
        #expect(ends == Array(repeating: ChangeState.done, count: 12))
        #expect(try bench.database.versions().count == 2)
        #expect(!bench.runner.state.value.isStartedTwice)
        try await bench.expectNothingLeft()
    }

    @Test(arguments: ["unpack", "verify", "sync", "probe", "place", "observe"])
    func aChangeIsAbortedWhereItCanBe(_ task: String) async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let before = try bench.snapshot()
        let gate = hold(bench, task)
        let change = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
                author: "user"
            ).change
        )
        await gate.reached()
        _ = try await bench.installer.abort(change.number)
        gate.open()
        let end = try await bench.installer.wait(for: change.number)
        #expect(end.state == .undone)
        #expect(end.failure == Failure(.undone, "it was aborted"))
        #expect(try bench.snapshot() == before)
        await #expect(throws: Failure.self) { _ = try await bench.installer.abort(change.number) }
    }

    @Test(arguments: ["commit", "switch", "retire"])
    func aChangeIsNotAbortedWhereItCannotBe(_ task: String) async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let gate = hold(bench, task)
        let change = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
                author: "user"
            ).change
        )
        await gate.reached()
        do throws(Failure) {
            _ = try await bench.installer.abort(change.number)
            Issue.record("it was accepted")
        } catch {
            #expect(error.code == .refused)
            #expect(error.hint == "`hostctl rollback kasa` afterwards")
        }
        gate.open()
        #expect(try await bench.installer.wait(for: change.number).state == .done)
    }

    @Test func aChangeThatWaitsIsAborted() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let gate = hold(bench, "sync", of: 2)
        let first = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
                author: "user"
            ).change
        )
        await gate.reached()
        let second = try #require(
            try await bench.installer.begin(ChangeRequest(kind: .uninstall, plugin: "kasa"), author: "user").change
        )
        _ = try await bench.installer.abort(second.number)
        // It ends at once, without its turn.
        #expect(try await bench.installer.wait(for: second.number).state == .undone)
        #expect(try await bench.installer.change(first.number).state == .doing)
        gate.open()
        #expect(try await bench.installer.wait(for: first.number).state == .done)
        #expect(try bench.active() == "1.1.0")
    }

    @Test func watchingShowsEveryStepAndTheEnd() async throws {
        let bench = try Bench()
        try await bench.start()
        let gate = hold(bench, "unpack")
        let change = try #require(
            try await bench.installer.begin(
                ChangeRequest(kind: .install, source: try bench.packages.make("1.0.0")),
                author: "user"
            ).change
        )
        let stream = try await bench.installer.watch(change.number)
        gate.open()
        var seen: [Change] = []
        for try await step in stream { seen.append(step) }
        #expect(seen.last?.state == .done)
        #expect(seen.dropLast().allSatisfy { $0.state == .doing })
        #expect(seen.contains { $0.tasks.contains { $0.name == "place" && $0.state == "doing" } })
        #expect(seen.contains { $0.tasks.first?.progress?.unit == "bytes" })
        var after: [Change] = []
        for try await step in try await bench.installer.watch(change.number) { after.append(step) }
        #expect(after == [try #require(seen.last)])
        await #expect(throws: Failure.self) { _ = try await bench.installer.watch(99) }
    }

    @Test(arguments: ["sync", "observe"])
    func theHostsEndUndoesOrLeaves(_ task: String) async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let before = try bench.snapshot()
        let gate = hold(bench, task)
        let plan = try await bench.installer.begin(
            ChangeRequest(kind: .install, source: try bench.packages.make("1.1.0")),
            author: "user"
        )
        let number = try #require(plan.change?.number)
        await gate.reached()
        async let end: Void = bench.installer.shutDown()
        gate.open()
        await end
        bench.fault.value = nil
        #expect(await bench.failure(ChangeRequest(kind: .uninstall, plugin: "kasa"))?.code == .busy)
        let report = try await bench.start()
        if task == "sync" {
            #expect(report == RecoveryReport())
            #expect(try await bench.installer.change(number).state == .undone)
            #expect(try bench.snapshot() == before)
        } else {
            #expect(report.toObserve == [number])
            #expect(try await bench.installer.change(number).state == .done)
            #expect(try bench.active() == "1.1.0")
        }
    }
}
