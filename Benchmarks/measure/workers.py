"""Round trips through a worker, and its start."""

from statistics import median

from table import Table, duration
from workshop import Workshop

# A PING and its PONG are frames without a payload; a COMMAND and its RESULT carry the same JSON of 62 bytes.
PING = (16, 16)
COMMAND = (16 + 20 + 4 + 62, 16 + 12 + 62)

ROUNDS = 5
TEMPLATE_SETTINGS = '{"interval_seconds": 10, "greeting": "Hello"}'


def measure(workshop: Workshop, table: Table) -> None:
    round_trips(workshop, table)
    starts(workshop, table)


def round_trips(workshop: Workshop, table: Table) -> None:
    """In turns with the reference, so that both meet the same noise."""
    bare_pings, bare_commands, ours = [], [], []
    for _ in range(ROUNDS):
        bare_pings.append(workshop.ask("ping-pong", 20_000, *PING))
        bare_commands.append(workshop.ask("ping-pong", 20_000, *COMMAND))
        ours.append(workshop.ask("hearth-bench", "round-trip", *worker(workshop, "well-behaved", "{}")))
    for name, key, bare, has_bar in [("PING", "ping", bare_pings, True), ("COMMAND", "command", bare_commands, True)]:
        for share in ("p50", "p99"):
            measured = median(one[key][share] for one in ours)
            reference = median(one[share] for one in bare)
            bar = has_bar and share == "p50"
            table.add(
                f"worker round trip, {name}, {share}",
                duration(measured),
                reference=f"{duration(reference)}: a bare socketpair, two C processes",
                ratio=measured / reference,
                bar="≤ 3 ×" if bar else "",
                met=measured <= 3 * reference if bar else None,
            )


def starts(workshop: Workshop, table: Table) -> None:
    bare = workshop.ask("time-runs", 200, "/bin/true")
    for name, plugin, settings in [
        ("Swift template", "template-swift", TEMPLATE_SETTINGS),
        ("C template", "template-c", TEMPLATE_SETTINGS),
    ]:
        ours = workshop.ask("hearth-bench", "start", "--count", 50, *worker(workshop, plugin, settings))
        table.add(
            f"start of a worker to ready, {name}, p50",
            f"{duration(ours['p50'])} (p99 {duration(ours['p99'])})",
            reference=f"{duration(bare['p50'])}: posix_spawn of /bin/true to its end",
            ratio=ours["p50"] / bare["p50"],
        )


def worker(workshop: Workshop, plugin: str, settings: str) -> list[object]:
    entries = {
        "template-swift": lambda: workshop.bin / "libtemplate-swift.so",
        "template-c": workshop.template_c,
        "well-behaved": lambda: workshop.fixture("well-behaved"),
    }
    return [
        *("--worker", workshop.bin / "hearth-worker", "--plugin", plugin, "--entry", entries[plugin]()),
        *("--settings", settings, "--scratch", workshop.directory()),
    ]
