import HostAPI
import Reconcile
import Testing

@Suite struct DirtySetTests {
    @Test func eachKeyComesOnceAndInOrder() {
        var set = DirtySet<String>()
        for key in ["b", "a", "b", "a"] { set.add(key) }
        #expect(set.take(at: noon) == "b")
        #expect(set.take(at: noon) == "a")
        #expect(set.take(at: noon) == nil)
        #expect(!set.isEmpty)
        set.finish("a")
        set.finish("b")
        #expect(set.isEmpty)
    }

    @Test func aKeyThatIsWorkedOnComesAgainAfterwards() {
        var set = DirtySet<String>()
        set.add("a")
        #expect(set.take(at: noon) == "a")
        set.add("a")
        set.add("a")
        #expect(set.take(at: noon) == nil)
        #expect(set.nextDue(after: noon) == nil)
        set.finish("a")
        #expect(set.take(at: noon) == "a")
        set.finish("a")
        #expect(set.take(at: noon) == nil)
        #expect(set.isEmpty)
    }

    @Test func aKeyWaitsForItsTime() {
        var set = DirtySet<String>()
        set.add("late", notBefore: noon + .seconds(9))
        set.add("soon", notBefore: noon + .seconds(5))
        #expect(set.take(at: noon) == nil)
        #expect(set.nextDue(after: noon) == noon + .seconds(5))
        #expect(set.take(at: noon + .seconds(5)) == "soon")
        set.finish("soon", againAt: noon + .seconds(7))
        #expect(set.nextDue(after: noon + .seconds(6)) == noon + .seconds(7))
        #expect(set.take(at: noon + .seconds(10)) == "soon")
        #expect(set.take(at: noon + .seconds(10)) == "late")
    }

    @Test func theEarliestWishCounts() {
        var set = DirtySet<String>()
        set.add("a", notBefore: noon + .seconds(9))
        set.add("a", notBefore: noon + .seconds(3))
        set.add("a", notBefore: noon + .seconds(20))
        #expect(set.nextDue(after: noon) == noon + .seconds(3))
        set.add("a")
        #expect(set.nextDue(after: noon) == noon)
        #expect(set.take(at: noon) == "a")
        set.finish("a")
        #expect(set.take(at: noon + .seconds(60)) == nil)
        #expect(set.nextDue(after: noon) == nil)
        #expect(set.isEmpty)
    }

    @Test func whatIsAskedForMeanwhileKeepsItsTime() {
        var set = DirtySet<String>()
        set.add("a")
        #expect(set.take(at: noon) == "a")
        set.add("a", notBefore: noon + .seconds(8))
        set.add("a", notBefore: noon + .seconds(4))
        set.finish("a", againAt: noon + .seconds(2))
        #expect(set.nextDue(after: noon) == noon + .seconds(2))
        #expect(set.take(at: noon + .seconds(2)) == "a")
        set.finish("a")
        #expect(set.isEmpty)
    }

    /// Against a model that is too slow and too simple to be wrong.
    @Test func agreesWithASimpleModel() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        var set = DirtySet<Int>()
        var due: [Int: Timestamp] = [:]
        var working: Set<Int> = []
        var again: [Int: Timestamp] = [:]
        var now = noon
        for _ in 0..<20_000 {
            let key = Int.random(in: 0..<12, using: &random)
            let delay = Duration.seconds(Int.random(in: 0..<5, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                set.add(key, notBefore: delay == .zero ? nil : now + delay)
                if working.contains(key) {
                    again[key] = min(again[key] ?? now + delay, now + delay)
                } else {
                    due[key] = min(due[key] ?? now + delay, now + delay)
                }
            case 1:
                now = now + .milliseconds(700)
            case 2:
                set.finish(key)
                if working.remove(key) != nil, let moment = again.removeValue(forKey: key) { due[key] = moment }
            default:
                let taken = set.take(at: now)
                let dueKeys = due.filter { $0.value <= now }.map(\.key)
                #expect((taken == nil) == dueKeys.isEmpty, "seed \(seed)")
                guard let taken else { continue }
                #expect(dueKeys.contains(taken), "seed \(seed)")
                due[taken] = nil
                working.insert(taken)
            }
            let next = due.values.min().map { max($0, now) }
            #expect(set.nextDue(after: now) == next, "seed \(seed)")
            #expect(set.isEmpty == (due.isEmpty && working.isEmpty), "seed \(seed)")
        }
    }
}
