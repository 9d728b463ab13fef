import HostAPI
import Store
import Testing

@testable import Installation

/// Whatever step fails, and however, everything is as it was before.
@Suite struct FailureTests {
    enum Kind: String, CaseIterable, Sendable {
        case typed, unexpected
    }

    /// An error that nobody has ever heard of.
    struct Surprise: Error {}

    @Test(arguments: Situation.all, Kind.allCases)
    func aFailureOfAnyTaskUndoesTheChange(_ situation: Situation, _ kind: Kind) async throws {
        let tidying = ["retire", "sweep"]
        for task in situation.tasks where !tidying.contains(task) {
            for moment in [Installer.Checkpoint.Moment.beforeDoing, .afterDoing] {
                let bench = try Bench()
                try await bench.start()
                try await situation.prepare(bench)
                let before = try bench.snapshot()
                bench.fault.value = { checkpoint in
                    guard checkpoint.task == task, checkpoint.moment == moment else { return }
                    if kind == .typed { throw Failure(.timedOut, "the test wants it") }
                    throw Surprise()
                }
                // A purge that was stored cannot be taken back: what fails after it is no failure of the change.
                if task == "purge", moment == .afterDoing { continue }
                let change = try await bench.run(try situation.request(bench))
                #expect(change.state == .undone, "\(task) \(moment)")
                #expect(change.failure?.code == (kind == .typed ? .timedOut : .internalError))
                #expect(change.message.hasPrefix("everything is as it was before: "))
                #expect(try bench.snapshot() == before, "\(task) \(moment)")
                #expect(!bench.runner.state.value.isStartedTwice)

                // Nothing is in the way of doing it after all.
                bench.fault.value = nil
                let again = try await bench.run(try situation.request(bench))
                #expect(again.state == .done, "\(task) \(moment)")
                try await bench.expectNothingLeft()
            }
        }
    }

    @Test(arguments: Situation.all)
    func whatCannotBeTidiedIsRemarkedOnAndSweptLater(_ situation: Situation) async throws {
        for task in situation.tasks where ["retire", "sweep"].contains(task) {
            let bench = try Bench()
            try await bench.start()
            try await situation.prepare(bench)
            bench.fault.value = { checkpoint in
                if checkpoint.task == task, checkpoint.moment == .beforeDoing { throw Surprise() }
            }
            let change = try await bench.run(try situation.request(bench))
            #expect(change.state == .done)
            #expect(change.message.contains("swept at hostd's next start"))
            bench.fault.value = nil
            let report = try await bench.start()
            #expect(report.undone.isEmpty && report.finished.isEmpty)
            try await bench.expectNothingLeft()
        }
    }

    @Test(arguments: Situation.all)
    func whatCannotBeUndoneIsUndoneAtTheNextStart(_ situation: Situation) async throws {
        for task in situation.tasks where !["retire", "sweep", "observe"].contains(task) {
            let bench = try Bench()
            try await bench.start()
            try await situation.prepare(bench)
            let before = try bench.snapshot()
            bench.fault.value = { checkpoint in
                if checkpoint.task == task, checkpoint.moment == .afterDoing { throw Surprise() }
                if checkpoint.task == task, checkpoint.moment == .beforeUndoing { throw Surprise() }
            }
            if task == "purge" { continue }
            let plan = try await bench.installer.begin(try situation.request(bench), author: "user")
            let number = try #require(plan.change?.number)
            await #expect(throws: Failure.self) { _ = try await bench.installer.wait(for: number) }
            bench.fault.value = nil
            let report = try await bench.start()
            #expect(report.unresolved == [])
            let change = try await bench.installer.change(number)
            // A change whose commit was not undone is finished: half of it would be worse than all.
            if change.state == .undone {
                #expect(try bench.snapshot() == before, "\(task)")
            } else {
                #expect(change.state == .done, "\(task)")
            }
            try await bench.expectNothingLeft()
        }
    }

    @Test func whatCouldNotBeStoppedStaysAndIsNotStartedTwice() async throws {
        for isUninstall in [true, false] {
            let bench = try Bench()
            try await bench.start()
            try await bench.install("1.0.0")
            let before = try bench.snapshot()
            bench.runner.state.change { $0.refusesToStop = true }
            let change =
                isUninstall ? try await bench.uninstall() : try await bench.install("1.1.0")
            #expect(change.state == .undone)
            #expect(change.failure?.message == "kasa could not be stopped")
            #expect(try bench.snapshot() == before)
            #expect(!bench.runner.state.value.isStartedTwice)
        }
    }

    @Test func whatDidNotRunIsNotStartedByAFailedUninstall() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        bench.runner.state.change { $0.running = [:] }
        bench.fault.value = { checkpoint in
            if checkpoint.task == "remove", checkpoint.moment == .beforeDoing { throw Surprise() }
        }
        #expect(try await bench.uninstall().state == .undone)
        #expect(bench.runner.running == [:])
    }

    @Test func aDirectoryInTheWayIsNamed() async throws {
        let bench = try Bench()
        try await bench.start()
        try bench.packages.write([1], to: bench.layout.store(of: "kasa"))
        let change = try await bench.install("1.0.0")
        #expect(change.state == .undone)
        #expect(change.failure?.message.contains(bench.layout.store(of: "kasa")) == true)
    }
}

extension Bench {
    /// Nothing is in the staging directory and the trash, and the store holds what the database says.
    func expectNothingLeft(but stranger: String? = nil) async throws {
        let files = try snapshot().files
        #expect(files.filter { $0.hasPrefix("staging/") || $0.hasPrefix("trash/") } == [])
        let known = try database.versions().map { "store/\($0.plugin)/\($0.directory)/" }
        let present = files.filter {
            $0.hasPrefix("store/") && $0.hasSuffix("/") && $0.split(separator: "/").count == 3
        }
        .filter { path in stranger.map { path.hasPrefix("store/\($0)/") } != true }
        #expect(Set(known) == Set(present))
        #expect(try database.openChanges().isEmpty)
    }
}
