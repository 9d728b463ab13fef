import HomeSimulator
import Testing

@Suite
struct EnergyTests {
    @Test
    func anHourOfAHeaterIsOneAndAHalfKilowattHours() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        let before = try plug.call("emeter", "get_realtime", [:])
        plug.seconds += 3_600
        let after = try plug.call("emeter", "get_realtime", [:])
        let used = try #require(after["total"]?.double) - #require(before["total"]?.double)
        #expect((1.47...1.53).contains(used))
        #expect((1_480...1_520).contains(try #require(after["power"]?.double)))
    }

    @Test
    func whatIsOffDrawsNextToNothing() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        _ = try plug.call("system", "set_relay_state", ["state": 0])
        #expect(try plug.call("emeter", "get_realtime", [:])["power"] == 0.4)
    }

    @Test
    func voltsTimesAmperesAreWattsInBothStyles() throws {
        var early = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        let units = try early.call("emeter", "get_realtime", [:])
        #expect(Set(units.members?.map(\.key) ?? []) == ["current", "voltage", "power", "total", "err_code"])
        let product = try #require(units["current"]?.double) * #require(units["voltage"]?.double)
        #expect(abs(product - (units["power"]?.double ?? 0)) < 0.01)

        var late = TimedDevice(.kp115, appliances: [.heater], isOn: true)
        let thousandths = try late.call("emeter", "get_realtime", [:])
        #expect(
            Set(thousandths.members?.map(\.key) ?? []) == [
                "current_ma", "voltage_mv", "power_mw", "total_wh", "err_code",
            ]
        )
        let microwatts = try #require(thousandths["current_ma"]?.double) * #require(thousandths["voltage_mv"]?.double)
        #expect(abs(microwatts / 1_000 - (thousandths["power_mw"]?.double ?? 0)) < 300)
    }

    @Test
    func eachOutletOfAStripMeasuresItself() throws {
        var strip = TimedDevice(.hs300, appliances: [.heater, .lamp], isOn: true)
        let first = try strip.call("emeter", "get_realtime", [:], children: ["00"])
        let second = try strip.call("emeter", "get_realtime", [:], children: ["01"])
        #expect(first["slot_id"] == 0)
        #expect(second["slot_id"] == 1)
        #expect((1_480_000...1_520_000).contains(try #require(first["power_mw"]?.integer)))
        #expect((8_700...9_300).contains(try #require(second["power_mw"]?.integer)))
    }

    @Test
    func theDaysOfAMonthAddUpToTheMonth() throws {
        var plug = TimedDevice(.kp115, appliances: [.fridge], isOn: true)
        let days = try #require(
            try plug.call("emeter", "get_daystat", ["year": 2026, "month": 11])["day_list"]?.array
        )
        #expect(days.compactMap { $0["day"]?.integer } == Array(1...21))
        let months = try #require(try plug.call("emeter", "get_monthstat", ["year": 2026])["month_list"]?.array)
        let november = try #require(months.first { $0["month"] == 11 }?["energy_wh"]?.integer)
        let sum = days.compactMap { $0["energy_wh"]?.integer }.reduce(0, +)
        #expect((sum...sum + 30).contains(november))
    }

    @Test
    func aNewDayGetsAnEntryOfItsOwn() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        plug.seconds += 86_400
        let days = try plug.call("emeter", "get_daystat", ["year": 2026, "month": 11])["day_list"]
        #expect(days?[21]?["day"] == 22)
        #expect((17.8...18.2).contains(try #require(days?[21]?["energy"]?.double)))
    }

    @Test
    func erasingForgetsEverything() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater])
        _ = try plug.call("emeter", "erase_emeter_stat", nil)
        #expect(try plug.call("emeter", "get_realtime", [:])["total"] == 0.0)
        let months = try plug.call("emeter", "get_monthstat", ["year": 2026])["month_list"]
        #expect(months?.array?.compactMap { $0["energy"]?.double } == [0])
    }

    @Test
    func aMonthThatIsNoneIsRefused() throws {
        var plug = TimedDevice(.hs110)
        #expect(try plug.call("emeter", "get_daystat", ["year": 2026, "month": 13])["err_code"] == -3)
        #expect(try plug.call("emeter", "get_daystat", [:])["err_code"] == -3)
    }

    @Test
    func aBulbTellsItsPowerAlone() throws {
        var bulb = TimedDevice(.kl130, isOn: true)
        let reading = try bulb.call("smartlife.iot.common.emeter", "get_realtime", [:])
        #expect(reading == ["power_mw": 10_800, "err_code": 0])
    }
}
