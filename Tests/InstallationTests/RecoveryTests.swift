import Glibc
import HostAPI
import Packages
import Store
import Testing

@testable import Installation

/// The host dies at a moment between two tasks, and is started again.
@Suite struct RecoveryTests {
    @Test(arguments: Situation.all)
    func afterACrashTheChangeIsDoneOrUndone(_ situation: Situation) async throws {
        for task in situation.tasks + [""] {
            for moment in [Installer.Checkpoint.Moment.beforeDoing, .afterDoing, .beforeEnding]
            where task.isEmpty == (moment == .beforeEnding) {
                let bench = try Bench()
                try await bench.start()
                try await situation.prepare(bench)
                let before = try bench.snapshot()
                let number = try await bench.crash(situation, at: task, moment)
                let report = try await bench.start()
                let change = try await bench.installer.change(number)
                let isCommitted = situation.isCommitted(at: task, moment)
                #expect(change.state == (isCommitted ? .done : .undone), "\(task) \(moment)")
                #expect(report.unresolved == [])
                if !isCommitted { #expect(try bench.snapshot() == before, "\(task) \(moment)") }
                try await bench.expectNothingLeft(but: change.kind == .adopt && change.state == .undone ? "kasa" : nil)
                try await bench.expectSecondRecoveryChangesNothing()
            }
        }
    }

    @Test(arguments: Situation.all)
    func aCrashWhileItIsUndoneLeavesNothingHalf(_ situation: Situation) async throws {
        // Fails after the commit point where it can, and the host dies at every step of undoing that.
        let failing = situation.tasks.last { !["retire", "sweep", "purge"].contains($0) } ?? ""
        for task in situation.tasks {
            for moment in [Installer.Checkpoint.Moment.beforeUndoing, .afterUndoing] {
                let bench = try Bench()
                try await bench.start()
                try await situation.prepare(bench)
                let before = try bench.snapshot()
                bench.runner.state.change { $0.ill = ["1.1.0", "1.2.0"] }
                let gate = Gate()
                bench.fault.value = { checkpoint in
                    if checkpoint.task == failing, checkpoint.moment == .afterDoing {
                        throw Failure(.timedOut, "the test wants it")
                    }
                    if checkpoint.task == task, checkpoint.moment == moment {
                        await gate.wait()
                        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                    }
                }
                let plan = try await bench.installer.begin(try situation.request(bench), author: "user")
                let number = try #require(plan.change?.number)
                guard situation.tasks.firstIndex(of: task)! <= situation.tasks.firstIndex(of: failing)! else {
                    _ = try await bench.installer.wait(for: number)
                    continue
                }
                gate.open()
                await gate.reached()
                bench.fault.value = nil
                bench.runner.state.change { $0.ill = [] }
                try await bench.start()
                let change = try await bench.installer.change(number)
                #expect(change.state.isFinal)
                if change.state == .undone { #expect(try bench.snapshot() == before, "\(task) \(moment)") }
                try await bench.expectNothingLeft(but: change.kind == .adopt && change.state == .undone ? "kasa" : nil)
                try await bench.expectSecondRecoveryChangesNothing()
            }
        }
    }

    @Test func aNewVersionIsStillWatchedAfterACrash() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let upgrade = try #require(Situation.all.first { $0.name == "upgrade" })
        let number = try await bench.crash(upgrade, at: "observe", .beforeDoing)
        bench.runner.state.change { $0.ill = ["1.1.0"] }
        let report = try await bench.start()
        #expect(report.toObserve == [number])
        let change = try await bench.installer.change(number)
        #expect(change.state == .undone)
        #expect(change.failure?.message == "kasa 1.1.0 died: signal 11 (SIGSEGV)")
        #expect(try bench.active() == "1.0.0")
        #expect(bench.runner.running["kasa"]?.hasPrefix("1.0.0-") == true)
        try await bench.expectNothingLeft()
    }

    /// Tidying takes the marker away before it removes what going back would need.
    @Test func aVersionThatWasWatchedIsNotTakenBack() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        let upgrade = try #require(Situation.all.first { $0.name == "upgrade" })
        let number = try await bench.crash(upgrade, at: "retire", .beforeDoing)
        unlink(bench.layout.placement(of: number))
        bench.runner.state.change { $0.ill = ["1.1.0"] }
        let report = try await bench.start()
        #expect(report.finished.map(\.number) == [number])
        #expect(try bench.active() == "1.1.0")
        try await bench.expectNothingLeft()
    }

    @Test func whatFailsWhileItIsFinishedIsUndone() async throws {
        let bench = try Bench()
        try await bench.start()
        let uninstall = try #require(Situation.all.first { $0.name == "uninstall with purge" })
        try await uninstall.prepare(bench)
        let before = try bench.snapshot()
        let number = try await bench.crash(uninstall, at: "stop", .beforeDoing)
        bench.fault.value = { checkpoint in
            if checkpoint.task == "remove", checkpoint.moment == .afterDoing { throw Failure(.denied, "no") }
        }
        let report = try await bench.start()
        bench.fault.value = nil
        #expect(report.undone.map(\.number) == [number])
        #expect(try bench.snapshot() == before)
        try await bench.expectSecondRecoveryChangesNothing()
    }

    @Test func aChangeThatWaitedIsUndone() async throws {
        let bench = try Bench()
        try await bench.start()
        let install = try #require(Situation.all.first)
        let first = try await bench.crash(install, at: "sync", .beforeDoing)
        let plan = try await bench.installer.begin(ChangeRequest(kind: .uninstall, plugin: "kasa"), author: "user")
        let second = try #require(plan.change)
        #expect(second.state == .waiting)
        #expect(second.message == "waits for change \(first) of kasa")
        let report = try await bench.start()
        #expect(report.undone.map(\.number) == [first, second.number])
        #expect(try await bench.installer.change(second.number).failure?.message == "hostd ended before it was done")
    }

    @Test func whatLiesAboutIsSweptAndTheStoreIsLeftAlone() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        try bench.addStranger("hue", "1.0.0")
        for path in ["staging/77", "staging/77/tree", "staging/look-3", "trash/5-kasa-store", "trash/rubbish"] {
            mkdir("\(bench.layout.root)/\(path)", 0o755)
        }
        try bench.packages.write([1], to: "\(bench.layout.staging)/77/placement")
        let report = try await bench.start()
        #expect(report.swept == 4)
        let files = try bench.snapshot().files
        #expect(files.contains { $0.hasPrefix("store/hue/1.0.0-") })
        #expect(files.contains { $0.hasPrefix("store/kasa/1.0.0-") })
        #expect(files.filter { $0.hasPrefix("staging/") || $0.hasPrefix("trash/") } == [])
    }

    /// Half a marker, as a file system may leave it when the power goes: nothing had been placed then.
    @Test(arguments: ["", "../../data", "/etc", ".", ".."])
    func aTornMarkerNamesNothing(_ text: String) async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.install("1.0.0")
        try bench.addData("kasa")
        let before = try bench.snapshot()
        let upgrade = try #require(Situation.all.first { $0.name == "upgrade" })
        let number = try await bench.crash(upgrade, at: "place", .beforeDoing)
        try bench.packages.write(Array(text.utf8), to: bench.layout.placement(of: number))
        try PackageFiles.removeTree(bench.layout.tree(of: number))
        try await bench.start()
        #expect(try bench.snapshot() == before)
    }

    @Test func aRecordThatCannotBeReadIsNamedAndHarmsNobodyElse() async throws {
        let bench = try Bench()
        try await bench.start()
        let change = Change(
            number: 0,
            kind: .install,
            plugin: "hue",
            summary: "install hue 1.0.0",
            author: "user",
            state: .doing,
            created: .now
        )
        let number = try bench.database.begin(ChangeRecord(change: change, isCommitted: true, parameters: "{"))
        let report = try await bench.start()
        #expect(report.unresolved == ["change \(number) (install hue 1.0.0): its record cannot be read"])
        #expect(try await bench.install("1.0.0").state == .done)
    }
}

extension Situation {
    func isCommitted(at task: String, _ moment: Installer.Checkpoint.Moment) -> Bool {
        guard let here = tasks.firstIndex(of: task), let commit = tasks.firstIndex(of: "commit") else { return true }
        return here > commit || (here == commit && moment == .afterDoing)
    }
}

extension Bench {
    /// Begins the change and stops for ever at that moment, as a host that was killed does.
    ///
    /// - Returns: The change's number.
    func crash(_ situation: Situation, at task: String, _ moment: Installer.Checkpoint.Moment) async throws -> Int64 {
        let gate = Gate()
        gate.open()
        fault.value = { checkpoint in
            guard checkpoint.task == task, checkpoint.moment == moment else { return }
            await gate.wait()
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
        let plan = try await installer.begin(try situation.request(self), author: "user")
        await gate.reached()
        fault.value = nil
        return try #require(plan.change?.number)
    }

    func expectSecondRecoveryChangesNothing() async throws {
        let before = try snapshot()
        let changes = try database.changes(ofPlugin: nil, limit: 100)
        #expect(try await start() == RecoveryReport())
        #expect(try snapshot() == before)
        #expect(try database.changes(ofPlugin: nil, limit: 100) == changes)
    }
}
