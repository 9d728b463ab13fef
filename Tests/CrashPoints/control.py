"""Runs a program with the library of preload/ preloaded, and says what shall happen at which of its calls."""

import errno
import mmap
import os
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "preload" / "crashpoint.c"
CONTROL = struct.Struct("=QQIiII")  # As `struct control` in preload/point.h.
MODES = {"count": 0, "kill": 1, "half": 2, "short": 3, "error": 4}
PATIENCE_SECONDS = 60


def build(directory: Path) -> Path:
    library = directory / "crashpoint.so"
    flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fPIC", "-shared"]
    subprocess.run(["cc", *flags, "-o", library, SOURCE, "-ldl", "-lpthread"], check=True)
    return library


@dataclass(frozen=True)
class Fault:
    """What happens at the call of that number; 0: nothing, the calls are counted."""

    mode: str = "count"
    at: int = 0
    error: str = ""  # "ENOSPC"
    lasting: bool = False

    def __str__(self) -> str:
        words = [self.mode, self.error, "lasting" if self.lasting else "", f"at {self.at}" if self.at else ""]
        return " ".join(word for word in words if word)

    def packed(self) -> bytes:
        number = getattr(errno, self.error) if self.error else 0
        return CONTROL.pack(0, self.at, MODES[self.mode], number, self.lasting, 0)


@dataclass(frozen=True)
class Run:
    status: int  # As subprocess has it: negative for a signal.
    count: int
    happened: bool
    output: str


class Control:
    """The memory that is shared with the preloaded library."""

    def __init__(self, path: Path):
        self.path = path
        path.write_bytes(Fault().packed())
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), CONTROL.size)

    def arm(self, fault: Fault) -> None:
        self.memory[:] = fault.packed()

    @property
    def count(self) -> int:
        return CONTROL.unpack(self.memory[:])[0]

    @property
    def happened(self) -> bool:
        return CONTROL.unpack(self.memory[:])[5] != 0


@dataclass
class Preload:
    """Starts programs under the library."""

    library: Path
    control: Control

    def environment(self, root: Path, log: Path | None = None, program: str | None = None) -> dict[str, str]:
        environment = dict(os.environ)
        environment |= {
            "LD_PRELOAD": str(self.library),
            "CRASHPOINT_ROOT": str(root),
            "CRASHPOINT_CONTROL": str(self.control.path),
        }
        if log:
            environment["CRASHPOINT_LOG"] = str(log)
        if program:
            environment["CRASHPOINT_PROGRAM"] = program
        return environment

    def run(self, command: list[str], root: Path, fault: Fault = Fault(), log: Path | None = None) -> Run:
        self.control.arm(fault)
        # Without close_fds the interpreter need not fork itself.
        done = subprocess.run(
            command,
            env=self.environment(root, log),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_SECONDS,
            close_fds=False,
        )
        return Run(done.returncode, self.control.count, self.control.happened, done.stdout.decode(errors="replace"))
