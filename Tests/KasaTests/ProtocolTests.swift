import PluginKit
import Testing

@testable import Kasa

@Suite struct ProtocolTests {
    /// Recorded with python-kasa.
    @Test(arguments: [
        (#"{"system":{"get_sysinfo":{}}}"#, "0000001dd0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6"),
        (
            #"{"system":{"set_relay_state":{"state":1}}}"#,
            "0000002ad0f281f88bff9af7d5ef94b6c5a0d48bf99cf091e8b7c4b0d1a5c0e2d8a381f286e793f6d4eedfa2dfa2"
        ),
    ])
    func framesAsOthersDo(plain: String, frame: String) throws {
        let bytes = Frame.encode(Array(plain.utf8))
        #expect(bytes == hexadecimal(frame))
        #expect(try Frame.payloadSize(header: Array(bytes[..<4])) == plain.utf8.count)
        #expect(Cipher.decrypt(bytes[4...]) == Array(plain.utf8))
    }

    @Test func deciphersWhatItEnciphers() {
        let bytes = (0...255).map { UInt8($0) } + [0, 0, 171, 171]
        #expect(Cipher.decrypt(Cipher.encrypt(bytes)) == bytes)
        #expect(Cipher.encrypt([]).isEmpty)
    }

    @Test(arguments: [[0, 0, 0, 0], [0, 1, 0, 1], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff]])
    func refusesLengthsThatNoDeviceSends(header: [UInt8]) {
        #expect(throws: ExchangeError.self) { try Frame.payloadSize(header: header) }
    }

    @Test(arguments: [
        (Query(.systemInfo), #"{"system":{"get_sysinfo":{}}}"#),
        (Query(.relay(true)), #"{"system":{"set_relay_state":{"state":1}}}"#),
        (
            Query(.relay(false), child: "00"),
            #"{"context":{"child_ids":["00"]},"system":{"set_relay_state":{"state":0}}}"#
        ),
        (
            Query(.systemInfo, .meter("emeter")),
            #"{"emeter":{"get_realtime":{}},"system":{"get_sysinfo":{}}}"#
        ),
        (Query(.statusLight(true)), #"{"system":{"set_led_off":{"off":0}}}"#),
        (Query(.dim(to: 7)), #"{"smartlife.iot.dimmer":{"set_brightness":{"brightness":7}}}"#),
    ])
    func asksInTheDevicesWords(query: Query, message: String) throws {
        #expect(query.message == (try JSON(parsing: message)))
    }

    @Test func batchesCallsOfOneModule() throws {
        let query = Query(.systemInfo, .statusLight(false))
        #expect(query.message == ["system": ["get_sysinfo": [:], "set_led_off": ["off": 1]]])
    }

    @Test func findsTheAnswerToEachCall() throws {
        let query = Query(.systemInfo, .meter("emeter"))
        let reply = try Reply(
            #"{"system":{"get_sysinfo":{"alias":"A","err_code":0}},"emeter":{"get_realtime":{"err_code":-1}}}"#,
            to: query
        )
        #expect(reply.results.count == 2)
        #expect(try reply.results[0].get()["alias"] == "A")
        #expect(reply.results[1] == .failure(DeviceRefusal(code: -1)))
    }

    @Test(arguments: [
        #"{"system":{"get_sysinfo":{"err_code":0}}}"#,
        #"{"emeter":{"get_realtime":{"power_mw":1}}}"#,
        #"{"system":{"set_relay_state":{"err_code":0}},"emeter":{"get_realtime":{"power_mw":1}}}"#,
        #"{"system":{}}"#, #"{"system":{"set_relay_state":7}}"#, "{}",
    ])
    func recognisesTheAnswerToAnotherQuestion(answer: String) {
        #expect(throws: ExchangeError.mismatched(asked: "system.set_relay_state")) {
            try Reply(answer, to: Query(.relay(true)))
        }
    }

    @Test(arguments: [
        #"{"err_code":-1,"err_msg":"module not support"}"#,
        #"{"system":{"err_code":-1,"err_msg":"module not support"}}"#,
        #"{"system":{"set_relay_state":{"err_code":-1,"err_msg":"module not support"}}}"#,
    ])
    func findsARefusalWhereverItIs(answer: String) throws {
        let reply = try Reply(answer, to: Query(.relay(true)))
        #expect(reply.results == [.failure(DeviceRefusal(code: -1, message: "module not support"))])
    }

    @Test(arguments: ["", "[]", "7", #"{"system":"#, "null"])
    func refusesWhatIsNoAnswer(text: String) {
        let error = #expect(throws: ExchangeError.self) { try Reply(text, to: .systemInfo) }
        #expect(error?.description.contains("not of the Kasa protocol") == true)
    }

    @Test func neverTrapsOnRandomBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...64)).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: (any Error).self) { try Reply(Cipher.decrypt(bytes), to: .systemInfo) }
            #expect(LocalDiscovery.read(bytes) == nil)
            #expect(NewerDiscovery.read(bytes) == nil)
        }
    }

    @Test(arguments: [-1, -2, -3, -5, -7, -10, -11, -14, -2000, -2001, -10_000, -10_002, -1323])
    func explainsRefusals(code: Int) {
        let text = DeviceRefusal(code: code, message: "table is full").description
        #expect(text.hasPrefix("the device refuses: "))
        #expect(text.hasSuffix("error \(code) (“table is full”)"))
    }

    @Test(arguments: [
        (ExchangeError.refused, "port 9999"), (.unreachable("no way"), "power and Wi-Fi"),
        (.nameNotResolved("plug.lan"), "“plug.lan” has no address"), (.timedOut(after: .seconds(6)), "within 6 s"),
        (.timedOut(after: .milliseconds(500)), "within 0.5 s"), (.closed, "closed the connection"),
        (.broken("it was reset"), "it was reset"), (.mismatched(asked: "a.b"), "something else than a.b"),
        (.anotherDevice(name: "Lamp", id: "80"), "Lamp (80)"), (.newerProtocol("KLAP"), "newer KLAP protocol"),
        (.cancelled, "cancelled"),
    ])
    func saysWhatHappenedAndWhatToCheck(error: ExchangeError, part: String) {
        #expect(error.description.contains(part))
    }
}

extension Reply {
    fileprivate init(_ text: String, to query: Query) throws(ExchangeError) {
        try self.init(Array(text.utf8), to: query)
    }
}

private func hexadecimal(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
