import HostAPI
import TestSupport
import Testing

/// What a plugin may do to others, and what it may not.
@Suite(.hostLogOnFailure)
struct PermissionTests {
    /// A well-behaved plugin with these permissions, and a Swift plugin that publishes readings.
    private func withTwoPlugins(
        _ name: String = #function,
        _ permissions: String,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.install("well-behaved", permissions)
            let settings =
                "settings:\n  type: object\n  properties:\n"
                + "    interval_seconds: {type: number, default: 0.1}\n    greeting: {type: string, default: Hello}"
            try host.install(
                "template-swift",
                code: try BuildProducts.path(of: "libtemplate-swift.so"),
                manifest: HostFixture.manifest("template-swift", settings)
            )
            try await host.start()
            try await host.agree(to: "well-behaved")
            for id in ["well-behaved", "template-swift"] { try await host.waitFor(id, .running) }
            try await body(host)
        }
    }

    @Test
    func readingsOfOthersArriveWithThePermission() async throws {
        try await withTwoPlugins("permitted", "permissions:\n  read-series: [\"template-swift/*/uptime\"]") { host in
            let pattern = "pattern=template-swift/*/uptime"
            #expect(try await host.hostctl("call", "well-behaved", "subscribe", pattern).status == 0)
            try await eventually("readings are received") {
                try await host.client.plugin("well-behaved").health?["received"]?.integerValue ?? 0 > 3
            }
            #expect(try await host.hostctl("logs", "well-behaved").output.contains("greeter/uptime = "))
            #expect(try await host.hostctl("call", "well-behaved", "unsubscribe").status == 0)
        }
    }

    @Test
    func readingsOfOthersAreDeniedWithoutIt() async throws {
        try await withTwoPlugins("denied", "permissions:\n  read-series: [\"template-swift/*/greetings\"]") { host in
            _ = try await host.hostctl("call", "well-behaved", "subscribe", "pattern=template-swift/*/uptime")
            try await eventually("the refusal is known") {
                try await host.hostctl("logs", "well-behaved").output.contains("not subscribed")
            }
            #expect(try await host.client.plugin("well-behaved").health?["received"] == .integer(0))
        }
    }

    @Test
    func othersDevicesAreCommandedWithThePermission() async throws {
        try await withTwoPlugins("allowed", "permissions:\n  command-devices: [template-swift/greeter]") { host in
            let result = try await host.call(
                "well-behaved",
                "call",
                "plugin=template-swift",
                "device=greeter",
                "name=say-hello"
            )
            #expect(result["greetings"] == .integer(1))
            let failure = try await host.hostctl(
                "call",
                "well-behaved",
                "call",
                "plugin=template-swift",
                "device=greeter",
                "name=say-helo"
            )
            #expect(failure.status != 0)
            #expect(failure.errors.contains("say-hello"))
        }
    }

    @Test
    func othersDevicesAreNotCommandedWithoutIt() async throws {
        try await withTwoPlugins("forbidden", "permissions:\n  command-devices: [kasa/*]") { host in
            let answer = try await host.hostctl(
                "call",
                "well-behaved",
                "call",
                "plugin=template-swift",
                "device=greeter",
                "name=say-hello"
            )
            #expect(answer.status != 0)
            #expect(answer.errors.contains("command-devices does not cover"))
            #expect(try await host.call("template-swift/greeter", "say-hello")["greetings"] == .integer(1))
        }
    }
}
