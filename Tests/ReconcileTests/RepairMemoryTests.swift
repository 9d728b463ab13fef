import HostAPI
import Reconcile
import Testing

@Suite struct RepairMemoryTests {
    @Test func thePausesDoubleUntilTheBreakerOpens() {
        var memory = RepairMemory()
        memory.note(.failed, at: noon, chance: 0.5)
        #expect(memory.pauseEnd(at: noon) == noon + .milliseconds(500))
        memory.note(.failed, at: noon, chance: 0.5)
        #expect(memory.pauseEnd(at: noon) == noon + .seconds(1))
        #expect(memory.breaker(at: noon) == .closed)
        memory.note(.failed, at: noon, chance: 0.5)
        #expect(memory.breaker(at: noon) == .open(until: noon + .seconds(300)))
        #expect(memory.pauseEnd(at: noon + .seconds(299)) != nil)
    }

    @Test func aHalfOpenBreakerAllowsOneTrial() {
        var memory = RepairMemory(failures: 3, notBefore: noon)
        #expect(memory.breaker(at: noon) == .halfOpen)
        #expect(memory.pauseEnd(at: noon) == nil)
        memory.note(.failed, at: noon, chance: 0.1)
        #expect(memory.breaker(at: noon) == .open(until: noon + .seconds(300)))
        memory.note(.succeeded, at: noon, chance: 0.1)
        #expect(memory.isEmpty)
        #expect(memory.breaker(at: noon) == .closed)
    }

    @Test(arguments: [(0.0, 400), (1.0, 600), (-7.0, 400), (9.0, 600)])
    func thePauseVariesByAFifth(chance: Double, milliseconds: Int64) {
        #expect(RepairMemory.pause(afterFailures: 1, chance: chance) == .milliseconds(milliseconds))
    }

    @Test func noPauseIsLongerThanFiveMinutes() {
        #expect(RepairMemory.pause(afterFailures: .max, chance: 1) == .seconds(300))
        #expect(RepairMemory.pause(afterFailures: 0, chance: 1) == .milliseconds(600))
    }

    @Test func whatTheRegistryDoesNotHaveIsRemembered() {
        var memory = RepairMemory(failures: 2, notBefore: noon)
        memory.note(.missing("the registry has no plugin \"kasa\""), at: noon, chance: 0.5)
        #expect(memory.unrecoverable == "the registry has no plugin \"kasa\"")
        memory.forget()
        #expect(memory.isEmpty)
    }

    @Test func anUnreachableRegistryIsNoFailureOfThePlugin() {
        var memory = RepairMemory()
        for _ in 0..<10 { memory.note(.registryUnreachable, at: noon, chance: 0.5) }
        #expect(memory == RepairMemory(notBefore: noon + .seconds(60)))
        var broken = RepairMemory(failures: 3, notBefore: noon + .seconds(300))
        broken.note(.registryUnreachable, at: noon, chance: 0.5)
        #expect(broken.notBefore == noon + .seconds(300))
    }
}
