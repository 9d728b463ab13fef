"""One operation of the installer under every fault, at every point."""

import os
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import observe
from control import Control, Fault, Preload, Run
from powercut import Call, Disk, Recording, read_log

SAID_WHY = 1  # The status of a program that reported a failure.


class Broken(Exception):
    """A point at which something is not as it must be."""


@dataclass(frozen=True)
class Operation:
    name: str
    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()  # Leads to the state from which it starts.
    status: int = 0
    # Lays files into the root that the commands do not make.
    lay: tuple[tuple[Path, str], ...] = ()


@dataclass
class Workshop:
    """A directory in which one process of the harness works."""

    program: Path
    library: Path
    directory: Path

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.root = self.directory / "root"
        self.log = self.directory / "log"
        self.preload = Preload(self.library, Control(self.directory / "control"))

    def reset(self, start: Path | None = None) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        if start is None:
            self.root.mkdir()
        else:
            copy_tree(start, self.root)
        self.log.unlink(missing_ok=True)

    def run(self, arguments: tuple[str, ...], fault: Fault = Fault(), logs: bool = False) -> Run:
        if logs:
            self.log.unlink(missing_ok=True)
        command = [str(self.program), str(self.root), *arguments]
        return self.preload.run(command, self.root, fault, self.log if logs else None)

    def recover(self, fault: Fault = Fault(), logs: bool = False) -> Run:
        return self.run(("recover",), fault, logs)

    def record(self, arguments: tuple[str, ...]) -> Recording:
        start = Disk(self.root)
        self.run(arguments, logs=True)
        return Recording(start, read_log(self.log) if self.log.exists() else [])


def copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, copy_function=shutil.copy)
    for directory, _, _ in os.walk(source):
        shutil.copymode(directory, target / Path(directory).relative_to(source))


@dataclass
class Case:
    """An operation with what it starts from, and the two states that are right afterwards."""

    operation: Operation
    start: Path
    old: dict
    new: dict
    recording: Recording
    counts: dict[str, int] = field(default_factory=dict)
    commits_of_opening: int = 0

    @cached_property
    def titles(self) -> dict[int, str]:
        return {call.number: call.title for call in self.recording.calls if call.what != "say"}

    @property
    def end(self) -> str:
        """Where the operation leads if nothing disturbs it: one that is undone leads back."""
        return "old" if self.new == self.old else "new"

    def which(self, state: dict) -> str:
        if state == self.old:
            return "old"
        if state == self.new:
            return "new"
        raise Broken(observe.describe_nearest(state, {"the old state": self.old, "the new state": self.new}))


COUNTED = {"kill": Fault(), "half": Fault("half"), "ENOSPC": Fault("error", 0, "ENOSPC"), "EINTR": Fault("error", 0, "EINTR")}


def prepare(operation: Operation, shop: Workshop) -> Case:
    start = shop.directory / operation.name
    shop.reset()
    for source, place in operation.lay:
        target = shop.root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_tree(source, target) if source.is_dir() else shutil.copy(source, target)
    for command in operation.before:
        expect(shop.run(command), {0}, f"{operation.name}: before it, {' '.join(command)}")
    copy_tree(shop.root, start)
    recover_well(shop)
    old = observe.state_of(shop.root)
    counts = {}
    for name, fault in COUNTED.items():
        shop.reset(start)
        run = shop.run(operation.command, fault)
        expect(run, {operation.status}, operation.name)
        counts[name] = run.count
    recover_well(shop)
    new = observe.state_of(shop.root)
    opening = shop.record(("open",))
    shop.reset(start)
    recording = shop.record(operation.command)
    check_model(recording, shop.root)
    if operation.status == 0 and not any(call.what == "say" for call in recording.calls):
        raise Broken(f"{operation.name} did not say that it is done")
    return Case(operation, start, old, new, recording, counts, commits_in(opening.calls))


def check_model(recording: Recording, root: Path) -> None:
    """The log has missed nothing that changed a file."""
    real = root.with_name("model")
    shutil.rmtree(real, ignore_errors=True)
    real.mkdir()
    recording.end.write_to(real)
    for one, other in ((root, real), (real, root)):
        for directory, _, names in os.walk(one):
            for name in names:
                path = Path(directory, name).relative_to(one)
                # The index of the log is memory that is shared; a cut loses it anyway.
                if not name.endswith("-shm") and (
                    not (other / path).exists() or (one / path).read_bytes() != (other / path).read_bytes()
                ):
                    raise Broken(f"{path} is not what the log says: a call that changes files is not in preload/")
    shutil.rmtree(real)


def expect(run: Run, allowed: set[int], what: str) -> None:
    if run.status not in allowed:
        raise Broken(f"{what} ended with {run.status} instead of {sorted(allowed)}: {run.output.strip()}")


def recover_well(shop: Workshop) -> None:
    expect(shop.recover(), {0}, "the recovery")
    if debris := observe.debris_of(shop.root):
        raise Broken(f"after the recovery there is still {', '.join(debris)}")


def commits_in(calls: list[Call]) -> int:
    return sum(call.what == "sync" and call.path == "state.db-wal" for call in calls)


def check_second_recovery(case: Case, shop: Workshop, state: dict) -> None:
    """It changes nothing, and writes nothing but what opening a database takes."""
    expect(shop.recover(logs=True), {0}, "the second recovery")
    if (again := observe.state_of(shop.root)) != state:
        raise Broken(f"a second recovery changed something:\n{observe.describe_difference(state, again)}")
    calls = read_log(shop.log) if shop.log.exists() else []
    if other := [call.title for call in calls if not call.path.startswith("state.db") and call.what not in ("open", "sync", "say")]:
        raise Broken(f"a second recovery did: {', '.join(other)}")
    if commits_in(calls) > case.commits_of_opening:
        raise Broken(f"a second recovery made {commits_in(calls) - case.commits_of_opening} commits")


def settle(case: Case, shop: Workshop, repeats: bool = True) -> str:
    """Recovers what is in the workshop, and checks everything that must be true then."""
    recover_well(shop)
    state = observe.state_of(shop.root)
    which = case.which(state)
    check_second_recovery(case, shop, state)
    if repeats and which == "old" and case.end == "new":
        expect(shop.run(case.operation.command), {case.operation.status}, "the same operation once more")
        if debris := observe.debris_of(shop.root):
            raise Broken(f"the same operation once more leaves {', '.join(debris)}")
        if case.which(observe.state_of(shop.root)) != "new":
            raise Broken("the same operation once more changed nothing")
    return which


def fail_at(case: Case, shop: Workshop, fault: Fault, repeats: bool = True) -> str:
    """The operation with a fault, then a recovery."""
    shop.reset(case.start)
    run = shop.run(case.operation.command, fault)
    if not run.happened:
        raise Broken(f"it made {run.count} calls and never came to the point: it is not deterministic")
    if fault.mode in ("kill", "half"):
        expect(run, {-9}, "the program that was to be killed")
    else:
        expect(run, {case.operation.status, 0, SAID_WHY}, "the operation")
    which = settle(case, shop, repeats)
    if fault.mode == "kill":
        check_promise(case, fault.at, which)
    return which


def cut_power_at(case: Case, shop: Workshop, at: int, policy: str, repeats: bool = True) -> str:
    shop.reset()
    case.recording.cut(at, policy).write_to(shop.root)
    which = settle(case, shop, repeats)
    check_promise(case, at, which)
    return which


def check_promise(case: Case, at: int, which: str) -> None:
    if at >= case.recording.said and which != case.end:
        raise Broken("the program had said that it is done, and it is not")


def kill_recovery(case: Case, shop: Workshop, at: int, step: int) -> int:
    """Kills the operation once, and the recovery from it at each `step`th of its calls. Returns how many these were."""
    shop.reset(case.start)
    shop.run(case.operation.command, Fault("kill", at))
    crashed = shop.directory / "crashed"
    shutil.rmtree(crashed, ignore_errors=True)
    copy_tree(shop.root, crashed)
    count = shop.recover().count
    which = case.which(observe.state_of(shop.root))
    points = range(1 + at % step, count + 1, step)
    for second in points:
        shop.reset(crashed)
        expect(shop.recover(Fault("kill", second)), {-9}, f"the recovery, killed at {second}")
        try:
            again = settle(case, shop, repeats=False)
            if again != which:
                raise Broken(f"undisturbed the recovery leads to the {which} state, but to the {again} one here")
        except Broken as error:
            raise Broken(f"the recovery killed at {second}: {error}") from error
    return len(points)


def cut_power_of_recovery(case: Case, shop: Workshop, at: int, policy: str, step: int) -> int:
    """A power cut in the operation, and then others at each `step`th call of the recovery from it."""
    shop.reset()
    case.recording.cut(at, policy).write_to(shop.root)
    recording = shop.record(("recover",))
    points = range(1 + at % step, recording.count + 2, step)
    for second in points:
        shop.reset()
        recording.cut(second, policy).write_to(shop.root)
        try:
            settle(case, shop, repeats=False)
        except Broken as error:
            raise Broken(f"the power cut at {second} of the recovery: {error}") from error
    return len(points)
