"""Installations, from asking until the plugin runs."""

import os
import re
import shutil
import signal
import subprocess
import tarfile
import time
from pathlib import Path
from statistics import median

import processes
from host import Host
from table import Table, duration
from workshop import Workshop

FRESH = 10
# Versions 1.1.0 to 1.9.0.
UPGRADES = 9
DROPPED = 100
PADDING = 5_000_000
FORMS = ["directory", "archive"]


def measure(workshop: Workshop, table: Table) -> None:
    fresh(workshop, table)
    upgrades(workshop, table)
    first_time(workshop, table)


# From a package to a plugin that runs


def fresh(workshop: Workshop, table: Table) -> None:
    """In turns with the reference, so that both meet the same noise."""
    packages = {form: [large(workshop, f"{form[:3]}-{n:02}", form) for n in range(FRESH + 1)] for form in FORMS}
    ours: dict[str, list[float]] = {form: [] for form in FORMS}
    bare: dict[str, list[float]] = {form: [] for form in FORMS}
    syncs = {}
    with Host(workshop, ["fixture-1"]) as host:
        host.wait_until_all_run()
        for number in range(FRESH):
            for form in FORMS:
                package = packages[form][number]
                ours[form].append(install(host, package))
                bare[form].append(copy(workshop, package))
        for form in FORMS:
            syncs[form] = counted_syncs(host, packages[form][FRESH])
    for form, command in [("directory", "cp -r"), ("archive", "tar -x")]:
        what = "directory" if form == "directory" else ".tar.gz"
        table.add(
            f"`hostctl install` of a new plugin of 5 MB, a {what}, until it runs, p50",
            f"{duration(median(ours[form]) * 1e6)} (most {duration(max(ours[form]) * 1e6)})",
            reference=f"{duration(median(bare[form]) * 1e6)}: {command}, and fsync of each file and directory",
            ratio=median(ours[form]) / median(bare[form]),
        )
    for form, counts in syncs.items():
        if counts is None:
            continue
        each = ", ".join(f"{count} {call}" for call, count in counts.items())
        table.add(f"calls of hostd that wait for the disk, one such installation, {form}", each or "none")
    if None in syncs.values():
        table.add("calls of hostd that wait for the disk, one such installation", "not measured: there is no strace")


def large(workshop: Workshop, plugin: str, form: str) -> Path:
    """The C fixture beside 5 MB that cannot be compressed."""
    package = workshop.package(plugin, workshop.directory())
    (package / "padding.bin").write_bytes(os.urandom(PADDING))
    if form == "directory":
        return package
    archive = package.parent / f"{plugin}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(package, plugin)
    os.sync()
    return archive


def install(host: Host, package: Path) -> float:
    """The whole process. `hostctl` ends when the change is over."""
    begun = time.monotonic()
    result = subprocess.run(
        [host.workshop.bin / "hostctl", "--root", host.root, "install", package],
        env=processes.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    elapsed = time.monotonic() - begun
    plugin = package.name.removesuffix(".tar.gz")
    if result.returncode != 0 or host.get(f"/plugins/{plugin}")["summary"]["state"] != "running":
        raise RuntimeError(f"hostctl install {package} ended with {result.returncode}: {result.stdout}{result.stderr}")
    return elapsed


def copy(workshop: Workshop, package: Path) -> float:
    """What the disk needs for the same bytes, kept as safely."""
    target = workshop.directory()
    command = ["cp", "-r", package, target] if package.is_dir() else ["tar", "-xzf", package, "-C", target]
    begun = time.monotonic()
    subprocess.run(command, check=True)
    for directory, _, files in os.walk(target, topdown=False):
        for path in [*(Path(directory) / name for name in files), Path(directory)]:
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
    elapsed = time.monotonic() - begun
    shutil.rmtree(target)
    return elapsed


def counted_syncs(host: Host, package: Path) -> dict[str, int] | None:
    """By call; None if there is no strace."""
    strace = shutil.which("strace")
    if strace is None:
        return None
    output = host.root.parent / f"{host.root.name}.strace"
    calls = "fsync,fdatasync,sync_file_range,msync,syncfs,sync"
    command = [strace, "-f", "-e", f"trace={calls}", "-o", output, "-p", str(host.process.pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while "attached" not in (line := tracer.stderr.readline()):
        if not line:
            return None  # It may not trace here.
    install(host, package)
    tracer.send_signal(signal.SIGINT)
    tracer.communicate()
    # A call that was interrupted by another thread's line is resumed in a line that begins otherwise.
    found = re.findall(rf"^\d+ +({calls.replace(',', '|')})\(", output.read_text(), re.MULTILINE)
    return {call: found.count(call) for call in calls.split(",") if call in found}


# From one version to another


def upgrades(workshop: Workshop, table: Table) -> None:
    """For how long nobody runs the plugin: from the first event that says so to the one that it runs again."""
    packages = workshop.directory()
    gaps, whole = [], []
    # What is measured is over when the window in which the new version is watched begins.
    with Host(workshop, ["upgraded"], arguments=("--health-window", "0")) as host:
        host.wait_until_all_run()
        for number in range(1, UPGRADES + 1):
            version = f"1.{number}.0"
            package = newer(workshop, packages / version, version)
            events = host.events()
            begun = time.monotonic()
            host.ask("POST", "/changes", {"kind": "install", "source": str(package)})
            gap_begun = None
            for event in events:
                if event["kind"] != "plugin.state":
                    continue
                if event["data"]["state"] == "running":
                    break
                gap_begun = gap_begun or time.monotonic()
            gaps.append(time.monotonic() - gap_begun)
            whole.append(time.monotonic() - begun)
            events.close()
            while host.get("/status")["changesUnderWay"]:
                time.sleep(0.01)
            summary = host.get("/plugins/upgraded")["summary"]
            if (summary["version"], summary["state"]) != (version, "running"):
                raise RuntimeError(f"the upgrade to {version} failed: {host.get('/changes')}")
    table.add(
        "upgrade, the old worker told to stop to the new version running, p50",
        f"{duration(median(gaps) * 1e6)} (most {duration(max(gaps) * 1e6)})",
    )
    table.add("the same from asking for the upgrade, p50", duration(median(whole) * 1e6))


def newer(workshop: Workshop, packages: Path, version: str) -> Path:
    """The fixture with another version, in the manifest and in the code."""
    package = workshop.package("upgraded", packages)
    for file in package.iterdir():
        file.write_bytes(file.read_bytes().replace(b"1.0.0", version.encode()))
    return package


# What lies in plugins.d and has never been seen


def first_time(workshop: Workshop, table: Table) -> None:
    plugins = ["template-swift", "template-c", "fixture-1", "fixture-2", "fixture-3"]
    with Host(workshop, plugins, is_prepared=False) as host:
        elapsed = host.wait_until_all_run() - host.begun
    table.add(
        "hostd start to five plugins ready that lie in plugins.d and were never installed", duration(elapsed * 1e6)
    )
    with Host(workshop, []) as host:
        waiting = host.root / "waiting"
        host.plugins = [f"drop-{number:03}" for number in range(DROPPED)]
        for plugin in host.plugins:
            workshop.package(plugin, waiting)
        os.sync()
        begun = time.monotonic()
        for plugin in host.plugins:
            (waiting / plugin).rename(host.root / "plugins.d" / plugin)
        elapsed = host.wait_until_all_are_installed() - begun
    table.add(
        f"{DROPPED} plugins moved into plugins.d at once, until all are installed and run",
        f"{elapsed:.1f} s ({duration(elapsed / DROPPED * 1e6)} each)",
    )
