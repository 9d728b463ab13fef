"""The simulated home, judged by python-kasa: a client that others wrote for real devices."""

from datetime import UTC, datetime, timedelta

import pytest
from kasa import Device, Discover, KasaException, Module
from kasa.device_type import DeviceType
from kasa.interfaces.light import LightState

MODELS = {
    "HS100": DeviceType.Plug,
    "HS103": DeviceType.Plug,
    "HS110": DeviceType.Plug,
    "KP115": DeviceType.Plug,
    "HS200": DeviceType.WallSwitch,
    "HS220": DeviceType.Dimmer,
    "HS300": DeviceType.Strip,
    "KP303": DeviceType.Strip,
    "KL130": DeviceType.Bulb,
    "LB100": DeviceType.Bulb,
}


@pytest.fixture
async def connect(home):
    """Finds the device of a model and reads it once."""
    devices = []

    async def connect(model: str) -> Device:
        device = await Discover.discover_single(home.device(model)["address"], discovery_timeout=2)
        devices.append(device)
        await device.update()
        return device

    yield connect
    for device in devices:
        await device.disconnect()


async def test_discovery_finds_every_device_at_its_own_address(home):
    found = await Discover.discover(target=home.broadcast, discovery_timeout=1)
    listed = home.devices()
    assert set(found) == {device["address"] for device in listed}
    for device in listed:
        peer = found[device["address"]]
        assert peer.alias == device["alias"]
        assert peer.sys_info["deviceId"] == device["device_id"]
        assert peer.device_type == MODELS[peer.model]
        await peer.disconnect()


@pytest.mark.parametrize("model", MODELS)
async def test_a_device_reads_as_what_it_is(home, connect, model):
    device = await connect(model)
    listed = home.device(model)
    assert device.model == model
    assert device.device_type == MODELS[model]
    assert device.alias == listed["alias"]
    assert device.is_on == listed["on"]
    assert device.sys_info["deviceId"] == listed["device_id"]
    assert -95 < device.rssi < -20
    assert len(device.mac.split(":")) == 6
    assert abs(device.time - datetime.now(UTC)) < timedelta(hours=15)
    assert device.modules
    for feature in device.features.values():
        assert str(feature)


@pytest.mark.parametrize("model", MODELS)
async def test_a_device_switches(home, connect, model):
    device = await connect(model)
    for wanted in (False, True):
        await (device.turn_on() if wanted else device.turn_off())
        await device.update()
        assert device.is_on is wanted
        assert home.device(model)["on"] is wanted


@pytest.mark.parametrize("model", ["HS300", "KP303"])
async def test_children_switch_one_by_one(home, connect, model):
    strip = await connect(model)
    await strip.turn_on()
    await strip.update()
    assert [child.is_on for child in strip.children] == [True] * len(strip.children)
    await strip.children[1].turn_off()
    await strip.update()
    assert [child.is_on for child in strip.children].count(False) == 1
    assert not strip.children[1].is_on
    assert [outlet["on"] for outlet in home.device(model)["outlets"]][:3] == [True, False, True]
    assert [child.alias for child in strip.children] == [
        outlet["name"] for outlet in home.device(model)["outlets"]
    ]
    await strip.children[1].set_alias("Renamed")
    await strip.update()
    assert strip.children[1].alias == "Renamed"
    await strip.turn_on()


@pytest.mark.parametrize("address", range(2))
async def test_both_unit_styles_give_the_same_quantities(home, address):
    listed = [device for device in home.devices() if device["model"].startswith("HS110")][address]
    device = await Device.connect(host=listed["address"])
    try:
        await device.turn_on()
        await device.update()
        energy = device.modules[Module.Energy]
        status = energy.status
        assert 8.5 < status.power < 9.5
        assert 225 < status.voltage < 236
        assert status.current == pytest.approx(status.power / status.voltage, abs=0.002)
        assert status.total > 0.5
        assert energy.consumption_today >= 0
        assert energy.consumption_this_month >= energy.consumption_today
        now = datetime.now()
        days = await energy.get_daily_stats(year=now.year, month=now.month)
        assert set(days) == set(range(1, now.day + 1))
        months = await energy.get_monthly_stats(year=now.year)
        assert months[now.month] == pytest.approx(sum(days.values()), abs=0.1)
        await energy.erase_stats()
        await device.update()
        assert energy.status.total < 0.1
    finally:
        await device.disconnect()


async def test_each_outlet_of_a_strip_has_its_own_meter(connect):
    strip = await connect("HS300")
    await strip.turn_on()
    await strip.update()
    powers = [child.modules[Module.Energy].current_consumption for child in strip.children]
    assert [round(power) for power in powers[3:]] == [0, 0, 0]
    assert 8.5 < powers[0] < 9.5
    assert 28 < powers[1] < 34
    total = strip.modules[Module.Energy].current_consumption
    assert total == pytest.approx(sum(powers), abs=0.2)


async def test_a_dimmer_dims(connect):
    dimmer = await connect("HS220")
    light = dimmer.modules[Module.Light]
    await light.set_brightness(30)
    await dimmer.update()
    assert (dimmer.is_on, light.brightness) == (True, 30)
    await light.set_brightness(70, transition=500)
    await dimmer.update()
    assert (dimmer.is_on, light.brightness) == (True, 70)
    await light.set_state(LightState(light_on=False))
    await dimmer.update()
    assert not dimmer.is_on
    await dimmer.modules["dimmer"].set_ramp_rate(20)
    await dimmer.update()
    assert dimmer.modules["dimmer"].ramp_rate == 20


async def test_a_colour_bulb_shows_what_it_is_told(connect):
    bulb = await connect("KL130")
    light = bulb.modules[Module.Light]
    await bulb.turn_on()
    await light.set_brightness(40)
    await bulb.update()
    assert light.brightness == 40
    await light.set_hsv(120, 75, 60)
    await bulb.update()
    assert (light.hsv.hue, light.hsv.saturation, light.hsv.value) == (120, 75, 60)
    await light.set_color_temp(3_000)
    await bulb.update()
    assert light.color_temp == 3_000
    assert 0 < bulb.modules[Module.Energy].current_consumption < 11
    await bulb.turn_off()
    await bulb.update()
    assert not bulb.is_on
    await bulb.turn_on()
    await bulb.update()
    assert light.color_temp == 3_000


async def test_a_white_bulb_has_no_colour(connect):
    bulb = await connect("LB100")
    light = bulb.modules[Module.Light]
    assert "hsv" not in bulb.features
    await light.set_brightness(20)
    await bulb.update()
    assert light.brightness == 20


async def test_settings_stay(connect):
    plug = await connect("KP115")
    await plug.set_alias("Kettle")
    await plug.modules[Module.Led].set_led(False)
    await plug.update()
    assert plug.alias == "Kettle"
    assert plug.modules[Module.Led].led is False
    await plug.set_alias("Device 5")
    await plug.reboot()


async def test_a_second_countdown_is_refused(connect):
    plug = await connect("HS103")
    rule = {"enable": 1, "delay": 3_600, "act": 0, "name": "off later"}
    request = {"count_down": {"add_rule": rule}}
    added = (await plug.protocol.query(request))["count_down"]["add_rule"]
    again = (await plug.protocol.query(request))["count_down"]["add_rule"]
    assert (added["err_code"], again["err_code"]) == (0, -10)
    kept = await plug.protocol.query({"count_down": {"get_rules": {}}})
    assert [rule["id"] for rule in kept["count_down"]["get_rules"]["rule_list"]] == [added["id"]]
    gone = await plug.protocol.query({"count_down": {"delete_rule": {"id": added["id"]}}})
    assert gone["count_down"]["delete_rule"]["err_code"] == 0


async def test_schedules_are_kept(connect):
    plug = await connect("HS103")
    rule = {
        "name": "Evening", "enable": 1, "wday": [0, 1, 1, 1, 1, 1, 0], "repeat": 1,
        "stime_opt": 0, "smin": 1_200, "sact": 1, "etime_opt": -1, "emin": 0, "eact": -1,
    }
    await plug.modules[Module.IotSchedule].call("add_rule", rule)
    await plug.update()
    rules = plug.modules[Module.IotSchedule].rules
    assert [rule.name for rule in rules] == ["Evening"]
    await plug.modules[Module.IotSchedule].delete_rule(rules[0])
    await plug.update()
    assert plug.modules[Module.IotSchedule].rules == []


async def test_a_press_of_the_button_is_seen(home, connect):
    switch = await connect("HS200")
    home.order("press", switch.alias, "on")
    await switch.update()
    assert switch.is_on
    home.order("press", switch.alias, "off")
    await switch.update()
    assert not switch.is_on


async def test_an_unknown_module_is_refused_by_code(connect):
    plug = await connect("HS100")
    reply = await plug.protocol.query({"emeter": {"get_realtime": {}}})
    assert reply == {"emeter": {"err_code": -1, "err_msg": "module not support"}}
    reply = await plug.protocol.query({"system": {"fly": {}}})
    assert reply == {"system": {"fly": {"err_code": -2, "err_msg": "member not support"}}}


async def test_an_acknowledged_command_may_have_done_nothing(home, connect):
    plug = await connect("HS100")
    await plug.turn_on()
    home.order("fault", plug.alias, "ignores-commands")
    await plug.turn_off()
    await plug.update()
    assert plug.is_on
    home.order("clear", plug.alias)
    await plug.turn_off()
    await plug.update()
    assert not plug.is_on


async def test_a_closed_port_is_an_error_and_then_works_again(home, connect):
    plug = await connect("HS100")
    home.order("fault", plug.alias, "refuse")
    with pytest.raises(KasaException):
        await plug.update()
    home.order("clear", plug.alias)
    await plug.update()


async def test_replies_in_pieces_and_closed_connections_are_survived(home, connect):
    plug = await connect("HS100")
    home.order("fault", plug.alias, "split", "7")
    await plug.update()
    home.order("clear", plug.alias)
    home.order("fault", plug.alias, "closes")
    await plug.update()
    await plug.update()
    home.order("clear", plug.alias)
