import PluginKit
import Testing

@testable import Kasa

@Suite struct SettingsTests {
    /// As the host sends them: the manifest's defaults are filled in.
    private static let document = """
        {"command_attempts":3,"command_retry_pause_seconds":1,"contact_timeout_seconds":6,
         "devices":{"8006A":{"name":"Boiler","on_stop":"leave"},"8006B":{"on_stop":"off"}},
         "discovery_addresses":["255.255.255.255"],"discovery_interval_seconds":300,"hosts":[],
         "poll_interval_seconds":10,"settle_seconds":0.5,"verify_timeout_seconds":5,"weak_signal_dbm":-75}
        """

    @Test func takesWhatTheHostSends() throws {
        let settings = try JSON(parsing: Self.document).decode(Settings.self)
        var expected = Settings()
        expected.devices = ["8006A": .init(name: "Boiler", onStop: .leave), "8006B": .init(onStop: .off)]
        #expect(settings == expected)
        #expect(settings.devicesToSwitchOff == ["8006B"])
        #expect(settings.commandPolicy == CommandPolicy())
        #expect((1...3).map { settings.commandPolicy.wait(before: $0) } == [.zero, .seconds(1), .seconds(2)])
    }

    @Test func takesZeroForNoDiscovery() {
        var settings = Settings()
        #expect(settings.discoveryInterval == .seconds(300))
        settings.discoveryIntervalSeconds = 0
        #expect(settings.discoveryInterval == nil)
    }
}
