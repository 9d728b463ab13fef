"""What a host costs in which nothing happens."""

import time

import processes
from home import Home
from host import Host
from memory import PLUGINS
from table import Table
from workshop import Workshop

SECONDS = 20
SIX = [*PLUGINS, "fixture-3"]


def measure(workshop: Workshop, table: Table) -> None:
    with Home(workshop, "127.79.3.0/24", "--home", "demo") as home, Host(workshop, SIX) as host:
        host.wait_until_all_run()
        host.save("kasa", {"discovery_addresses": [], "discovery_interval_seconds": 0})
        # Readings every ten seconds are work; here the templates have none.
        for template in ("template-swift", "template-c"):
            host.save(template, {"interval_seconds": 3600})
        add(table, "six idle plugins", host, has_bar=True)

        host.save("kasa", {"discovery_addresses": [home.broadcast]})
        for template in ("template-swift", "template-c"):
            host.save(template, {})
        add(table, "six plugins at work: six Kasa devices and two templates, read every 10 s", host, has_bar=False)


def add(table: Table, what: str, host: Host, *, has_bar: bool) -> None:
    # A search for devices that is under way takes five seconds, and the next may follow ten seconds later.
    time.sleep(16)
    of_host = host.all_processes()
    begun, cpu = time.monotonic(), processes.cpu(of_host)
    wakeups = processes.wakeups(of_host, SECONDS)
    seconds = time.monotonic() - begun
    share = (processes.cpu(of_host) - cpu) / seconds
    wakeups /= seconds
    table.add(
        f"CPU of hostd and {what}",
        f"{share * 100:.3f} % of a core",
        bar="≤ 0.3 %" if has_bar else "",
        met=share <= 0.003 if has_bar else None,
    )
    table.add(
        f"wake-ups of hostd and {what}",
        f"{wakeups:.1f} /s",
        bar="≤ 5 /s" if has_bar else "",
        met=wakeups <= 5 if has_bar else None,
    )
