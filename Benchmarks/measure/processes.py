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
    dirty: int
    """The part of the private memory that was written: the rest is code that nobody else has mapped at the moment."""
    proportional: int


def memory(process: int) -> Memory:
    fields = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        fields[name] = int(value.split()[0])
    dirty = fields["Private_Dirty"]
    return Memory(fields["Private_Clean"] + dirty, dirty, fields["Pss"])


def memory_by_file(process: int) -> dict[str, Memory]:
    """By the path of what is mapped; `` for what is no file: heap, stacks, data without a first value."""
    files: dict[str, Memory] = {}
    path = ""
    for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
        name, *words = line.split(maxsplit=5)
        if not name.endswith(":"):
            path = words[4] if len(words) == 5 and words[4].startswith("/") else ""
            continue
        of_file = files.setdefault(path, Memory(0, 0, 0))
        match name:
            case "Private_Clean:":
                of_file.private += int(words[0])
            case "Private_Dirty:":
                of_file.private += int(words[0])
                of_file.dirty += int(words[0])
            case "Pss:":
                of_file.proportional += int(words[0])
    return files


def libraries(path: Path) -> dict[str, Path]:
    """By the name that is asked for: what the loader maps for this program or library, directly and indirectly."""
    output = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in output.splitlines()]
    return {words[0]: Path(words[2]).resolve() for words in lines if len(words) > 2 and words[1] == "=>"}


def needed(path: Path) -> list[str]:
    """The names of the libraries that it asks for itself."""
    output = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
    return [line.split("[")[1].rstrip("]") for line in output.splitlines() if "(NEEDED)" in line]


def only_for(library: str, program: Path) -> set[Path]:
    """The library, and what the program would not map without it."""
    paths = libraries(program)
    others = [paths[name] for name in needed(program) if name in paths and not name.startswith(library)]
    wanted = [path for name, path in paths.items() if name.startswith(library)]
    kept = set(others).union(*(libraries(path).values() for path in others))
    return set(wanted).union(*(libraries(path).values() for path in wanted)) - kept


def cpu(processes: list[int]) -> float:
    """The time that they have used so far, also in threads that have ended, in seconds."""
    # The kernel's number for the CPU clock of another process (clock_getcpuclockid).
    return sum(time.clock_gettime(~process << 3 | 2) for process in processes)


def wakeups(processes: list[int], seconds: float) -> int:
    """How often their threads went to sleep and woke in that time from now on."""
    before = switches(processes)
    last = dict(before)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        # Often, because a thread takes its count with it when it ends.
        time.sleep(min(left, 0.25))
        last |= switches(processes)
    return sum(count - before.get(thread, 0) for thread, count in last.items())


def switches(processes: list[int]) -> dict[Path, int]:
    """The voluntary context switches of every thread so far."""
    counts = {}
    for process in processes:
        for thread in Path(f"/proc/{process}/task").iterdir():
            try:
                lines = (thread / "status").read_text().splitlines()
            except OSError:  # It has just ended.
                continue
            counts[thread] = next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return counts


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
