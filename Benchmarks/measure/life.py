"""The host's start, and how soon a crashed plugin runs again."""

import json
import time
from statistics import median

from home import Home
from host import Connection, Host
from memory import PLUGINS
from table import Table, duration
from workshop import Workshop

STARTS = 7
CRASHES = 10


def measure(workshop: Workshop, table: Table) -> None:
    starts(workshop, table)
    crashes(workshop, table)


def starts(workshop: Workshop, table: Table) -> None:
    listening, ready, first_readings = [], [], []
    with Home(workshop, "127.79.2.0/24", "--home", "demo") as home:
        with Host(workshop, PLUGINS) as host:
            host.wait_until_all_run()
            host.save("kasa", {"discovery_addresses": [home.broadcast]})
            while len(host.get("/devices?plugin=kasa")) < 6:
                time.sleep(0.1)
        for _ in range(STARTS):
            with Host(workshop, PLUGINS, host.root) as host:
                waiting, first_reading = set(PLUGINS), None
                for event in host.events(after=0):
                    if event["kind"] == "plugin.state" and event["data"]["state"] == "running":
                        waiting.discard(event["plugin"])
                        if not waiting:
                            ready.append(time.monotonic() - host.begun)
                    elif event["kind"] == "reading" and event["plugin"] == "kasa" and first_reading is None:
                        first_reading = time.monotonic() - host.begun
                    if not waiting and first_reading:
                        break
                first_readings.append(first_reading)
                listening.append(host.listening - host.begun)
    table.add("hostd start to its interface, p50", duration(median(listening) * 1e6))
    table.add(
        "hostd start to five plugins ready, p50",
        duration(median(ready) * 1e6),
        bar="≤ 250 ms",
        met=median(ready) <= 0.25,
    )
    table.add("hostd start to the first Kasa reading, p50", duration(median(first_readings) * 1e6))


def crashes(workshop: Workshop, table: Table) -> None:
    """Each plugin crashes once: only a first crash is followed by a start at once."""
    plugins = [f"crash-{number}" for number in range(CRASHES)]
    with Host(workshop, plugins) as host:
        host.wait_until_all_run()
        times = [crash(host, plugin) for plugin in plugins]
    table.add(
        "crash to running again, first crash, p50",
        f"{duration(median(times) * 1e6)} (most {duration(max(times) * 1e6)})",
        bar="≤ 60 ms",
        met=median(times) <= 0.06,
    )


def crash(host: Host, plugin: str) -> float:
    """From sending the command to the event that says that it runs."""
    events = host.events()
    connection = Connection(host.socket)
    connection.connect()
    body = json.dumps({"plugin": plugin, "command": "crash", "arguments": {}})
    begun = time.monotonic()
    connection.request("POST", "/v1/commands", body, {"Content-Type": "application/json"})
    for event in events:
        is_running = event["kind"] == "plugin.state" and event["data"]["state"] == "running"
        if event.get("plugin") == plugin and is_running:
            break
    elapsed = time.monotonic() - begun
    connection.close()
    return elapsed
