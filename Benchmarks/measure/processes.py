"""What the kernel says about processes."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Memory:
    """In KiB."""

    private: int
    proportional: int


@dataclass
class Work:
    """So far, of all threads that live."""

    cpu: float
    """In seconds."""
    wakeups: int


def memory(process: int) -> Memory:
    fields = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        fields[name] = int(value.split()[0])
    return Memory(fields["Private_Clean"] + fields["Private_Dirty"], fields["Pss"])


def work(process: int) -> Work:
    total = Work(0, 0)
    for thread in Path(f"/proc/{process}/task").iterdir():
        total.cpu += int((thread / "schedstat").read_text().split()[0]) / 1e9
        for line in (thread / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total.wakeups += int(line.split()[1])
    return total


def work_of_all(processes: list[int]) -> Work:
    each = [work(process) for process in processes]
    return Work(sum(one.cpu for one in each), sum(one.wakeups for one in each))


def idle_program(*command: str) -> Memory:
    """The memory of a program that does nothing but wait for its input."""
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        return settled(child.pid)
    finally:
        child.kill()
        child.wait()


def settled(process: int) -> Memory:
    """The memory of a process once it does not grow any more."""
    before = -1
    for _ in range(50):
        now = memory(process)
        if now.private == before:
            break
        before = now.private
        time.sleep(0.2)
    return now


def stop(child: subprocess.Popen) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def raise_descriptor_limit() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def environment(**more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")} | more
