import PluginKit
import Testing

@testable import Kasa

@Suite struct CommandTests {
    private func order(_ command: String, _ arguments: JSON = [:], of answer: JSON = ModelTests.bulb) throws -> Order {
        try Order(
            command: command,
            arguments: arguments,
            abilities: Abilities(SystemInfo(answer)),
            deviceName: "Lamp"
        )
    }

    @Test func readsValidArguments() throws {
        #expect(try order("turn-on") == .power(true))
        #expect(try order("set-brightness", ["brightness": 30]) == .brightness(30))
        #expect(try order("set-brightness", ["brightness": "30"]) == .brightness(30))
        #expect(
            try order("set-color", ["hue": 240, "saturation": 90]) == .color(hue: 240, saturation: 90, brightness: nil)
        )
        #expect(try order("set-color-temperature", ["temperature": 2700]) == .colorTemperature(2700))
        #expect(try order("set-led", ["on": false], of: ModelTests.plug) == .statusLight(false))
    }

    private static let mistakes: [(String, JSON, String)] = [
        ("set-brightness", [:], "set-brightness needs brightness, a whole number from 1 to 100"),
        ("set-brightness", ["brightness": 0], "brightness must be a whole number from 1 to 100, not 0"),
        ("set-brightness", ["brightness": "dim"], #"brightness must be a whole number from 1 to 100, not "dim""#),
        ("set-brightness", ["level": 5], "set-brightness has no argument “level”; it takes brightness"),
        ("turn-on", ["now": true], "turn-on has no argument “now”; it takes no arguments"),
        ("set-color", ["hue": 361, "saturation": 1], "hue must be a whole number from 0 to 360, not 361"),
        (
            "set-color-temperature", ["temperature": 100],
            "temperature must be a whole number from 2500 to 9000 K, not 100"
        ),
    ]

    @Test(arguments: mistakes)
    func saysWhatIsWrongWithAnArgument(command: String, arguments: JSON, message: String) {
        let error = #expect(throws: PluginError.self) { try order(command, arguments) }
        #expect(error == PluginError(.invalid, message))
    }

    @Test(arguments: ["explode", "set-brightness", "set-color"])
    func saysWhatADeviceCanDo(command: String) {
        let error = #expect(throws: PluginError.self) { try order(command, of: ModelTests.plug) }
        #expect(
            error
                == .unsupported("“Lamp” has no command “\(command)”; it has turn-on, turn-off, toggle, set-led")
        )
    }

    @Test func turnsBulbsOnAsTheyWere() throws {
        let info = SystemInfo(ModelTests.bulb)
        let goal = Goal(.power(true), outlet: nil, from: info)
        #expect(
            goal.queries(for: info).map(\.message) == [
                [
                    "smartlife.iot.smartbulb.lightingservice": [
                        "transition_light_state": ["on_off": 1, "ignore_default": 0]
                    ]
                ]
            ]
        )
    }

    @Test func setsLightsWhateverTheirDefaultIs() throws {
        var answer = ModelTests.bulb
        answer["length"] = 16
        let info = SystemInfo(answer)
        let goal = Goal(.color(hue: 1, saturation: 2, brightness: 3), outlet: nil, from: info)
        let values: JSON = [
            "on_off": 1, "hue": 1, "saturation": 2, "brightness": 3, "color_temp": 0, "ignore_default": 1,
        ]
        #expect(goal.queries(for: info).map(\.message) == [["smartlife.iot.lightStrip": ["set_light_state": values]]])
    }

    @Test func addressesOutletsOneByOneAsTheyAreCalled() {
        let info = SystemInfo(ModelTests.strip)
        let all = Goal(.power(false), outlet: nil, from: info)
        #expect(all.queries(for: info).map(\.child) == ["00", "8006B01"])
        let one = Goal(.power(false), outlet: "00", from: info)
        #expect(one.queries(for: info) == [Query(.relay(false), child: "00")])
    }

    @Test func settlesAToggleOnce() {
        let info = SystemInfo(ModelTests.plug)
        #expect(Goal(.toggle, outlet: nil, from: info).order == .power(false))
        #expect(Goal(.toggle, outlet: "8006B01", from: SystemInfo(ModelTests.strip)).order == .power(true))
    }

    @Test func wantsAllOutletsOnButAnyOffWhenAStripIsSwitched() {
        let info = SystemInfo(ModelTests.strip)
        #expect(Goal(.power(true), outlet: nil, from: info).difference(to: info) == "expected on, device says off")
        #expect(Goal(.power(false), outlet: nil, from: info).difference(to: info) == "expected off, device says on")
        #expect(Goal(.power(true), outlet: "00", from: info).difference(to: info) == nil)
        #expect(Goal(.power(true), outlet: "05", from: info).difference(to: info) == "expected on, device says nothing")
    }

    @Test func comparesEveryValueThatWasAskedFor() {
        var answer = ModelTests.bulb
        answer["light_state"] = ["on_off": 1, "hue": 120, "saturation": 100, "color_temp": 0, "brightness": 50]
        let info = SystemInfo(answer)
        func difference(_ order: Order) -> String? { Goal(order, outlet: nil, from: info).difference(to: info) }
        #expect(difference(.color(hue: 120, saturation: 100, brightness: 50)) == nil)
        #expect(
            difference(.color(hue: 120, saturation: 99, brightness: nil)) == "expected saturation 99%, device says 100%"
        )
        #expect(difference(.brightness(51)) == "expected brightness 51%, device says 50%")
        #expect(difference(.colorTemperature(2700)) == "expected colour temperature 2700 K, device says 0 K")
        #expect(difference(.power(false)) == "expected off, device says on")
        #expect(difference(.statusLight(true)) == "expected status light on, device says nothing")
    }
}
