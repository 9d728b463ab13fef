"""Reads all devices at once, again and again, with python-kasa, and prints how fast and what it cost as one JSON line.

Usage: read_with_python_kasa.py SECONDS, with a JSON array of addresses on standard input.
"""

import asyncio
import json
import logging
import sys
import time

from kasa import Device, DeviceConfig


async def main() -> None:
    logging.disable(logging.WARNING)
    addresses = json.load(sys.stdin)
    devices = await asyncio.gather(
        *(Device.connect(config=DeviceConfig(host=address, timeout=60)) for address in addresses)
    )
    await asyncio.gather(*(device.update() for device in devices))

    updates, begun, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() - begun < float(sys.argv[1]):
        await asyncio.gather(*(device.update() for device in devices))
        updates += len(devices)
    result = {"updates": updates, "seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu}
    await asyncio.gather(*(device.disconnect() for device in devices))
    print(json.dumps(result))


asyncio.run(main())
