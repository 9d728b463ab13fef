"""A file system that is really full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sweep
from sweep import SAID_WHY, Broken, Case, Workshop

SIZE = 40 << 20
FREE_KIB_OF_CI = (0, 4, 16, 48, 128)
FREE_KIB_OF_ALL = (*range(0, 64, 4), *range(64, 512, 16))


class NotPermitted(Exception):
    pass


@contextmanager
def mounted(work: Path) -> Iterator[Path]:
    """A small ext4."""
    image, place = work / "disk.image", work / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(SIZE)
    try:
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", image, place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotPermitted(str(getattr(error, "stderr", b"") or error)) from error
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def workshop_on(place: Path, program: Path, library: Path, work: Path) -> Workshop:
    shop = Workshop(program, library, work / "beside-the-disk")
    shop.root = place / "root"
    return shop


def fill(place: Path, free: int) -> Path:
    """A file that leaves about that many bytes."""
    ballast = place / "ballast"
    step = SIZE
    with ballast.open("wb") as file:
        while step >= 4096:
            step = min(step, os.statvfs(place).f_bavail * os.statvfs(place).f_frsize - free)
            try:
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, max(step, 1))
            except OSError:
                # The map of the blocks takes some itself.
                step //= 2
    return ballast


def try_full(case: Case, shop: Workshop, free: int) -> str:
    """The operation with so many bytes left, then a recovery without space, then one with."""
    shop.reset(case.start)
    ballast = fill(shop.root.parent, free)
    try:
        said = {case.operation.status, 0, SAID_WHY}
        sweep.expect(shop.run(case.operation.command), said, "the operation on the full disk")
        sweep.expect(shop.recover(), {0, SAID_WHY}, "the recovery on the full disk")
    finally:
        ballast.unlink()
    return sweep.settle(case, shop)


def sweep_full(cases: list[Case], shop: Workshop, is_all: bool) -> tuple[dict[str, int], list[str]]:
    counts, problems = {"old": 0, "new": 0}, []
    for case in cases:
        for kib in FREE_KIB_OF_ALL if is_all else FREE_KIB_OF_CI:
            try:
                counts[try_full(case, shop, kib << 10)] += 1
            except Broken as problem:
                problems.append(f"{case.operation.name} with {kib} KiB left: {problem}")
    return counts, problems
