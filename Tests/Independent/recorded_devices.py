"""Devices that other people recorded, on loopback, for the tests of the Kasa plugin.

python-kasa's source distribution carries dumps of real devices and fakes that play them. This program puts a thin
socket around each fake (the XOR protocol, TCP and UDP port 9999, one loopback address a device), lets python-kasa's own
client read every device over that socket, and prints one JSON line:

    {"broadcast": "127.99.0.255", "port": 9999, "devices": [{"address": …, "fixture": …, "expected": {…}}, …]}

What is expected of our plugin is thus what python-kasa reads, not what we think. Then it answers lines on standard
input, one JSON line each, until the input ends:

    state ADDRESS      the device as python-kasa reads it now, for instance after our plugin switched it
    requests ADDRESS   what the device was asked over TCP since the last time

The recordings have all their names and ids masked. So that each device is one of its own, a masked device id is
replaced by one made of the recording's name; everything else is as it was recorded.

    .venv/bin/python Tests/Independent/recorded_devices.py [--network 127.99.0] [--port 9999] [--only HS110]
"""

import argparse
import asyncio
import hashlib
import json
import logging
import os
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SOURCES = Path(os.environ.get("HEARTH_VENV", TOP / ".venv")) / "python-kasa"
if not SOURCES.is_dir():
    sys.exit(f"{SOURCES} is missing; run Tests/Independent/setup.sh")
sys.path.insert(0, str(SOURCES))

from kasa import Device, DeviceConfig, Module  # noqa: E402
from kasa.transports.xortransport import XorEncryption  # noqa: E402
from tests.fakeprotocol_iot import FakeIotTransport  # noqa: E402


class RecordedDevice:
    """One recording, played at one address."""

    def __init__(self, recording: Path, address: str, port: int) -> None:
        self.fixture = recording.name
        self.address = address
        self.port = port
        self.requests: list[dict] = []
        data = json.loads(recording.read_text())
        information = data["system"]["get_sysinfo"]
        if set(information.get("deviceId", "0")) == {"0"}:
            name = hashlib.sha1(recording.name.encode()).hexdigest()
            information["deviceId"] = name.upper()
        self.fake = FakeIotTransport(data, recording.name)
        self.datagrams: asyncio.DatagramTransport | None = None

    async def answer(self, cipher: bytes) -> bytes:
        request = json.loads(XorEncryption.decrypt(cipher))
        self.requests.append(json.loads(json.dumps(request)))
        reply = await self.fake.send(request)
        return XorEncryption.encrypt(json.dumps(reply))[4:]

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection. A request that the fake cannot play ends it, as a crash of a real device would."""
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                reply = await self.answer(await reader.readexactly(length))
                writer.write(len(reply).to_bytes(4, "big") + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception as error:
            print(f"{self.fixture}: cannot play {self.requests[-1:]}: {error!r}", file=sys.stderr)
        finally:
            writer.close()

    async def read(self) -> dict:
        """The device as python-kasa's own client reads it over the socket."""
        config = DeviceConfig(host=self.address, port_override=self.port)
        device = await Device.connect(config=config)
        try:
            await device.update()
            return description(device)
        finally:
            await device.disconnect()


def description(device: Device) -> dict:
    """Every value has its key; one that the device does not have is null."""
    values = {
        "alias": device.alias,
        "model": device.model,
        "hardware": device.device_info.hardware_version,
        "firmware": device.device_info.firmware_version,
        "type": device.device_type.value,
        "device_id": device.sys_info.get("deviceId"),
        "mac": device.mac,
        "rssi": device.rssi,
        "is_on": device.is_on,
        **energy(device),
        **lamp(device),
        "children": [child_description(child) for child in device.children],
    }
    return values


def child_description(child: Device) -> dict:
    return {"id": child.child_id, "alias": child.alias, "is_on": child.is_on, **energy(child)}


def energy(device: Device) -> dict:
    """Watts, volts, amperes and kilowatt-hours."""
    meter = device.modules.get(Module.Energy)
    keys = {"power": "current_consumption", "voltage": "voltage", "current": "current", "total": "consumption_total"}
    return {key: getattr(meter, name) if meter else None for key, name in keys.items()}


def lamp(device: Device) -> dict:
    """Per cent, kelvin, degrees."""
    light = device.modules.get(Module.Light)
    features = device.features if light else {}
    colour = light.hsv if "hsv" in features else None
    return {
        "brightness": light.brightness if "brightness" in features else None,
        "color_temp": light.color_temp if "color_temperature" in features else None,
        "hue": colour.hue if colour else None,
        "saturation": colour.saturation if colour else None,
    }


class Discovery(asyncio.DatagramProtocol):
    """Answers over UDP, each device from its own address."""

    def __init__(self, devices: list[RecordedDevice]) -> None:
        self.devices = devices
        # The loop itself does not keep its tasks alive.
        self.answers: set[asyncio.Task] = set()

    def datagram_received(self, data: bytes, sender: tuple) -> None:
        task = asyncio.get_running_loop().create_task(self.answer(data, sender))
        self.answers.add(task)
        task.add_done_callback(self.answers.discard)

    async def answer(self, data: bytes, sender: tuple) -> None:
        for device in self.devices:
            try:
                reply = await device.answer(data)
            except Exception:
                return  # noise
            device.requests.pop()
            device.datagrams.sendto(reply, sender)


async def listen(devices: list[RecordedDevice], broadcast: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    for device in devices:
        await asyncio.start_server(device.converse, device.address, port)
        device.datagrams, _ = await loop.create_datagram_endpoint(
            lambda device=device: Discovery([device]), local_addr=(device.address, port)
        )
    await loop.create_datagram_endpoint(lambda: Discovery(devices), local_addr=(broadcast, port))


async def carry_out(line: str, devices: dict[str, RecordedDevice]) -> dict | list:
    words = line.split()
    if len(words) != 2 or words[1] not in devices:
        return {"error": f"not understood: {line.strip()}"}
    device = devices[words[1]]
    if words[0] == "state":
        asked = list(device.requests)
        state = await device.read()
        # The question itself is none of the plugin's requests.
        device.requests = asked
        return state
    if words[0] == "requests":
        asked, device.requests = device.requests, []
        return asked
    return {"error": f"not understood: {line.strip()}"}


async def main() -> None:
    arguments = argparse.ArgumentParser(description="Recorded Kasa devices on loopback.")
    arguments.add_argument("--network", default="127.99.0", help="the first three numbers of the addresses")
    arguments.add_argument("--port", type=int, default=9999)
    arguments.add_argument("--only", default="", help="only recordings whose name begins so")
    options = arguments.parse_args()
    logging.disable(logging.WARNING)

    recordings = sorted((SOURCES / "tests" / "fixtures" / "iot").glob("*.json"))
    recordings = [recording for recording in recordings if recording.name.startswith(options.only)]
    devices = [
        RecordedDevice(recording, f"{options.network}.{number}", options.port)
        for number, recording in enumerate(recordings, start=1)
    ]
    broadcast = f"{options.network}.255"
    await listen(devices, broadcast, options.port)

    expected = await asyncio.gather(*(device.read() for device in devices))
    listing = []
    for device, values in zip(devices, expected, strict=True):
        device.requests = []
        listing.append({"address": device.address, "fixture": device.fixture, "expected": values})
    print(json.dumps({"broadcast": broadcast, "port": options.port, "devices": listing}), flush=True)

    by_address = {device.address: device for device in devices}
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await carry_out(line, by_address)), flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
