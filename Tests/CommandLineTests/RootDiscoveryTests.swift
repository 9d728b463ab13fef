import Client
import HostAPI
import Testing

@testable import CommandLine

@Suite struct RootDiscoveryTests {
    private let home = ["HOME": "/home/ann"]

    /// A discovery for which hosts run in some directories and others are forbidden.
    private func discovery(
        _ environment: [String: String],
        running: [String] = [],
        forbidden: [String] = []
    ) -> RootDiscovery {
        RootDiscovery(
            environment: { environment[$0] },
            probe: { path in
                let directory = String(path.text.dropLast("/run/hostd.sock".count))
                if running.contains(directory) { return nil }
                return Failure(forbidden.contains(directory) ? .denied : .unreachable, directory)
            }
        )
    }

    @Test func takesWhatTheUserNamedWithoutTrying() throws {
        let discovery = discovery(["HEARTH_ROOT": "/env"], running: ["/var/lib/hearth"])
        #expect(try discovery.root("/option").directory == "/option")
        #expect(try discovery.root(nil).directory == "/env")
        #expect(try discovery.root(nil).path.text == "/env/run/hostd.sock")
    }

    @Test func triesTheUsualPlacesInOrder() throws {
        let state = "/home/ann/.local/state"
        #expect(
            discovery(home).usualDirectories == ["/var/lib/hearth", state + "/hearth", state + "/hearth-simulated"]
        )
        let both = discovery(home, running: [state + "/hearth-simulated", state + "/hearth"])
        #expect(try both.root(nil).directory == state + "/hearth")
        let simulated = discovery(home, running: [state + "/hearth-simulated"], forbidden: ["/var/lib/hearth"])
        #expect(try simulated.root(nil).directory == state + "/hearth-simulated")
    }

    @Test func followsTheStateDirectory() throws {
        let discovery = discovery(
            ["HOME": "/home/ann", "XDG_STATE_HOME": "/s", "HEARTH_ROOT": ""],
            running: ["/s/hearth"]
        )
        #expect(try discovery.root(nil).directory == "/s/hearth")
    }

    @Test func saysWhereItLooked() {
        let failure = #expect(throws: Failure.self) { try discovery(home).root(nil) }
        #expect(failure?.code.exitStatus == .hostNotReachable)
        for directory in discovery(home).usualDirectories { #expect(failure?.message.contains(directory) == true) }
        #expect(failure?.hint?.contains("hostd") == true)
    }

    @Test func saysThatAHostIsThereForOthersOnly() {
        let failure = #expect(throws: Failure.self) { try discovery(home, forbidden: ["/var/lib/hearth"]).root(nil) }
        #expect(failure?.code.exitStatus == .permission)
    }

    @Test func refusesARootWithTooLongAPath() {
        let failure = #expect(throws: Failure.self) { try discovery(home).root(String(repeating: "x", count: 200)) }
        #expect(failure?.code.exitStatus == .usage)
    }

    @Test func doesNotTakeAnEmptyRootForTheRootOfTheSystem() {
        let failure = #expect(throws: Failure.self) { try discovery(home).root("") }
        #expect(failure?.code.exitStatus == .usage)
    }
}
