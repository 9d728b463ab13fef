import PluginKit

/// One question to a device: a command of a module, with its arguments.
struct Call: Hashable, CustomStringConvertible {
    let module: String
    let command: String
    var arguments: JSON = [:]

    var description: String { "\(module).\(command)" }
}

/// What is asked in one message: one or more calls, to the device itself or to one outlet of a strip.
struct Query: Hashable {
    let calls: [Call]
    /// The outlet's id exactly as the device gave it, or nil for the device itself.
    var child: String?

    init(_ calls: [Call], child: String? = nil) {
        self.calls = calls
        self.child = child
    }

    init(_ calls: Call..., child: String? = nil) {
        self.calls = calls
        self.child = child
    }

    /// The message as JSON: `{"<module>": {"<command>": <arguments>}, "context": {"child_ids": ["…"]}}`.
    var message: JSON {
        var message: JSON = [:]
        for call in calls {
            message[call.module] = message[call.module].merging([call.command: call.arguments])
        }
        if let child {
            // An array, but of one: several at once is more than some firmware can do.
            message["context"] = ["child_ids": [.text(child)]]
        }
        return message
    }

    /// The message as the bytes that the cipher is applied to.
    var bytes: [UInt8] { Array(message.encoded().utf8) }
}

extension Query {
    /// Identity, state and abilities in one answer. The first question ever, and alone: some devices crash on modules
    /// that they do not have.
    static let systemInfo = Query(.systemInfo)
}

extension Call {
    static let systemInfo = Call(module: "system", command: "get_sysinfo")

    /// What a meter measures now; `module` is an ``Abilities/meter``.
    static func meter(_ module: String) -> Call { Call(module: module, command: "get_realtime") }

    static func relay(_ isOn: Bool) -> Call {
        Call(module: "system", command: "set_relay_state", arguments: ["state": isOn ? 1 : 0])
    }

    static func statusLight(_ isOn: Bool) -> Call {
        Call(module: "system", command: "set_led_off", arguments: ["off": isOn ? 0 : 1])
    }

    /// The brightness of a dimmer, 1…100 %. The relay is not touched.
    static func dim(to brightness: Int) -> Call {
        Call(module: "smartlife.iot.dimmer", command: "set_brightness", arguments: ["brightness": JSON(brightness)])
    }
}

extension JSON {
    init(_ value: Int) { self = .integer(Int64(value)) }

    /// This object with the members of another one; those of the other win.
    fileprivate func merging(_ members: [String: JSON]) -> JSON {
        .object((object ?? [:]).merging(members) { _, new in new })
    }
}
