"""hostctl, as a whole process, and settings."""

import os
import time
from pathlib import Path
from statistics import median

from host import Host
from memory import PLUGINS
from table import Table, duration
from workshop import Workshop

MANY = 1_000


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
    many(workshop, table, bare)


def many(workshop: Workshop, table: Table, bare: dict) -> None:
    """A thousand manifests without code: all are listed, none has a process."""
    root = workshop.directory()
    manifest = Path(workshop.scratch / "one" / "fixture" / "plugin.yaml")
    workshop.install("fixture", manifest.parent.parent)
    for number in range(MANY):
        package = root / "plugins.d" / f"many-{number}"
        package.mkdir(parents=True)
        (package / "plugin.yaml").write_text(manifest.read_text().replace("fixture", f"many-{number}"))
    with Host(workshop, [], root) as host:
        while len(host.get("/plugins")) < MANY:
            time.sleep(0.05)
        ours = hostctl(workshop, root, "list")
        table.add("hostd start to its interface, 1,000 plugins", duration((host.listening - host.begun) * 1e6))
    table.add(
        "`hostctl list`, 1,000 plugins, whole process, p50",
        described(ours),
        reference=f"{duration(bare['p50'])}: /bin/true",
        ratio=ours["p50"] / bare["p50"],
        bar="≤ 40 ms",
        met=ours["p50"] <= 40_000,
    )


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
