/// What a device answers instead of a result. Bulbs have other numbers than plugs for the same thing.
enum KasaFailure: Error {
    case moduleNotSupported
    case memberNotSupported
    case invalidArgument
    case tableIsFull
    case entryDoesNotExist

    func reply(isBulb: Bool) -> JSON {
        let (code, message) = isBulb ? bulbCode : plugCode
        return ["err_code": .integer(code), "err_msg": .string(message)]
    }

    private var plugCode: (Int, String) {
        switch self {
        case .moduleNotSupported: (-1, "module not support")
        case .memberNotSupported: (-2, "member not support")
        case .invalidArgument: (-3, "invalid argument")
        case .tableIsFull: (-10, "table is full")
        case .entryDoesNotExist: (-14, "entry not exist")
        }
    }

    private var bulbCode: (Int, String) {
        switch self {
        case .moduleNotSupported: (-2_001, "Module not support")
        case .memberNotSupported: (-2_000, "Method not support")
        case .invalidArgument: (-10_000, "Invalid input argument")
        case .tableIsFull, .entryDoesNotExist: plugCode
        }
    }
}

/// One command of a request, as a module gets it.
struct KasaCall {
    let module: String
    let command: String
    let argument: JSON
    /// The outlets that `context.child_ids` names; all of them without a context.
    let outlets: [Int]
    let hasContext: Bool
    let moment: Moment
}

extension KasaDevice {
    /// Answers one request. The reply mirrors it, module by module and command by command.
    ///
    /// - Returns: nil for what no device answers: something that is not an object, or a reboot at once.
    package mutating func reply(to request: JSON, at moment: Moment) -> JSON? {
        guard let modules = request.members, request["system"]?["reboot"]?["delay"] != 0 else { return nil }
        advance(to: moment)
        let children = request["context"]?["child_ids"]?.array
        let outlets = selectedOutlets(children)
        return .object(
            modules.filter { $0.key != "context" }.map { module in
                guard let outlets else {
                    let failure = KasaFailure.entryDoesNotExist.reply(isBulb: isBulb)
                    let commands = module.value.members ?? []
                    return JSON.Member(module.key, .object(commands.map { JSON.Member($0.key, failure) }))
                }
                let hasContext = children != nil && self.outlets.count > 1
                return JSON.Member(
                    module.key,
                    reply(module: module, outlets: outlets, hasContext: hasContext, at: moment)
                )
            }
        )
    }

    var isBulb: Bool { light != nil }

    /// The outlets of the ids; nil when one does not exist. Only a strip looks at them. It knows an outlet by its whole
    /// id and by the last two digits.
    private func selectedOutlets(_ children: [JSON]?) -> [Int]? {
        guard let children, outlets.count > 1 else { return Array(outlets.indices) }
        var selected: [Int] = []
        for child in children {
            let found = outlets.firstIndex { $0.id == child.string || $0.id.suffix(2) == child.string ?? "" }
            guard let found else { return nil }
            selected.append(found)
        }
        return selected
    }

    private mutating func reply(
        module: JSON.Member,
        outlets: [Int],
        hasContext: Bool,
        at moment: Moment
    ) -> JSON {
        guard let handler = handler(of: module.key) else {
            return KasaFailure.moduleNotSupported.reply(isBulb: isBulb)
        }
        let replies = (module.value.members ?? []).map { command in
            let call = KasaCall(
                module: module.key,
                command: command.key,
                argument: command.value,
                outlets: outlets,
                hasContext: hasContext,
                moment: moment
            )
            do throws(KasaFailure) {
                var reply = try handler(&self, call)
                reply["err_code"] = 0
                return JSON.Member(command.key, reply)
            } catch {
                return JSON.Member(command.key, error.reply(isBulb: isBulb))
            }
        }
        return .object(replies)
    }

    typealias Handler = (inout KasaDevice, KasaCall) throws(KasaFailure) -> JSON

    private func handler(of module: String) -> Handler? {
        switch (module, isBulb) {
        case ("system", _), ("smartlife.iot.common.system", true):
            return { (device, call) throws(KasaFailure) in try device.system(call) }
        case ("emeter", false), ("smartlife.iot.common.emeter", true):
            guard model.meter != nil else { return nil }
            return { (device, call) throws(KasaFailure) in try device.energy(call) }
        case ("time", false), ("smartlife.iot.common.timesetting", true):
            return { (device, call) throws(KasaFailure) in try device.time(call) }
        case ("schedule", false), ("anti_theft", false), ("smartlife.iot.common.schedule", true),
            ("smartlife.iot.common.anti_theft", true):
            return { (device, call) throws(KasaFailure) in try device.schedule(call) }
        case ("count_down", false):
            return { (device, call) throws(KasaFailure) in try device.countDown(call) }
        case ("cnCloud", false), ("smartlife.iot.common.cloud", true):
            return { (device, call) throws(KasaFailure) in try device.cloud(call) }
        case ("smartlife.iot.smartbulb.lightingservice", true):
            return { (device, call) throws(KasaFailure) in try device.lighting(call) }
        case ("smartlife.iot.dimmer", false):
            guard model.kind == .dimmer else { return nil }
            return { (device, call) throws(KasaFailure) in try device.dimmer(call) }
        default: return nil
        }
    }
}
