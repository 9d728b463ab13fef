"""Which points there are, how many of them a part of the tests takes, and what is done at one."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import sweep
from control import Fault
from sweep import Case, Workshop

SEEDS_OF_CI = 2
SEEDS_OF_ALL = 20
# After every third point where the old state is what is found, the operation is done once more; with --all after each.
REPEATED_OF_CI = 3


@dataclass(frozen=True)
class Family:
    """Points of one kind. Every `step_of_ci`th is taken in CI, every `step_of_all`th by `make crash-all`."""

    name: str
    counted: str  # Which count of a case says how many there are.
    step_of_ci: int
    step_of_all: int = 1
    # For faults in recoveries, of which there are many for each point.
    inner_step_of_ci: int = 1
    inner_step_of_all: int = 1


def families(is_all: bool) -> list[Family]:
    seeds = range(1, (SEEDS_OF_ALL if is_all else SEEDS_OF_CI) + 1)
    return [
        Family("kill", "kill", 1),
        Family("half", "half", 5),
        Family("short", "half", 11),
        Family("ENOSPC", "ENOSPC", 11),
        Family("ENOSPC-lasting", "ENOSPC", 7),
        Family("EIO", "kill", 13),
        Family("EIO-lasting", "kill", 11),
        Family("EINTR", "EINTR", 13),
        Family("cut-nothing", "cut", 3),
        Family("cut-names", "cut", 11),
        Family("cut-contents", "cut", 11),
        *(Family(f"cut-{seed}", "cut", 17) for seed in seeds),
        Family("recovery-kill", "kill", 47, 1, 13, 3),
        Family("recovery-cut", "cut", 61, 1, 13, 3),
    ]


@dataclass(frozen=True)
class Point:
    operation: str
    family: str
    at: int
    inner_step: int = 1
    repeats: bool = True

    def __str__(self) -> str:
        return f"{self.family}:{self.at}"


def points_of(case: Case, is_all: bool) -> Iterator[Point]:
    counts = case.counts | {"cut": case.recording.count + 1}
    for family in families(is_all):
        step = family.step_of_all if is_all else family.step_of_ci
        # Not the same points of every operation.
        first = 1 + zlib.crc32(f"{case.operation.name} {family.name}".encode()) % step
        chosen = set(range(first, counts[family.counted] + 1, step))
        if family.counted == "cut":
            # Where the program has just said that it is done.
            chosen |= {case.recording.said, case.recording.said + 1} & set(range(counts["cut"] + 1))
        for at in sorted(chosen):
            inner_step = family.inner_step_of_all if is_all else family.inner_step_of_ci
            yield Point(case.operation.name, family.name, at, inner_step, is_all or at % REPEATED_OF_CI == 0)


@dataclass(frozen=True)
class Outcome:
    point: Point
    old: int = 0
    new: int = 0
    both: int = 0  # Points within a recovery.
    problem: str = ""


def try_point(case: Case, shop: Workshop, point: Point) -> Outcome:
    try:
        match point.family.split("-", 1):
            case ["recovery", "kill"]:
                return Outcome(point, both=sweep.kill_recovery(case, shop, point.at, point.inner_step))
            case ["recovery", "cut"]:
                return Outcome(point, both=sweep.cut_power_of_recovery(case, shop, point.at, "nothing", point.inner_step))
            case ["cut", policy]:
                which = sweep.cut_power_at(case, shop, point.at, policy, point.repeats)
            case ["kill" | "half" | "short" as mode]:
                which = sweep.fail_at(case, shop, Fault(mode, point.at), point.repeats)
            case [error, *lasting]:
                which = sweep.fail_at(case, shop, Fault("error", point.at, error, bool(lasting)), point.repeats)
        return Outcome(point, old=which == "old", new=which == "new")
    except Exception as problem:  # Whatever it is, it belongs to this point.
        return Outcome(point, problem=f"{type(problem).__name__}: {problem}")


def title_of(case: Case, point: Point) -> str:
    """The call before which it happens, if its number says that."""
    numbered = point.family.startswith(("kill", "cut", "EIO", "recovery"))
    return case.titles.get(point.at, "the end") if numbered else ""
