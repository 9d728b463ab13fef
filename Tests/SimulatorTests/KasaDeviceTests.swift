import HomeSimulator
import Testing

@Suite
struct KasaDeviceTests {
    @Test
    func anEarlyPlugDescribesItselfInTheFirstDialect() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater])
        let information = try plug.information()
        #expect(information["type"] == "IOT.SMARTPLUGSWITCH")
        #expect(information["mic_type"] == nil)
        #expect(information["latitude"]?.double != nil)
        #expect(information["feature"] == "TIM:ENE")
        #expect(information["mac"]?.string?.split(separator: ":").count == 6)
        #expect(information["deviceId"]?.string?.count == 40)
        #expect(information["err_code"] == 0)
    }

    @Test
    func aLaterPlugDescribesItselfInTheSecondDialect() throws {
        var plug = TimedDevice(.hs103)
        let information = try plug.information()
        #expect(information["mic_type"] == "IOT.SMARTPLUGSWITCH")
        #expect(information["type"] == nil)
        #expect(information["latitude_i"]?.integer != nil)
        #expect(information["feature"] == "TIM")
    }

    @Test
    func aBulbHasNoColonsInItsAddressAndNoRelay() throws {
        var bulb = TimedDevice(.kl130)
        let information = try bulb.information()
        #expect(information["mic_mac"]?.string?.count == 12)
        #expect(information["relay_state"] == nil)
        #expect(information["is_color"] == 1)
        #expect(information["light_state"]?["on_off"] == 0)
        #expect(information["light_state"]?["brightness"] == nil)
        #expect(information["light_state"]?["dft_on_state"]?["brightness"] == 100)
    }

    @Test
    func theRelaySwitchesAndCountsItsTime() throws {
        var plug = TimedDevice(.hs100)
        #expect(try plug.call("system", "set_relay_state", ["state": 1]) == ["err_code": 0])
        plug.seconds += 90
        let information = try plug.information()
        #expect(information["relay_state"] == 1)
        #expect(information["on_time"] == 90)
        _ = try plug.call("system", "set_relay_state", ["state": 0])
        #expect(try plug.information()["on_time"] == 0)
    }

    @Test(arguments: [["state": 2], ["state": "on"], [:], nil] as [JSON])
    func aRelayStateThatIsNoneIsRefused(argument: JSON) throws {
        var plug = TimedDevice(.hs100)
        #expect(try plug.call("system", "set_relay_state", argument)["err_code"] == -3)
        #expect(!plug.device.isOn)
    }

    @Test
    func aStripHasChildrenAndNoRelayOfItsOwn() throws {
        var strip = TimedDevice(.hs300, outletNames: ["Monitor"])
        let information = try strip.information()
        #expect(information["relay_state"] == nil)
        #expect(information["child_num"] == 6)
        let first = try #require(information["children"]?[0])
        let deviceID = try #require(information["deviceId"]?.string)
        #expect(first["id"] == .string(deviceID + "00"))
        #expect(first["alias"] == "Monitor")
        #expect(information["children"]?[5]?["alias"] == "Plug 6")
    }

    @Test
    func aContextNamesTheOutletByItsWholeIDOrItsNumber() throws {
        var strip = TimedDevice(.kp303)
        let id = strip.device.outlets[2].id
        _ = try strip.call("system", "set_relay_state", ["state": 1], children: [.string(id)])
        #expect(strip.device.outlets.map(\.isOn) == [false, false, true])
        _ = try strip.call("system", "set_relay_state", ["state": 1], children: ["00"])
        #expect(strip.device.outlets.map(\.isOn) == [true, false, true])
        _ = try strip.call("system", "set_relay_state", ["state": 0])
        #expect(strip.device.outlets.map(\.isOn) == [false, false, false])
    }

    @Test
    func anOutletThatDoesNotExistIsRefused() throws {
        var strip = TimedDevice(.kp303)
        let reply = try strip.call("system", "set_relay_state", ["state": 1], children: ["07"])
        #expect(reply["err_code"] == -14)
        #expect(!strip.device.isOn)
    }

    @Test
    func unknownModulesAndCommandsHaveTheCodesOfTheirKind() throws {
        var plug = TimedDevice(.hs100)
        #expect(plug.reply(["fridge": ["open": [:]]])?["fridge"]?["err_code"] == -1)
        #expect(plug.reply(["emeter": ["get_realtime": [:]]])?["emeter"]?["err_code"] == -1)
        #expect(try plug.call("system", "fly", [:])["err_code"] == -2)
        var bulb = TimedDevice(.lb100)
        #expect(bulb.reply(["emeter": ["get_realtime": [:]]])?["emeter"]?["err_code"] == -2_001)
        #expect(try bulb.call("system", "set_relay_state", ["state": 1])["err_code"] == -2_000)
    }

    @Test
    func oneRequestMayAskForSeveralThings() throws {
        var plug = TimedDevice(.kp115)
        let reply = plug.reply([
            "system": ["get_sysinfo": nil], "emeter": ["get_realtime": [:]], "time": ["get_time": nil],
        ])
        #expect(reply?.members?.map(\.key) == ["system", "emeter", "time"])
        #expect(reply?["time"]?["get_time"]?["year"] == 2026)
    }

    @Test
    func namesAndLightsStay() throws {
        var plug = TimedDevice(.hs100)
        _ = try plug.call("system", "set_dev_alias", ["alias": "Kettle"])
        _ = try plug.call("system", "set_led_off", ["off": 1])
        let information = try plug.information()
        #expect(information["alias"] == "Kettle")
        #expect(information["led_off"] == 1)
    }

    @Test
    func theSameSeedGivesTheSameDevice() throws {
        var one = TimedDevice(.hs110, seed: 7)
        var same = TimedDevice(.hs110, seed: 7)
        var other = TimedDevice(.hs110, seed: 8)
        #expect(try one.information() == same.information())
        #expect(try one.information()["deviceId"] != other.information()["deviceId"])
    }

    @Test
    func aRebootIsAnsweredOnlyWhenThereIsTimeForIt() throws {
        var plug = TimedDevice(.hs100)
        #expect(try plug.call("system", "reboot", ["delay": 1]) == ["err_code": 0])
        #expect(plug.reply(["system": ["reboot": ["delay": 0]]]) == nil)
    }

    @Test
    func whatIsNoObjectGetsNoReply() {
        var plug = TimedDevice(.hs100)
        #expect(plug.reply([1, 2]) == nil)
    }
}
