import HomeSimulator
import Testing

@Suite
struct LampTests {
    private static let lighting = "smartlife.iot.smartbulb.lightingservice"
    private static let dimmer = "smartlife.iot.dimmer"

    @Test
    func aBulbRemembersItsLightWhileOff() throws {
        var bulb = TimedDevice(.kl130)
        let on: JSON = ["on_off": 1, "brightness": 40, "hue": 120, "saturation": 75, "color_temp": 0]
        _ = try bulb.call(Self.lighting, "transition_light_state", on)
        _ = try bulb.call(Self.lighting, "transition_light_state", ["on_off": 0])
        let off = try bulb.call(Self.lighting, "get_light_state", nil)
        #expect(off["on_off"] == 0)
        #expect(off["brightness"] == nil)
        #expect(off["dft_on_state"]?["brightness"] == 40)
        _ = try bulb.call(Self.lighting, "transition_light_state", ["on_off": 1, "ignore_default": 0])
        let again = try bulb.call(Self.lighting, "get_light_state", nil)
        #expect([again["hue"], again["saturation"], again["brightness"]] == [120, 75, 40])
    }

    @Test
    func whiteReplacesColour() throws {
        var bulb = TimedDevice(.kl130, isOn: true)
        _ = try bulb.call(Self.lighting, "transition_light_state", ["hue": 10, "saturation": 90])
        let coloured = try bulb.call(Self.lighting, "get_light_state", nil)
        #expect(coloured["color_temp"] == 0)
        _ = try bulb.call(Self.lighting, "transition_light_state", ["color_temp": 3_000])
        let white = try bulb.call(Self.lighting, "get_light_state", nil)
        #expect([white["hue"], white["saturation"], white["color_temp"]] == [0, 0, 3_000])
    }

    @Test(arguments: [["brightness": 101], ["hue": -1], ["saturation": "much"], ["color_temp": 9_001]] as [JSON])
    func aValueOutOfRangeChangesNothing(argument: JSON) throws {
        var bulb = TimedDevice(.kl130)
        var argument = argument
        argument["on_off"] = 1
        #expect(try bulb.call(Self.lighting, "transition_light_state", argument)["err_code"] == -10_000)
        #expect(!bulb.device.isOn)
    }

    @Test
    func aWhiteBulbIgnoresColours() throws {
        var bulb = TimedDevice(.lb100, isOn: true)
        let reply = try bulb.call(Self.lighting, "transition_light_state", ["hue": 200, "brightness": 30])
        #expect([reply["err_code"], reply["hue"], reply["brightness"]] == [0, 0, 30])
    }

    @Test
    func aDimmerTurnsOnWithATransitionAndOffWithNone() throws {
        var dimmer = TimedDevice(.hs220)
        _ = try dimmer.call(Self.dimmer, "set_dimmer_transition", ["brightness": 30, "duration": 500])
        #expect(dimmer.device.isOn)
        #expect(try dimmer.information()["brightness"] == 30)
        _ = try dimmer.call(Self.dimmer, "set_dimmer_transition", ["brightness": 0, "duration": 500])
        #expect(!dimmer.device.isOn)
        #expect(try dimmer.information()["brightness"] == 30)
    }

    @Test
    func aDimmerRefusesATransitionOfNoTimeAndBrightnessZero() throws {
        var dimmer = TimedDevice(.hs220)
        #expect(
            try dimmer.call(Self.dimmer, "set_dimmer_transition", ["brightness": 9, "duration": 0])["err_code"] == -3
        )
        #expect(try dimmer.call(Self.dimmer, "set_brightness", ["brightness": 0])["err_code"] == -3)
    }
}
