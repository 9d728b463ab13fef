public import PluginAPI
import PluginKit

/// A plugin to start from: one device, which counts its greetings, and one reading every few seconds.
actor TemplatePlugin: Plugin {
    static let id = "template-swift"
    static let version = "1.0.0"

    /// As the schema in plugin.yaml describes them; the host has filled in the defaults.
    struct Settings: Decodable {
        var intervalSeconds: Double
        var greeting: String
    }

    private let host: Host
    private var settings = Settings(intervalSeconds: 10, greeting: "Hello")
    private var greetings = 0
    private var started = Duration.zero
    private var work: Task<Void, Never>?

    init(host: Host) {
        self.host = host
    }

    func start(_ settings: Settings) async throws {
        self.settings = settings
        started = host.clock.uptime
        greetings = try host.state.value(for: "greetings") ?? 0
        host.devices.put(
            Device(
                id: "greeter",
                name: "Greeter",
                kind: "example",
                entities: [Device.Entity("greetings", .number), Device.Entity("uptime", .number, unit: "s")],
                commands: [Device.Action("say-hello", title: "Say hello")]
            )
        )
        host.devices.setAvailability(.online, of: "greeter")
        work = Task { await publish() }
    }

    func stop() async {
        work?.cancel()
        await work?.value
        work = nil
    }

    /// `x-restart: hot`: the plugin goes on. Only the pause between two readings begins anew.
    func apply(_ settings: Settings, old: Settings, changes: SettingsChanges) async throws {
        await stop()
        self.settings = settings
        work = Task { await publish() }
    }

    func command(_ command: Command) throws -> JSON {
        guard command.name == "say-hello" else {
            throw PluginError.unsupported("there is no command \(command.name); try say-hello")
        }
        greetings += 1
        try host.state.set(greetings, for: "greetings")
        host.readings.publish(reading())
        host.log.info("said hello", ["greetings": .integer(Int64(greetings))])
        return ["greeting": "\(settings.greeting)!", "greetings": .integer(Int64(greetings))]
    }

    func health() -> JSON { ["greetings": .integer(Int64(greetings))] }

    private func publish() async {
        do {
            while true {
                let uptime = (host.clock.uptime - started) / .seconds(1)
                host.readings.publish([reading(), Reading("greeter", "uptime", .number(uptime), unit: "s")])
                try await host.clock.sleep(for: .seconds(settings.intervalSeconds))
            }
        } catch {
            // The only error is the cancellation by stop().
        }
    }

    private func reading() -> Reading { Reading("greeter", "greetings", .number(Double(greetings))) }
}

@c @implementation
public func hearth_plugin_entry() -> UnsafePointer<hearth_plugin>? { Export<TemplatePlugin>.entry }
