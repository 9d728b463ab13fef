import HomeSimulator
import Testing

@Suite
struct RuleTests {
    private static let offLater: JSON = ["enable": 1, "delay": 60, "act": 0, "name": "off later"]

    @Test
    func aCountdownSwitchesWhenItIsDue() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        _ = try plug.call("count_down", "add_rule", Self.offLater)
        plug.seconds += 59
        #expect(try plug.information()["relay_state"] == 1)
        plug.seconds += 3_541
        #expect(try plug.information()["relay_state"] == 0)
    }

    @Test
    func energyStopsWhenTheCountdownWasDueNotWhenSomebodyLooks() throws {
        var plug = TimedDevice(.hs110, appliances: [.heater], isOn: true)
        let before = try #require(try plug.call("emeter", "get_realtime", [:])["total"]?.double)
        _ = try plug.call("count_down", "add_rule", Self.offLater)
        plug.seconds += 36_000
        let after = try #require(try plug.call("emeter", "get_realtime", [:])["total"]?.double)
        #expect(after - before < 0.04)
    }

    @Test
    func thereIsRoomForOneCountdown() throws {
        var plug = TimedDevice(.hs100)
        let id = try #require(try plug.call("count_down", "add_rule", Self.offLater)["id"])
        #expect(try plug.call("count_down", "add_rule", Self.offLater)["err_code"] == -10)
        plug.seconds += 20
        let rule = try plug.call("count_down", "get_rules", nil)["rule_list"]?[0]
        #expect(rule?["remain"] == 40)
        #expect(try plug.call("count_down", "delete_rule", ["id": id])["err_code"] == 0)
        #expect(try plug.call("count_down", "get_rules", nil)["rule_list"] == [])
    }

    @Test
    func schedulesAreKeptEditedAndDeleted() throws {
        var plug = TimedDevice(.hs100)
        let id = try #require(try plug.call("schedule", "add_rule", ["name": "Evening", "smin": 1_200])["id"])
        _ = try plug.call("schedule", "edit_rule", ["id": id, "name": "Evening", "smin": 1_260])
        let rules = try plug.call("schedule", "get_rules", nil)["rule_list"]
        #expect(rules == [["id": id, "name": "Evening", "smin": 1_260]])
        #expect(try plug.call("anti_theft", "get_rules", nil)["rule_list"] == [])
        #expect(try plug.call("schedule", "delete_rule", ["id": "none"])["err_code"] == -14)
        _ = try plug.call("schedule", "delete_rule", ["id": id])
        #expect(try plug.call("schedule", "get_rules", nil)["rule_list"] == [])
    }

    @Test
    func theClockCanBeSet() throws {
        var plug = TimedDevice(.hs100)
        _ = try plug.call("time", "set_time", ["hour": 7, "min": 30, "sec": 0])
        plug.seconds += 60
        let time = try plug.call("time", "get_time", nil)
        #expect([time["hour"], time["min"]] == [7, 31])
    }
}
