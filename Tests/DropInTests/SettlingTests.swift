import DropIn
import Testing

/// When an entry counts as settled.
struct SettlingTests {
    private let start = ContinuousClock.now
    private var settling = Settling()

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func look(_ name: String, isLast: Bool = false, isAnother: Bool = false) -> Settling.Due {
        Settling.Due(name: name, matter: .look(isLast: isLast), isAnother: isAnother)
    }

    @Test mutating func nothingIsDueAtFirst() {
        #expect(settling.deadline == nil)
        #expect(settling.takeDue(at: at(0)).isEmpty)
    }

    @Test mutating func whatIsWrittenToIsDueAfterHalfASecondOfQuiet() {
        settling.changed("kasa", at: at(0))
        settling.changed("kasa", at: at(400))
        #expect(settling.deadline == at(900))
        #expect(settling.takeDue(at: at(899)).isEmpty)
        #expect(settling.takeDue(at: at(900)) == [look("kasa")])
        #expect(settling.takeDue(at: at(2_000)).isEmpty)
        #expect(settling.deadline == nil)
    }

    @Test mutating func whatIsRenamedInIsDueAtOnce() {
        settling.changed("kasa", at: at(0))
        settling.renamedIn("kasa", at: at(1))
        #expect(settling.takeDue(at: at(1)) == [look("kasa")])
    }

    @Test mutating func whatNeverRestsIsLookedAtAfterAMinute() {
        for tick in 0..<600 {
            settling.changed("log", at: at(tick * 100))
            #expect(settling.takeDue(at: at(tick * 100)).isEmpty)
        }
        settling.changed("log", at: at(60_000))
        #expect(settling.takeDue(at: at(60_000)) == [look("log")])
    }

    @Test mutating func whatIsNotWholeIsLookedAtAgainWithoutEvents() {
        settling.changed("kasa", at: at(0))
        #expect(settling.takeDue(at: at(500)) == [look("kasa")])
        settling.looked(at: "kasa", isWhole: false, at: at(600))
        #expect(settling.deadline == at(5_600))
        #expect(settling.takeDue(at: at(5_600)) == [look("kasa")])
        settling.looked(at: "kasa", isWhole: false, at: at(6_000))
        #expect(settling.deadline == at(36_000))
        #expect(settling.takeDue(at: at(36_000)) == [look("kasa", isLast: true)])
        settling.looked(at: "kasa", isWhole: false, at: at(36_000))
        #expect(settling.deadline == nil)
    }

    @Test mutating func anEventBeginsTheRetriesAnew() {
        settling.renamedIn("kasa", at: at(0))
        _ = settling.takeDue(at: at(0))
        settling.looked(at: "kasa", isWhole: false, at: at(0))
        settling.changed("kasa", at: at(1_000))
        #expect(settling.deadline == at(1_500))
        #expect(settling.takeDue(at: at(1_500)) == [look("kasa")])
        settling.looked(at: "kasa", isWhole: false, at: at(1_500))
        #expect(settling.deadline == at(6_500))
    }

    @Test mutating func anEventDuringALookIsNotLost() {
        settling.renamedIn("kasa", at: at(0))
        _ = settling.takeDue(at: at(0))
        settling.changed("kasa", at: at(10))
        settling.looked(at: "kasa", isWhole: true, at: at(20))
        #expect(settling.takeDue(at: at(510)) == [look("kasa")])
    }

    @Test mutating func whatVanishesIsSaidAfterAWhile() {
        settling.changed("kasa", at: at(0))
        settling.vanished("kasa", at: at(100))
        #expect(settling.takeDue(at: at(500)).isEmpty)
        #expect(settling.takeDue(at: at(600)) == [Settling.Due(name: "kasa", matter: .vanished)])
        #expect(settling.deadline == nil)
    }

    @Test mutating func whatIsReplacedIsAnother() {
        settling.vanished("kasa", at: at(0))
        settling.changed("kasa", at: at(100))
        settling.changed("kasa", at: at(200))
        #expect(settling.takeDue(at: at(700)) == [look("kasa", isAnother: true)])
    }

    @Test mutating func whatIsRenamedIsLookedAtBeforeItsOldNameVanishes() {
        settling.vanished("old", at: at(0))
        settling.renamedIn("new", at: at(0))
        #expect(settling.takeDue(at: at(0)) == [look("new")])
        #expect(settling.takeDue(at: at(500)) == [Settling.Due(name: "old", matter: .vanished)])
        settling.vanished("old", at: at(1_000))
        settling.changed("new", at: at(1_000))
        #expect(
            settling.takeDue(at: at(1_500)) == [look("new"), Settling.Due(name: "old", matter: .vanished)]
        )
    }

    @Test mutating func whatCameLastIsHandedOutLast() {
        for name in ["b", "c", "a"] { settling.renamedIn(name, at: at(0)) }
        #expect(settling.takeDue(at: at(0)).map(\.name) == ["b", "c", "a"])
    }
}
