"""The recorded devices are there, distinct, and can be switched and looked at while they run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from kasa import Device

PROGRAM = Path(__file__).with_name("recorded_devices.py")


class Recordings:
    def __init__(self) -> None:
        network = f"127.{128 + os.getpid() % 64}.{os.getpid() // 64 % 256}"
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), "--network", network],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.listing = json.loads(self.process.stdout.readline())

    def ask(self, line: str):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def device(self, model: str) -> dict:
        return next(item for item in self.listing["devices"] if item["fixture"].startswith(model))


@pytest.fixture(scope="module")
def recordings():
    recordings = Recordings()
    yield recordings
    recordings.process.stdin.close()
    recordings.process.stdout.close()
    assert recordings.process.wait(10) == 0


def test_every_recording_is_a_device_of_its_own(recordings):
    devices = recordings.listing["devices"]
    assert len(devices) >= 85
    assert len({item["address"] for item in devices}) == len(devices)
    assert len({item["expected"]["device_id"] for item in devices}) == len(devices)


def test_nobody_has_asked_yet(recordings):
    address = recordings.device("HS105")["address"]
    assert recordings.ask(f"requests {address}") == []


async def test_a_switch_shows_in_the_state_and_in_the_requests(recordings):
    item = recordings.device("HS110(EU)_1.0")
    assert item["expected"]["is_on"] is True
    device = await Device.connect(host=item["address"])
    await device.turn_off()
    await device.disconnect()
    assert recordings.ask(f"state {item['address']}")["is_on"] is False
    asked = recordings.ask(f"requests {item['address']}")
    assert {"system": {"set_relay_state": {"state": 0}}} in asked
    assert recordings.ask(f"requests {item['address']}") == []


async def test_a_child_of_a_strip_switches_alone(recordings):
    item = recordings.device("HS300(US)_2.0")
    device = await Device.connect(host=item["address"])
    await device.update()
    before = [child["is_on"] for child in item["expected"]["children"]]
    await device.children[2].turn_off()
    await device.disconnect()
    after = [child["is_on"] for child in recordings.ask(f"state {item['address']}")["children"]]
    assert [index for index in range(6) if before[index] != after[index]] == [2]
