import HostAPI
import Testing

@testable import Runtime

@Suite struct RestartPolicyTests {
    private let start = Timestamp(milliseconds: 1_000_000_000)

    @Test(arguments: [(1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60), (100, 60)])
    func pausesGrowFromNothingToAMinute(restart: Int, seconds: Int) {
        #expect(RestartPolicy.pause(beforeRestart: restart, chance: 0.5) == .seconds(seconds))
    }

    @Test func pausesVaryByAFifth() {
        #expect(RestartPolicy.pause(beforeRestart: 4, chance: 0) == .milliseconds(3_200))
        #expect(RestartPolicy.pause(beforeRestart: 4, chance: 1) == .milliseconds(4_800))
    }

    @Test func theFirstRestartIsImmediate() {
        var policy = RestartPolicy()
        #expect(policy.died(at: start, uptime: .seconds(5), chance: 0.5) == .restart(after: .zero))
        #expect(policy.died(at: start + .seconds(1), uptime: .seconds(5), chance: 0.5) == .restart(after: .seconds(1)))
    }

    @Test func aHealthyMinuteForgetsTheCount() {
        var policy = RestartPolicy()
        _ = policy.died(at: start, uptime: .zero, chance: 0.5)
        _ = policy.died(at: start + .seconds(1), uptime: .zero, chance: 0.5)
        let decision = policy.died(at: start + .seconds(100), uptime: .seconds(60), chance: 0.5)
        #expect(decision == .restart(after: .zero))
    }

    @Test func fiveCrashesWithinFiveMinutesEndIt() {
        var policy = RestartPolicy()
        for crash in 0..<4 {
            #expect(policy.died(at: start + .seconds(70 * crash), uptime: .zero, chance: 0.5) != .giveUp)
        }
        #expect(policy.died(at: start + .seconds(280), uptime: .zero, chance: 0.5) == .giveUp)
    }

    @Test func fiveCrashesOverALongerTimeDoNot() {
        var policy = RestartPolicy()
        for crash in 0..<20 {
            #expect(policy.died(at: start + .seconds(76 * crash), uptime: .zero, chance: 0.5) != .giveUp)
        }
    }

    @Test func crashesBeforeTheHostWasStartedCount() {
        let before = (0..<4).map { start - .seconds(10 * $0) }
        var policy = RestartPolicy(deaths: before)
        #expect(policy.died(at: start + .seconds(1), uptime: .zero, chance: 0.5) == .giveUp)
    }

    @Test func tenDeathsADayAreWorthAnAlertUntilTheyAreOld() {
        var policy = RestartPolicy()
        for death in 0..<10 {
            #expect(!policy.isFrequentlyDying(at: start + .seconds(3_600 * death)))
            _ = policy.died(at: start + .seconds(3_600 * death), uptime: .seconds(3_000), chance: 0.5)
        }
        let last = start + .seconds(3_600 * 9)
        #expect(policy.isFrequentlyDying(at: last))
        #expect(policy.frequentDyingEnds(after: last) == start + .seconds(86_400))
        #expect(!policy.isFrequentlyDying(at: start + .seconds(86_400)))
    }

    @Test func theUserForgivesTheCrashLoopButNotTheDay() {
        var policy = RestartPolicy()
        for _ in 0..<10 { _ = policy.died(at: start, uptime: .zero, chance: 0.5) }
        policy.forgive()
        #expect(!policy.isCrashLooping(at: start))
        #expect(policy.isFrequentlyDying(at: start))
        #expect(policy.died(at: start + .seconds(1), uptime: .zero, chance: 0.5) == .restart(after: .zero))
    }
}
