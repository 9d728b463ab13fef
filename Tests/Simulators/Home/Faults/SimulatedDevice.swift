internal import Synchronization

/// One device of the home: its state machine, its faults and its counters, behind one lock. It knows no socket.
package final class SimulatedDevice: Sendable {
    fileprivate struct State {
        var device: KasaDevice
        var orders = FaultOrders()
        var counters = Counters()
        var previousReply: [UInt8]?
    }

    /// What people call it by on the command line: `living-room-lamp`.
    package let name: String
    package let clock: HomeClock
    private let state: Mutex<State>

    package init(_ device: KasaDevice, clock: HomeClock) {
        name = Self.name(of: device.alias)
        self.clock = clock
        state = Mutex(State(device: device))
    }

    /// Lower case, with dashes for what is no letter or digit.
    package static func name(of alias: String) -> String {
        alias.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }

    /// The device as it is now.
    package var snapshot: KasaDevice {
        state.withLock { state in
            state.device.advance(to: clock.moment)
            return state.device
        }
    }

    package var isOn: Bool { snapshot.isOn }
    package var watts: Double? { snapshot.watts(at: clock.moment) }
    package var counters: Counters { state.withLock { $0.counters } }
    package var faults: [Fault] { state.withLock { $0.orders.faults } }

    /// Somebody presses its button, or that of one outlet.
    package func press(_ isOn: Bool, outlet: Int? = nil) {
        state.withLock { $0.device.press(isOn, outlet: outlet, at: clock.moment) }
    }

    func order(_ fault: Fault, times: Int?) { state.withLock { $0.orders.add(fault, times: times) } }
    func clear(_ fault: Fault) { state.withLock { $0.orders.remove(fault) } }
    func clearFaults() { state.withLock { $0.orders.removeAll() } }
    func connectionOpened() { state.withLock { $0.counters.opened() } }
    func connectionClosed() { state.withLock { $0.counters.closed() } }

    /// Answers one decrypted request; one that came over TCP is framed.
    func answer(_ plain: [UInt8], isFramed: Bool) -> Delivery {
        state.withLock { $0.answer(plain, isFramed: isFramed, at: clock.moment) }
    }

    func countMalformed() { state.withLock { $0.counters.malformed += 1 } }
}

extension SimulatedDevice.State {
    mutating func answer(_ plain: [UInt8], isFramed: Bool, at moment: Moment) -> Delivery {
        guard let request = try? JSON(bytes: plain), let modules = request.members else {
            counters.malformed += 1
            return isFramed ? .hangUp : .nothing
        }
        if isFramed { counters.requests += 1 } else { counters.datagrams += 1 }
        let isCommand = modules.contains { module in
            module.key != "context" && (module.value.members ?? []).contains { !$0.key.hasPrefix("get_") }
        }
        if isCommand { counters.commands += 1 }

        let faults = orders.takeForRequest()
        guard !faults.contains(.silence), let reply = reply(to: request, faults: faults, at: moment) else {
            return .nothing
        }
        let text = reply.bytes
        let sent = faults.contains(.staleReply) ? previousReply ?? text : text
        previousReply = text
        return Delivery(of: sent, faults: faults, isFramed: isFramed, noise: device.noise)
    }

    private mutating func reply(to request: JSON, faults: [Fault], at moment: Moment) -> JSON? {
        for case .errorCode(let code) in faults {
            return request.failing(code)
        }
        guard faults.contains(.ignoresCommands) else { return device.reply(to: request, at: moment) }
        var unchanged = device
        return unchanged.reply(to: request, at: moment)
    }
}

extension JSON {
    /// The reply to a request in which every command fails.
    fileprivate func failing(_ code: Int) -> JSON {
        let failure: JSON = ["err_code": .integer(code), "err_msg": "ordered failure"]
        return .object(
            (members ?? []).filter { $0.key != "context" }.map { module in
                Member(module.key, .object((module.value.members ?? []).map { Member($0.key, failure) }))
            }
        )
    }
}
