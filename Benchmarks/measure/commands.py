"""hostctl, as a whole process, and settings."""

import os
import time
from pathlib import Path
from statistics import median

from host import Host
from memory import PLUGINS
from table import Table, duration
from workshop import Workshop


def measure(workshop: Workshop, table: Table) -> None:
    bare = workshop.ask("time-runs", 200, "/bin/true")
    reference = f"{duration(bare['p50'])}: /bin/true"
    with Host(workshop, PLUGINS) as host:
        host.wait_until_all_run()
        for words in (["version"], ["list"]):
            ours = hostctl(workshop, host.root, *words)
            table.add(
                f"`hostctl {' '.join(words)}`{', five plugins' if words == ['list'] else ''}, whole process, p50",
                described(ours),
                reference=reference,
                ratio=ours["p50"] / bare["p50"],
            )
        settings(host, table)


def hostctl(workshop: Workshop, root: Path, *words: str) -> dict:
    os.environ["HEARTH_ROOT"] = str(root)
    return workshop.ask("time-runs", 100, workshop.bin / "hostctl", *words)


def settings(host: Host, table: Table) -> None:
    """The answer comes when the plugin has taken them."""
    times = []
    for number in range(100):
        begun = time.monotonic()
        host.save("fixture-1", {"greeting": f"Hello {number}"})
        times.append(time.monotonic() - begun)
    table.add(
        "a hot setting from the API to applied in the plugin, p50",
        duration(median(times) * 1e6),
        bar="≤ 10 ms",
        met=median(times) <= 0.01,
    )


def described(sample: dict) -> str:
    return f"{duration(sample['p50'])} (p99 {duration(sample['p99'])})"
