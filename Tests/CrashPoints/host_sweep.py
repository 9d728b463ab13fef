"""The whole host is killed: at every so many calls, and next to the commit point at every one."""

import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import host
from host import HostCase, HostShop
from sweep import Broken

SAMPLES_OF_CI = 8
STEP_OF_ALL = 1
AROUND_THE_COMMIT = 5
# How many of the next start's calls one is taken of, with --all.
STEP_OF_START = 10
POINTS_OF_START = 120

cases: dict[str, HostCase] = {}
shop: HostShop | None = None


@dataclass(frozen=True)
class HostPoint:
    operation: str
    at: int
    second: int = 0  # The call at which the next hostd is killed, too.

    def __str__(self) -> str:
        return f"host:{self.at}" + (f"+{self.second}" if self.second else "")


@dataclass(frozen=True)
class HostOutcome:
    point: HostPoint
    which: str = ""
    problem: str = ""


def prepare_all(programs: Path, library: Path, work: Path, only: list[str] | None, is_all: bool) -> int:
    """Returns how many cannot even be prepared."""
    broken = 0
    (work / "packages").mkdir(parents=True)
    for operation in host.operations(work / "packages", is_all or bool(only)):
        if only and operation.name not in only:
            continue
        try:
            cases[operation.name] = host.prepare(operation, HostShop(programs, library, work / f"p-{operation.name}"))
        except Broken as problem:
            broken += 1
            print(f"hostd, {operation.name}: {problem}")
    return broken


def open_shop(programs: Path, library: Path, work: Path) -> None:
    global shop
    shop = HostShop(programs, library, work / f"h{os.getpid()}")


def try_point(point: HostPoint) -> HostOutcome:
    try:
        case = cases[point.operation]
        if point.second:
            return HostOutcome(point, host.kill_start_at(case, shop, point.at, point.second))
        return HostOutcome(point, host.kill_at(case, shop, point.at))
    except Exception as problem:
        return HostOutcome(point, problem=f"{type(problem).__name__}: {problem}")


def find_commit(name: str, known: dict[int, str]) -> tuple[str, int, list[HostOutcome]]:
    """The first point after which the new state is what is found; 0 if there is none."""
    old = max((at for at, which in known.items() if which == "old"), default=0)
    new = min((at for at, which in known.items() if which == "new" and at > old), default=0)
    outcomes = []
    while old and new - old > 1:
        middle = (old + new) // 2
        outcomes.append(try_point(HostPoint(name, middle)))
        old, new = (middle, new) if outcomes[-1].which == "old" else (old, middle)
    return name, new if old else 0, outcomes


def sweep(pool, is_all: bool, point: HostPoint | None = None) -> tuple[Counter, int]:
    begun, outcomes = time.monotonic(), []
    if point is not None:
        outcomes = [try_point_in(pool, [point])[0]]
    else:
        first = []
        for name, case in cases.items():
            step = STEP_OF_ALL if is_all else max(case.count // SAMPLES_OF_CI, 1)
            first += [HostPoint(name, at) for at in range(step // 2 + 1, case.count + 2, step)]
        outcomes += try_point_in(pool, first)
        tried = {(outcome.point.operation, outcome.point.at): outcome.which for outcome in outcomes}
        known = {name: {at: which for (other, at), which in tried.items() if other == name} for name in cases}
        around = []
        for name, commit, found in pool.starmap(find_commit, known.items(), chunksize=1):
            outcomes += found
            seen = {*known[name], *(outcome.point.at for outcome in found)}
            if commit:
                wanted = range(max(commit - AROUND_THE_COMMIT, 1), commit + AROUND_THE_COMMIT + 1)
                around += [HostPoint(name, at) for at in wanted if at not in seen]
                if is_all:
                    around += [
                        HostPoint(name, at, second)
                        for at in (commit - 1, commit, commit + 2)
                        for second in range(1, POINTS_OF_START, STEP_OF_START)
                    ]
        outcomes += try_point_in(pool, around)
    return report(outcomes, time.monotonic() - begun)


def try_point_in(pool, wanted: list[HostPoint]) -> list[HostOutcome]:
    return pool.map(try_point, wanted, chunksize=1)


def report(outcomes: list[HostOutcome], seconds: float) -> tuple[Counter, int]:
    total, broken = Counter(), 0
    for name, case in cases.items():
        own = [outcome for outcome in outcomes if outcome.point.operation == name]
        counts = Counter(outcome.which for outcome in own if not outcome.problem)
        total += counts
        print(f"hostd, {name}: {case.count} calls, {sum(counts.values())} points recovered: {counts['old']} old, "
              f"{counts['new']} new", flush=True)
        for outcome in own:
            if outcome.problem:
                broken += 1
                print(f"  BROKEN at {outcome.point}: {outcome.problem}")
                print(f"  again: Tests/CrashPoints/run --only {name} --point {outcome.point}", flush=True)
    print(f"hostd: {sum(total.values())} points in {seconds:.0f} s")
    return total, broken
