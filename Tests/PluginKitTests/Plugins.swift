import PluginKit
import Synchronization
import Testing

/// Shows its host to the test, and does nothing.
struct OpenPlugin: Plugin {
    static let id = "open"
    static let version = "1.0.0"

    private static let hosts = Mutex<[String: Host]>([:])

    init(host: Host) { OpenPlugin.hosts.withLock { $0[host.dataDirectory] = host } }
    func start(_ settings: NoSettings) async throws {}
    func stop() async {}

    /// The plugin's view of `host`.
    static func host(in host: TestHost) throws -> Host {
        try #require(hosts.withLock { $0[host.dataDirectory] })
    }
}

/// Tells what happens to it, in a log, and does what its commands say.
actor TalkativePlugin: Plugin {
    static let id = "talkative"
    static let version = "1.2.3"

    struct Settings: Decodable {
        var name: String
        var pollSeconds: Int
        var failure: String?
    }

    private let host: Host
    private(set) var order: [Int] = []

    init(host: Host) { self.host = host }

    func start(_ settings: Settings) async throws {
        host.log.info("start \(settings.name) \(settings.pollSeconds)")
        switch settings.failure {
        case "auth": throw PluginError.auth("the password is wrong; set it again")
        case "slow": try await host.clock.sleep(for: .seconds(3600))
        case "unknown": throw Odd()
        default: break
        }
    }

    func stop() async { host.log.info("stop") }

    func apply(_ settings: Settings, old: Settings, changes: SettingsChanges) async throws {
        guard settings.name != "bad" else { throw PluginError.invalidSettings("bad is not a good name") }
        host.log.info("apply \(old.name) \(settings.name) \(changes.scope) \(changes.touches("/name"))")
    }

    func command(_ command: Command) async throws -> JSON {
        switch command.name {
        case "echo": return command.arguments
        case "describe": return ["device": .text(command.device ?? "none"), "timeout": "\(command.timeout)"]
        case "append":
            order.append(try command.arguments.decode(Position.self).position)
            return .null
        case "order": return .array(order.map { .integer(Int64($0)) })
        case "wait":
            host.log.info("waiting")
            try await host.clock.sleep(for: .seconds(3600))
            return .null
        default: throw PluginError.unsupported("no \(command.name)")
        }
    }

    func health() -> JSON { ["order": .integer(Int64(order.count))] }

    private struct Position: Decodable {
        var position: Int
    }

    private struct Odd: Error {}
}

/// Leaves to PluginKit what can be left.
struct BarePlugin: Plugin {
    static let id = "bare"
    static let version = "0.1.0"

    struct Settings: Decodable {
        var name: String
    }

    let host: Host

    init(host: Host) { self.host = host }

    func start(_ settings: Settings) async throws {
        host.log.info("start \(settings.name)")
        if settings.name == "bad" { throw PluginError.permanent("bad never works") }
    }

    func stop() async { host.log.info("stop") }
}

/// Cannot be made.
struct ImpossiblePlugin: Plugin {
    static let id = "impossible"
    static let version = "1.0.0"

    init(host: Host) throws { throw PluginError.permanent("there is no such machine") }
    func start(_ settings: NoSettings) async throws {}
    func stop() async {}
}
