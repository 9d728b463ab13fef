/// The orders that come over the control socket.
extension SimulatedHome {
    /// Carries out one order: `list`; `fault`, `clear`, `press`, `move` with a `device`.
    ///
    /// - Throws: `SimulatorError`.
    func carryOut(_ order: JSON) async throws -> JSON {
        switch order["command"]?.string {
        case "list":
            return ["network": .string("\(network)"), "port": .integer(port), "devices": .array(list)]
        case "fault":
            try await orderFault(order)
        case "clear":
            for device in try named(order, orAll: true) { try await clear(device) }
        case "press":
            try press(order)
        case "move":
            let text = order["address"]?.string ?? ""
            guard let address = IPv4Address(text) else { throw SimulatorError.addressIsOutside(text, network) }
            for device in try named(order) { try await move(device, to: address) }
        default:
            throw SimulatorError.badControlMessage(order.description)
        }
        return ["done": true]
    }

    /// The device of a name, an alias or an address.
    package func device(_ name: String) throws(SimulatorError) -> SimulatedDevice {
        let short = SimulatedDevice.name(of: name)
        let found = devices.first { $0.device.name == short || "\($0.address)" == name }
        guard let found else { throw .noSuchDevice(name, known: devices.map { $0.device.name }) }
        return found.device
    }

    private func named(_ order: JSON, orAll: Bool = false) throws(SimulatorError) -> [SimulatedDevice] {
        if let name = order["device"]?.string { return [try device(name)] }
        guard orAll else { throw .badControlMessage(order.description) }
        return devices.map { $0.device }
    }

    private func orderFault(_ order: JSON) async throws {
        let name = order["fault"]?.string ?? ""
        guard let fault = Fault(name: name, value: order["value"]?.integer) else {
            throw SimulatorError.noSuchFault(name)
        }
        for device in try named(order) {
            try await self.order(
                fault,
                on: device,
                for: order["seconds"]?.double.map { .seconds(min(max($0, 0), 31_536_000)) },
                times: order["times"]?.integer
            )
        }
    }

    private func press(_ order: JSON) throws(SimulatorError) {
        guard let isOn = order["on"]?.bool else { throw .badControlMessage(order.description) }
        for device in try named(order) {
            guard let outlet = order["outlet"]?.string else {
                device.press(isOn)
                continue
            }
            let outlets = device.snapshot.outlets
            let index = outlets.firstIndex { SimulatedDevice.name(of: $0.alias) == SimulatedDevice.name(of: outlet) }
            guard let index else {
                throw .noSuchDevice(outlet, known: outlets.map { SimulatedDevice.name(of: $0.alias) })
            }
            device.press(isOn, outlet: index)
        }
    }

    private var list: [JSON] {
        devices.map { device, address in
            let snapshot = device.snapshot
            let counters = device.counters
            let outlets = snapshot.outlets.map {
                ["name": .string($0.alias), "id": .string($0.id), "on": .bool($0.isOn)] as JSON
            }
            return [
                "name": .string(device.name),
                "alias": .string(snapshot.alias),
                "model": .string(snapshot.model.name),
                "device_id": .string(snapshot.deviceID),
                "address": .string("\(address)"),
                "on": .bool(snapshot.isOn),
                "watts": device.watts.map { .double($0) } ?? .null,
                "outlets": .array(outlets.count > 1 ? outlets : []),
                "faults": .array(device.faults.map { .string($0.description) }),
                "connections": .integer(counters.connections),
                "open_connections": .integer(counters.openConnections),
                "most_connections": .integer(counters.mostConnections),
                "requests": .integer(counters.requests),
                "datagrams": .integer(counters.datagrams),
                "commands": .integer(counters.commands),
                "malformed": .integer(counters.malformed),
            ]
        }
    }
}
