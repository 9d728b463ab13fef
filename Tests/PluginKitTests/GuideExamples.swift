import PluginKit

// The examples of docs/plugin-authors.md. A test compares the two, so what stands there compiles.

private struct Token: Codable {
    var value: String
    var expires: Timestamp
}

private func report(_ host: Host, watts: Double) async throws {
    // Readings
    host.readings.publish([
        Reading("plug-1", "power", .number(watts), unit: "W"),
        Reading("plug-1", "on", true),
        Reading("plug-2", "on", .unknown),
    ])

    // Devices
    host.devices.put(
        Device(
            id: "plug-1",
            name: "Heater",
            kind: "plug",
            model: "HS110(EU)",
            address: "192.168.1.20",
            entities: [Device.Entity("power", .number, unit: "W"), Device.Entity("on", .boolean)],
            commands: [Device.Action("turn-on", title: "Turn on")]
        )
    )
    host.devices.setAvailability(.offline, of: "plug-1", reason: "it does not answer at 192.168.1.20")

    // Alerts
    host.alerts.raise(
        "plug-1/hot",
        .critical,
        "Heater draws 3.6 kW",
        detail: "Its limit is 3.5 kW. Pull the plug."
    )
    host.alerts.clear("plug-1/hot")

    // Log and status
    host.log.info("connected", ["address": "192.168.1.20", "attempt": 2])
    host.status.report(.degraded, "2 of 5 plugs do not answer")
}

private func remember(_ host: Host, _ token: Token) async throws {
    // State
    try host.state.set(token, for: "token")
    let kept = try host.state.value(Token.self, for: "token")
    try await host.state.flush()
    // End
    _ = kept
}

private func lookAround(_ host: Host) async throws {
    // Home
    for try await batch in host.home.readings(matching: "kasa/*/power") {
        for series in batch { host.log.debug("\(series.plugin) \(series.reading.device): \(series.reading.value)") }
    }
    let answer = try await host.home.call("kasa", Command(device: "plug-1", name: "turn-on"))

    // Exec
    for try await event in host.exec.run("resolve", ["id": "dQw4w9WgXcQ"]) {
        switch event {
        case .output(.standardOutput(let bytes)): host.log.info("\(bytes.count) bytes")
        case .output(.standardError): break
        case .ended(let end): host.log.info("\(end)")
        }
    }
    // End
    _ = answer
}

private func ask(_ host: Host, _ request: [UInt8]) async throws -> [UInt8] {
    // TCP
    do {
        let plug = try await TCPConnection.connect(to: "192.168.1.20", port: 9999, within: .seconds(2))
        defer { plug.close() }
        try await plug.write(request, within: .seconds(2))
        return try await plug.read(exactly: 4, within: .seconds(5))
    } catch SocketError.refused(let peer) {
        throw PluginError.retryable("\(peer) is busy")
    }
    // End
}

private func discover(_ host: Host, _ question: [UInt8]) async throws {
    // UDP
    guard let everybody = SocketAddress(ip: "255.255.255.255", port: 9999) else { return }
    let socket = try UDPSocket(broadcast: true)
    try await socket.send(question, to: everybody)
    while let answer = try? await socket.receive(within: .seconds(2)) {
        host.log.info("\(answer.sender.ip) answered with \(answer.bytes.count) bytes")
    }
    // End
}

private func read(_ text: String) throws -> Bool? {
    // JSON
    let answer = try JSON(parsing: text)
    let state = answer["system"]["get_sysinfo"]["relay_state"].integer
    let request: JSON = ["system": ["set_relay_state": ["state": 1]]]
    // End
    return request.isNull ? nil : state == 1
}
