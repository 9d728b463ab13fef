import PluginKit
import Testing

@testable import Kasa

/// Devices whose firmware moved to one of the encrypted protocols.
@Suite struct NewerProtocolTests {
    @Test func saysWhyANewerDeviceCannotBeUsed() async throws {
        let address = "127.97.0.\(Int.random(in: 2...250))"
        let socket = try UDPSocket(at: SocketAddress(ip: address, port: NewerDiscovery.port))
        let body = #"{"result":{"device_model":"KP125M(US)","mgt_encrypt_schm":{"encrypt_type":"KLAP"}}}"#
        let device = Task {
            while !Task.isCancelled {
                let question = try await socket.receive(within: .seconds(60))
                #expect(question.bytes == NewerDiscovery.question)
                let answer = [UInt8](repeating: 2, count: 16) + Array(body.utf8)
                try await socket.send(answer, to: question.sender)
            }
        }
        defer { device.cancel() }

        let recorder = try RecordingHost()
        let plugin = KasaPlugin(host: recorder.host, time: FastTime())
        var settings = Settings()
        settings.hosts = [address]
        settings.discoveryAddresses = []
        await plugin.start(settings)
        let sentence = "\(address) is a KP125M(US) that speaks the newer KLAP protocol, which is not supported yet"
        try await eventually("the log names the cause") { recorder.record.log.contains("warning: \(sentence)") }
        let figures = await plugin.health()
        #expect(figures["unsupported"] == [["address": .text(address), "model": "KP125M(US)", "protocol": "KLAP"]])
        await plugin.stop()
        #expect(recorder.record.log.count { $0.contains(sentence) } == 1)
    }
}
