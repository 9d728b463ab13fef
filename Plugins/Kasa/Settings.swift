/// The plugin's settings, as `manifests/kasa.yaml` describes them.
package struct Settings: Decodable, Hashable, Sendable {
    package struct Override: Decodable, Hashable, Sendable {
        package enum OnStop: String, Decodable, Sendable {
            case leave
            case off
        }

        /// What to call the device instead of the name it has in the Kasa app.
        var name: String?
        /// What to do with it when the plugin stops.
        var onStop: OnStop?
    }

    var pollIntervalSeconds: Double = 10
    /// 0: no discovery.
    var discoveryIntervalSeconds: Double = 300
    /// IPv4 addresses of machines or broadcasts.
    var discoveryAddresses: [String] = ["255.255.255.255"]
    /// Addresses and names of devices that are asked directly.
    var hosts: [String] = []
    var commandAttempts: Int = 3
    var commandRetryPauseSeconds: Double = 1
    var contactTimeoutSeconds: Double = 6
    var settleSeconds: Double = 0.5
    var verifyTimeoutSeconds: Double = 5
    var weakSignalDbm: Int = -75
    /// By device id.
    var devices: [String: Override] = [:]
}

extension Settings {
    var pollInterval: Duration { .seconds(pollIntervalSeconds) }

    /// Nil: no discovery.
    var discoveryInterval: Duration? { discoveryIntervalSeconds > 0 ? .seconds(discoveryIntervalSeconds) : nil }

    var commandPolicy: CommandPolicy {
        CommandPolicy(
            attempts: max(commandAttempts, 1),
            retryPause: .seconds(commandRetryPauseSeconds),
            contact: .seconds(contactTimeoutSeconds),
            settle: .seconds(settleSeconds),
            verify: .seconds(verifyTimeoutSeconds)
        )
    }

    /// The devices that are switched off when the plugin stops.
    var devicesToSwitchOff: [String] { devices.filter { $0.value.onStop == .off }.keys.sorted() }
}
