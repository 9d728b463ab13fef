import HostAPI
import TestSupport
import Testing

/// `kill -9` at any moment leaves the old state or the new one.
@Suite(.hostLogOnFailure)
struct PowerTests {
    @Test(.tags(.slow))
    func aDozenPowerCutsLeaveTheOldStateOrTheNewOne() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("aDozenPowerCutsLeaveTheOldStateOrTheNewOne: seed \(seed)")
        try await HostFixture.with { host in
            var chance = Chance(seed: seed)
            let arguments = ["--health-window", "0.2"]
            let witness = Variant("door")
            let versions = [
                "lamp": [Variant("lamp", "1.0.0"), Variant("lamp", "2.0.0")],
                "bell": [Variant("bell", "1.0.0"), Variant("bell", "2.0.0")],
            ]
            for variant in versions.values.joined() { _ = try await host.package(variant) }
            try await host.start(arguments)
            try await host.install(witness)
            var known: [String: Variant?] = ["lamp": nil, "bell": nil]

            for cut in 1...12 {
                // One change of each plugin, side by side.
                var wanted: [String: Variant?] = [:]
                for (id, builds) in versions.sorted(by: { $0.key < $1.key }) {
                    let before = known[id] ?? nil
                    if before != nil, chance.next(below: 3) == 0 {
                        wanted[id] = .some(nil)
                        _ = try host.follow(["uninstall", id])
                    } else {
                        let target = before?.version == "1.0.0" ? builds[1] : builds[0]
                        wanted[id] = target
                        _ = try host.follow(["install", try await host.package(target)])
                    }
                }
                try await Task.sleep(for: .milliseconds(chance.next(below: 300)))
                try host.killHost()

                try await host.start(arguments)
                try await host.waitForQuiet()
                try await host.waitFor(witness)
                for id in ["bell", "lamp"] {
                    let (before, after) = (known[id] ?? nil, wanted[id] ?? nil)
                    let now = try await settled(id, host)
                    let allowed = [before?.answer, after?.answer]
                    #expect(allowed.contains(now), "cut \(cut) of seed \(seed): \(id) is \(now ?? "gone")")
                    known[id] = versions[id]?.first { $0.answer == now }
                }
                try await host.expectTidiness()
                let expected = known.values.count { $0 != nil } + 1
                try await eventually("each plugin has one process: \(host.processes())") {
                    host.processes().count == expected
                }
            }
            #expect(try await host.client.plugin("door").deaths.isEmpty)
        }
    }

    /// Which build of a plugin answers; nil if it is not installed.
    private func settled(_ id: String, _ host: HostFixture) async throws -> String? {
        let found = try await eventually("\(id) runs or is not there") { () -> String?? in
            let answer = try await host.hostctl("call", id, "build", "-o", "json")
            if answer.status == 4 { return .some(nil) }
            guard answer.status == 0 else { return nil }
            return try JSONValue(parsing: answer.output)["result"]?.stringValue
        }
        return found
    }
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
private struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below limit: UInt64) -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ (mixed >> 31)) % limit
    }
}
