"""A thousand simulated plugs: our plugin, in hostd, and python-kasa do the same work."""

import json
import os
import subprocess
import time
from dataclasses import dataclass

import processes
from home import Home
from host import Host
from table import Table
from workshop import TOP, Workshop

PLUGS = 1_000
SECONDS = 10
# The least that the manifest allows.
INTERVAL = 1


@dataclass
class Rate:
    """Readings of a whole device a second, and what one costs in milliseconds of CPU."""

    devices: float
    cpu: float


def measure(workshop: Workshop, table: Table) -> None:
    processes.raise_descriptor_limit()
    with Home(workshop, "127.78.0.0/16", "--plugs", str(PLUGS)) as home:
        ours, found = with_hostd(workshop, home)
        theirs = with_python_kasa(home)
    table.add(
        f"{PLUGS:,} simulated plugs: from saving where to search until all are found",
        f"{found:.1f} s",
    )
    table.add(
        f"{PLUGS:,} simulated plugs, a reading of each every {INTERVAL} s",
        f"{ours.devices:,.0f} devices/s of {PLUGS / INTERVAL:,.0f} that are due",
        reference=f"{theirs.devices:,.0f} devices/s: python-kasa 0.12, as fast as it can",
    )
    table.add(
        "CPU for one reading of a device: plugin and hostd together",
        f"{ours.cpu:.3f} ms",
        reference=f"{theirs.cpu:.3f} ms: python-kasa 0.12",
        ratio=ours.cpu / theirs.cpu,
    )


def with_hostd(workshop: Workshop, home: Home) -> tuple[Rate, float]:
    """The devices' own counters say how many were read: each reading is one request."""
    with Host(workshop, ["kasa"]) as host:
        host.wait_until_all_run()
        begun = time.monotonic()
        host.save("kasa", {"discovery_addresses": [home.broadcast], "poll_interval_seconds": INTERVAL})
        while (found := host.get("/status")["devices"]) < PLUGS:
            if time.monotonic() - begun > 60:
                raise RuntimeError(f"only {found} of {PLUGS} plugs were found in a minute")
            time.sleep(0.1)
        seconds_to_find = time.monotonic() - begun
        # Until the search is over and all have been read twice: later readings are one request each.
        time.sleep(8)
        of_host = host.all_processes()
        begun, requests, cpu = time.monotonic(), home.requests(), processes.cpu(of_host)
        time.sleep(SECONDS)
        count = home.requests() - requests
        seconds = time.monotonic() - begun
        cpu = processes.cpu(of_host) - cpu
    return Rate(count / seconds, cpu * 1000 / count), seconds_to_find


def with_python_kasa(home: Home) -> Rate:
    python = os.environ.get("HEARTH_VENV", str(TOP / ".venv")) + "/bin/python"
    program = str(TOP / "Benchmarks" / "Reference" / "read_with_python_kasa.py")
    addresses = json.dumps([device["address"] for device in home.devices()])
    command = [python, "-B", program, str(SECONDS)]
    result = json.loads(subprocess.run(command, input=addresses, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return Rate(result["updates"] / result["seconds"], result["cpu"] * 1000 / result["updates"])
