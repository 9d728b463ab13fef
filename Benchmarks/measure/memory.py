"""Private and proportional memory of hostd and its workers, with a home of six plugs."""

import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import processes
from home import Home
from host import Host
from processes import Memory
from table import Table, size
from workshop import Workshop

PLUGINS = ["kasa", "template-swift", "template-c", "fixture-1", "fixture-2"]
FIXTURES = [f"fixture-{number}" for number in range(1, 6)]
NAMES = {"kasa": "Kasa, six devices", "template-swift": "Swift template", "template-c": "C template", "fixture-1": "C fixture"}
# MB of private memory; none of these uses TLS.
BARS = {"kasa": 3.0, "template-swift": 3.0, "template-c": 0.6, "fixture-1": 0.6}


def measure(workshop: Workshop, table: Table) -> None:
    peers = [("python3 -c 'input()'", processes.idle_program(sys.executable, "-c", "input()"))]
    if node := shutil.which("node"):
        peers.append(("an idle node", processes.idle_program(node, "-e", "process.stdin.resume()")))
    references = "; ".join(f"{size(memory.private)}: {name}" for name, memory in peers)

    with Home(workshop, "127.79.1.0/24", "--home", "demo") as home, Host(workshop, PLUGINS) as host:
        host.wait_until_all_run()
        host.save("kasa", {"discovery_addresses": [home.broadcast]})
        # The search takes five seconds, and a device is polled every ten.
        time.sleep(15)
        workers = {plugin: processes.memory(process) for plugin, process in host.workers().items()}
        hostd = processes.memory(host.process.pid)
        by_file = processes.memory_by_file(host.process.pid)

    least = min(memory.private for _, memory in peers)
    for plugin, name in NAMES.items():
        megabytes = workers[plugin].private * 1024 / 1e6
        table.add(
            f"worker's private memory, {name}",
            described(workers[plugin]),
            reference=references,
            ratio=workers[plugin].private / least,
            bar=f"≤ {BARS[plugin]:g} MB",
            met=megabytes <= BARS[plugin],
        )
    table.add("hostd's memory, five plugins", described(hostd))
    parts(workshop, table, by_file)
    total = hostd.proportional + sum(memory.proportional for memory in workers.values())
    pss = "; ".join(f"{size(5 * memory.proportional)}: five times {name}" for name, memory in peers)
    table.add(
        "hostd and five plugins, PSS",
        size(total),
        reference=pss,
        bar="≤ 45 MB",
        met=total * 1024 / 1e6 <= 45,
    )


def parts(workshop: Workshop, table: Table, by_file: dict[str, Memory]) -> None:
    """Where hostd's memory is."""
    program = workshop.bin / "hostd"
    for library in ("libcurl", "libarchive"):
        paths = processes.only_for(library, program)
        memory = together(of_file for path, of_file in by_file.items() if Path(path) in paths)
        table.add(
            f"of that {library} and what only it needs: {len(paths)} libraries in all", described(memory)
        )
    table.add("of that the program itself", described(by_file[str(program.resolve())]))
    swift = together(of_file for path, of_file in by_file.items() if "swift" in path or "Foundation" in path)
    table.add("of that Swift's libraries", described(swift))
    table.add("of that heap, stacks and whatever is no file", described(by_file[""]))


def together(parts: Iterable[Memory]) -> Memory:
    sums = (sum(sizes) for sizes in zip((0, 0, 0), *((part.private, part.dirty, part.proportional) for part in parts)))
    return Memory(*sums)


def described(memory: Memory) -> str:
    return f"{size(memory.private)} (written {size(memory.dirty)}, PSS {size(memory.proportional)})"
