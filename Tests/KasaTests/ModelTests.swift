import PluginKit
import Testing

@testable import Kasa

@Suite struct ModelTests {
    static let plug: JSON = [
        "deviceId": "8006A", "alias": "Heater", "model": "HS110(EU)", "type": "IOT.SMARTPLUGSWITCH",
        "dev_name": "Wi-Fi Smart Plug With Energy Monitoring", "feature": "TIM:ENE", "rssi": -60, "relay_state": 1,
        "led_off": 0, "sw_ver": "1.2.5",
    ]
    static let strip: JSON = [
        "deviceId": "8006B", "alias": "Desk", "model": "HS300(US)", "mic_type": "IOT.SMARTPLUGSWITCH",
        "feature": "TIM:ENE", "rssi": -60, "led_off": 1,
        "children": [["id": "00", "alias": "Monitor", "state": 1], ["id": "8006B01", "alias": "", "state": 0]],
    ]
    static let bulb: JSON = [
        "deviceId": "8006C", "alias": "Lamp", "model": "KL130(EU)", "mic_type": "IOT.SMARTBULB", "is_color": 1,
        "is_dimmable": 1, "is_variable_color_temp": 1, "rssi": -40,
        "light_state": [
            "on_off": 0, "dft_on_state": ["brightness": 40, "color_temp": 2700, "hue": 10, "saturation": 20],
        ],
    ]
    static let dimmer: JSON = [
        "deviceId": "8006D", "mic_type": "IOT.SMARTPLUGSWITCH", "dev_name": "Smart Wi-Fi Dimmer", "brightness": 25,
        "relay_state": 0, "model": "HS220(US)",
    ]

    @Test func readsBothNamingStyles() {
        #expect(
            SystemInfo(["type": "IOT.SMARTPLUGSWITCH"]).type == SystemInfo(["mic_type": "IOT.SMARTPLUGSWITCH"]).type
        )
    }

    @Test func livesWithoutAnyField() {
        let info = SystemInfo([:])
        #expect(info.kind == .plug)
        #expect(info.name == "unnamed device")
        #expect(info.identity == nil)
        #expect(Snapshot(info: info).devices(at: "a", names: [:]).isEmpty)
        #expect(Snapshot(info: info).readings(at: Timestamp(milliseconds: 0)).isEmpty)
    }

    private static let kinds: [(JSON, Kind)] = [
        (plug, .plug), (strip, .strip), (bulb, .bulb), (dimmer, .dimmer),
        (["dev_name": "Smart Wi-Fi Light Switch", "type": "IOT.SMARTPLUGSWITCH"], .switch),
        (["mic_type": "IOT.SMARTBULB", "length": 16, "light_state": [:]], .bulb),
        (["type": "IOT.NOVELTY"], .plug),
    ]

    @Test(arguments: kinds)
    func tellsTheKind(answer: JSON, kind: Kind) {
        #expect(SystemInfo(answer).kind == kind)
    }

    @Test func knowsAnOffBulbsValues() {
        let light = SystemInfo(Self.bulb).light
        #expect(light?.isOn == false)
        #expect(light?.brightness == 40)
        #expect(light?.colorTemperature == 2700)
    }

    private static let meters: [(JSON, EnergyReading)] = [
        (
            ["current": 0.5, "power": 100.25, "total": 12.5, "voltage": 230.1],
            EnergyReading(power: 100.25, voltage: 230.1, current: 0.5, total: 12.5)
        ),
        (
            ["current_ma": 500, "power_mw": 100_250, "total_wh": 12_500, "voltage_mv": 230_100, "slot_id": 1],
            EnergyReading(power: 100.25, voltage: 230.1, current: 0.5, total: 12.5)
        ),
        (["power_mw": 10_800], EnergyReading(power: 10.8)),
        (["power_mw": 10_800, "total_wh": 48], EnergyReading(power: 10.8, total: 0.048)),
        ([:], EnergyReading()),
    ]

    @Test(arguments: meters)
    func readsEveryUnitStyle(answer: JSON, expected: EnergyReading) {
        #expect(EnergyReading(answer) == expected)
    }

    @Test func makesOutletIDsUniqueAndStable() {
        let info = SystemInfo(Self.strip)
        #expect(info.outlets?.map { info.identity(of: $0) } == ["8006B00", "8006B01"])
        #expect(info.outlets?.map(\.id) == ["00", "8006B01"])
    }

    @Test func countsOutletsWhoseIDsTheHostWouldRefuse() {
        var answer = Self.strip
        answer["children"] = [["id": "a b"], ["id": .text(String(repeating: "1", count: 64))]]
        let info = SystemInfo(answer)
        #expect(info.outlets?.map { info.identity(of: $0) } == ["8006B00", "8006B01"])
    }

    @Test(arguments: ["", "with space", "ümlaut", String(repeating: "8", count: 65), "a/b"])
    func refusesIDsThatTheHostWouldRefuse(id: String) {
        #expect(SystemInfo(["deviceId": .text(id)]).identity == nil)
    }

    @Test(arguments: [plug, strip, bulb, dimmer])
    func remembersWhatMakesADevice(answer: JSON) {
        let info = SystemInfo(answer)
        let remembered = SystemInfo(info.summary)
        let devices = Snapshot(info: info).devices(at: "10.0.0.1", names: [:])
        #expect(
            Snapshot(info: remembered).devices(at: "10.0.0.1", names: [:]).map(\.commands) == devices.map(\.commands)
        )
        #expect(remembered.kind == info.kind)
        #expect(remembered.summary == info.summary)
        #expect(remembered.isOn(outlet: nil) == nil)
    }

    @Test func describesAStripAndItsOutlets() {
        let devices = Snapshot(info: SystemInfo(Self.strip)).devices(at: "10.0.0.1", names: ["8006B00": "Screen"])
        #expect(devices.map(\.name) == ["Desk", "Screen", "Desk 2"])
        #expect(devices.map(\.kind) == ["strip", "outlet", "outlet"])
        #expect(devices.map(\.parent) == [nil, "8006B", "8006B"])
        #expect(devices[1].commands.map(\.name) == ["turn-on", "turn-off", "toggle"])
    }

    @Test func describesWhatABulbCanDo() {
        let device = Snapshot(info: SystemInfo(Self.bulb)).devices(at: "10.0.0.1", names: [:])[0]
        #expect(
            device.commands.map(\.name)
                == ["turn-on", "turn-off", "toggle", "set-brightness", "set-color", "set-color-temperature"]
        )
        #expect(device.entities.map(\.id) == ["on", "brightness", "color_temperature", "hue", "saturation", "signal"])
        #expect(device.commands[5].arguments["properties"]["temperature"]["maximum"] == 9000)
    }

    @Test func readsEverythingAMeteredPlugSays() {
        var snapshot = Snapshot(info: SystemInfo(Self.plug))
        snapshot.energy = EnergyReading(power: 10, voltage: 230, current: 0.1, total: 3)
        let readings = snapshot.readings(at: Timestamp(milliseconds: 5))
        #expect(
            readings.map { "\($0.entity) \($0.value) \($0.unit)" } == [
                "on boolean(true) ", "power number(10.0) W", "voltage number(230.0) V", "current number(0.1) A",
                "energy number(3.0) kWh", "led boolean(true) ", "signal number(-60.0) dBm",
            ]
        )
        #expect(readings.allSatisfy { $0.device == "8006A" && $0.time == Timestamp(milliseconds: 5) })
    }

    @Test func sumsTheOutletsOfAStrip() {
        var snapshot = Snapshot(info: SystemInfo(Self.strip))
        #expect(snapshot.values[.power] == nil)
        snapshot.outletEnergy = [
            "00": EnergyReading(power: 10, voltage: 120, current: 0.1, total: 1),
            "8006B01": EnergyReading(power: 5, voltage: 120, current: 0.05, total: nil),
        ]
        #expect(snapshot.values[.power] == .number(15))
        #expect(snapshot.values[.energy] == nil)
        #expect(snapshot.values[.voltage] == nil)
        #expect(snapshot.values[.on] == .flag(true))
    }

    @Test func saysNothingOfAColourTemperatureWhileAColourIsShown() {
        var answer = Self.bulb
        answer["light_state"] = ["on_off": 1, "hue": 120, "saturation": 100, "color_temp": 0, "brightness": 50]
        let values = Snapshot(info: SystemInfo(answer)).values
        #expect(values[.hue] == .number(120))
        #expect(values[.colorTemperature] == nil)
    }

    @Test func recognisesNewerDevices() {
        let body = #"{"result":{"device_model":"KP125M(US)","mgt_encrypt_schm":{"encrypt_type":"KLAP","lv":2}}}"#
        let device = NewerDiscovery.read([UInt8](repeating: 0, count: 16) + Array(body.utf8))
        #expect(device == NewerDevice(model: "KP125M(US)", transport: "KLAP"))
    }
}
