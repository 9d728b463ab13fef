import Glibc
import HostAPI
import TestSupport
import Testing

/// The Kasa plugin in a simulated home: real protocol, real processes, all the way to the database and the command line.
@Suite(.hostLogOnFailure)
struct KasaTests {
    /// A simulated home in a network of its own, and the plugin that shall find it.
    private struct Home {
        let host: HostFixture
        let control: String

        /// Runs `homesim` with an order for this home.
        func order(_ arguments: String...) async throws -> String {
            let program = try host.launch(
                try BuildProducts.path(of: "homesim"),
                arguments + ["--control", control]
            )
            let exit = try await program.wait()
            guard exit == .status(0) else { throw Program.Failure(description: "\(program.name): \(program.errors)") }
            return program.output
        }

        /// The simulated device as it is.
        func device(_ name: String) async throws -> JSONValue {
            let list = try JSONValue(parsing: try await order("list", "--json"))
            return try #require(list["devices"]?.arrayValue?.first { $0["name"]?.stringValue == name })
        }
    }

    private func withHome(
        _ name: String = #function,
        network: String,
        _ body: (HostFixture, Home) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            let home = Home(host: host, control: "\(host.scratch.path)/home.sock")
            let simulator = try host.launch(
                try BuildProducts.path(of: "homesim"),
                ["run", "--network", "\(network).0/24", "--home", "small", "--control", home.control]
            )
            try await eventually("the home is ready: \(simulator.errors)") { simulator.output.hasPrefix("ready") }
            try host.install(
                "kasa",
                code: try BuildProducts.path(of: "libkasa.so"),
                manifest: TextFile.contents("\(SourceTree.directory)/manifests/kasa.yaml")
            )
            // Nothing starts until it knows where to search: no test may talk to the network of this machine.
            try await host.start(["--safe"])
            try await eventually("kasa is installed") { try await host.summary("kasa").state != .installing }
            let settings = try await host.hostctl(
                "settings",
                "set",
                "kasa",
                "discovery_addresses=[\"\(network).255\"]",
                "poll_interval_seconds=1",
                "contact_timeout_seconds=1",
                "command_retry_pause_seconds=0.1",
                "settle_seconds=0.1"
            )
            try #require(settings.status == 0, "\(settings.errors)")
            #expect(try await host.hostctl("start", "kasa").status == 0)
            try await eventually("the devices are found") {
                try await host.client.devices(ofPlugin: "kasa").filter { $0.availability == .online }.count == 2
            }
            try await body(host, home)
        }
    }

    @Test
    func devicesAreFoundReadAndSwitched() async throws {
        try await withHome(network: "127.201.7") { host, home in
            #expect(try await host.hostctl("devices", "-o", "name").output.contains("kasa/heater\n"))
            try await eventually("readings go into the history") {
                let page = try await host.json("readings", "kasa/heater/power", "--since", "10m")
                return page["items"]?.arrayValue?.count ?? 0 >= 3
            }
            for (command, isOn) in [("turn-off", false), ("turn-on", true)] {
                let answer = try await host.hostctl("call", "kasa/heater", command)
                #expect(answer.status == 0, "\(answer.errors)")
                #expect(try await home.device("heater")["on"] == .bool(isOn))
                try await eventually("the reading follows") {
                    let page = try await host.json("readings", "kasa/heater/on", "-n", "1")
                    return page["items"]?.arrayValue?.first?["value"] == .bool(isOn)
                }
            }
            // Somebody presses the button.
            _ = try await home.order("press", "heater", "off")
            try await eventually("the press is seen") {
                let page = try await host.json("readings", "kasa/heater/on", "-n", "1")
                return page["items"]?.arrayValue?.first?["value"] == .bool(false)
            }
            #expect(try await host.hostctl("stop", "kasa").status == 0)
            #expect(try await host.client.plugin("kasa").deaths.isEmpty)
        }
    }

    @Test(.tags(.slow))
    func aSilentDeviceIsOfflineAndUnknownUntilItAnswersAgain() async throws {
        try await withHome(network: "127.201.8") { host, home in
            _ = try await home.order("fault", "heater", "silence")
            try await eventually("it is offline with a reason", within: .seconds(30)) {
                let device = try await host.client.devices(ofPlugin: "kasa").first { $0.handle == "heater" }
                return device?.availability == .offline && device?.reason.isEmpty == false
            }
            let page = try await host.json("readings", "kasa/heater/on", "-n", "1")
            #expect(page["items"]?.arrayValue?.first?["value"] == .null)
            #expect(try await host.hostctl("status").output.contains("1 offline"))
            let others = try await host.client.devices(ofPlugin: "kasa").filter { $0.handle != "heater" }
            #expect(others.allSatisfy { $0.availability == .online })

            _ = try await home.order("clear", "heater")
            try await eventually("it is back", within: .seconds(40)) {
                let device = try await host.client.devices(ofPlugin: "kasa").first { $0.handle == "heater" }
                return device?.availability == .online
            }
            let back = try await host.json("readings", "kasa/heater/on", "-n", "1")
            #expect(back["items"]?.arrayValue?.first?["value"] == .bool(true))
        }
    }

    @Test
    func aDeviceThatSendsGarbageDoesNotHarmThePlugin() async throws {
        try await withHome(network: "127.201.9") { host, home in
            let process = try await host.processID(of: "kasa")
            for fault in ["garbage", "wrong-length", "truncated", "reset"] {
                _ = try await home.order("fault", "heater", fault)
                let answer = try await host.hostctl("call", "kasa/heater", "turn-off", "--timeout", "10s")
                #expect(answer.status != 0, "\(fault)")
                _ = try await home.order("clear", "heater")
            }
            try await eventually("it answers again", within: .seconds(40)) {
                try await host.hostctl("call", "kasa/heater", "turn-off").status == 0
            }
            #expect(try await home.device("heater")["on"] == .bool(false))
            #expect(try await host.processID(of: "kasa") == process)
        }
    }
}
