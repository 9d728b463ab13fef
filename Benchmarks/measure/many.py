"""A thousand installed plugins, and ten thousand."""

import sqlite3
import time
from pathlib import Path
from statistics import median

import installed
from commands import described, hostctl
from host import Host
from memory import FIXTURES
from table import Table, duration
from workshop import Workshop

MANY = 1_000
VERY_MANY = 10_000
CHANGED = 10
STARTS = 5
PASSES = 20
AT_ONCE = 50
REQUESTS = 2_000


def measure(workshop: Workshop, table: Table) -> None:
    thousand(workshop, table)
    passes(workshop, table)


def thousand(workshop: Workshop, table: Table) -> None:
    """All are listed; five of them are enabled and run, and the others have no process."""
    root = installed.prepare(workshop, MANY - len(FIXTURES), loadable=1, plugins=FIXTURES)
    bare = workshop.ask("time-runs", 200, "/bin/true")
    listening, listed, ready = [], [], []
    for _ in range(STARTS):
        with Host(workshop, FIXTURES, root) as host:
            while sum(host.get("/status")["pluginsByState"].values()) < MANY:
                time.sleep(0.001)
            listed.append(time.monotonic() - host.begun)
            listening.append(host.listening - host.begun)
        # For itself: asking takes the host's time.
        with Host(workshop, FIXTURES, root) as host:
            ready.append(host.wait_until_all_run() - host.begun)
    start = f"hostd start, {MANY:,} plugins installed"
    table.add(f"{start}, to its interface, p50", duration(median(listening) * 1e6))
    table.add(f"{start}, until all are listed, p50", duration(median(listed) * 1e6))
    table.add(f"{start}, until the five of them that are enabled run, p50", duration(median(ready) * 1e6))
    with Host(workshop, FIXTURES, root) as host:
        host.wait_until_all_are_installed()
        ours = hostctl(workshop, root, "list")
        table.add(
            f"`hostctl list`, {MANY:,} plugins, whole process, p50",
            described(ours),
            reference=f"{duration(bare['p50'])}: /bin/true",
            ratio=ours["p50"] / bare["p50"],
            bar="≤ 40 ms",
            met=ours["p50"] <= 40_000,
        )
        alone = workshop.ask("load-http", host.socket, "/v1/plugins", 1, REQUESTS // 10)
        busy = workshop.ask("load-http", host.socket, "/v1/plugins", AT_ONCE, REQUESTS)
        for share in ("p50", "p99"):
            table.add(
                f"`GET /v1/plugins`, {MANY:,} plugins, {AT_ONCE} requests at once, {share}",
                f"{duration(busy[share])} ({busy['rate']:,.0f} answers/s)",
                reference=f"{duration(alone[share])}: one at a time ({alone['rate']:,.0f} answers/s)",
                ratio=busy[share] / alone[share],
            )
        table.add(
            f"the same, the longest until one of {AT_ONCE} connections made at once has its first answer",
            duration(busy["first"]),
            reference=f"{duration(alone['first'])}: one connection",
        )


def passes(workshop: Workshop, table: Table) -> None:
    """The host says itself how long a pass takes: it is not the way to it that is measured."""
    root = installed.prepare(workshop, VERY_MANY, loadable=CHANGED, plugins=[])
    with Host(workshop, [], root) as host:
        first = clean(host.pass_over())
        again = [clean(host.pass_over()) for _ in range(PASSES)]
        written = []
        for number in range(PASSES):
            write(root, "INSERT OR REPLACE INTO host_facts VALUES ('benchmark', ?)", (str(number),))
            written.append(clean(host.pass_over()))
        nothing = f"a pass over {VERY_MANY:,} plugins with nothing to do"
        bar(table, f"{nothing}, the first that is asked for", [first])
        bar(table, f"{nothing}, p50", again)
        bar(table, f"{nothing}, something was written to state.db since the last, p50", written)
        changed(host, root, table)


def changed(host: Host, root: Path, table: Table) -> None:
    planned, switched_on, switched_off = [], [], []
    few = f"BETWEEN '{installed.name(0)}' AND '{installed.name(CHANGED - 1)}'"
    for _ in range(PASSES // 4):
        write(root, f"UPDATE plugins SET is_enabled = 1 WHERE id {few}")
        plan = host.pass_over(dry_run=True)
        planned.append(plan["milliseconds"])
        check(plan, found=CHANGED, fixed=0)
        switched_on.append(mended(host))
        write(root, f"UPDATE plugins SET is_enabled = 0 WHERE id {few}")
        switched_off.append(mended(host))
    table.add(f"the same with {CHANGED} that differ: the plan only, p50", duration(median(planned) * 1e3))
    table.add(
        f"the same, {CHANGED} that shall run and do not: planned and started, p50", duration(median(switched_on) * 1e3)
    )
    table.add(
        f"the same, {CHANGED} that run and shall not: planned and stopped, p50", duration(median(switched_off) * 1e3)
    )


def mended(host: Host) -> float:
    report = host.pass_over()
    check(report, found=CHANGED, fixed=CHANGED)
    return report["milliseconds"]


def clean(report: dict) -> float:
    check(report, found=0, fixed=0)
    return report["milliseconds"]


def check(report: dict, *, found: int, fixed: int) -> None:
    plugins = {finding["plugin"] for finding in report["findings"]}
    if len(plugins) != found or (fixed and report["fixed"] != report["found"]):
        raise RuntimeError(f"the pass did something else: {report['summary']}; {report['findings'][:3]}")


def bar(table: Table, what: str, milliseconds: list[float]) -> None:
    middle = median(milliseconds)
    most = f" (most {duration(max(milliseconds) * 1e3)})" if len(milliseconds) > 1 else ""
    table.add(what, duration(middle * 1e3) + most, bar="≤ 25 ms", met=middle <= 25)


def write(root: Path, statement: str, values: tuple = ()) -> None:
    """From outside, as another program would."""
    database = sqlite3.connect(root / "state.db", timeout=10)
    with database:
        database.execute(statement, values)
    database.close()
    time.sleep(0.01)
