"""A real hostd that is killed while hostctl has it change something."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import observe
import packages
from control import Control, Fault, Preload
from sweep import Broken, copy_tree

PATIENCE_SECONDS = 60
HEALTH_WINDOW_SECONDS = 0.3
SHOWN = ("id", "version", "isEnabled", "isPinned", "origin", "state", "outcome")


@dataclass(frozen=True)
class HostOperation:
    name: str
    command: tuple[str, ...]  # Of hostctl; or ("drop", SOURCE).
    before: tuple[tuple[str, ...], ...] = ()
    status: int = 0
    # The next start of the host goes on with what it finds: there is no way back to the old state.
    ends_new: bool = False


class HostShop:
    """One root directory, and whatever runs on it."""

    def __init__(self, programs: Path, library: Path, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.programs, self.directory = programs, directory
        self.root, self.home = directory / "r", directory / "home"
        self.home.mkdir(exist_ok=True)
        self.preload = Preload(library, Control(directory / "control"))
        self.host: subprocess.Popen | None = None

    def reset(self, start: Path | None = None) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        if start is None:
            self.root.mkdir(mode=0o700)
        else:
            copy_tree(start, self.root)
        (self.directory / "hostd.log").unlink(missing_ok=True)

    # hostd

    def start(self, fault: Fault | None = None) -> None:
        """Starts hostd. With a fault, calls are counted from its first one on."""
        shutil.rmtree(self.root / "run", ignore_errors=True)
        environment = dict(os.environ)
        if fault is not None:
            self.preload.control.arm(fault)
            environment = self.preload.environment(self.root, program="hostd")
        notify = self.directory / "notify"
        notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, (self.directory / "hostd.log").open("ab") as log:
            ready.bind(str(notify))
            ready.settimeout(0.05)
            arguments = ["--root", self.root, "--health-window", str(HEALTH_WINDOW_SECONDS)]
            self.host = subprocess.Popen(
                [self.programs / "hostd", *arguments],
                env=environment | {"HOME": str(self.home), "NOTIFY_SOCKET": str(notify)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline and self.host.poll() is None:
                try:
                    if b"READY=1" in ready.recv(4096):
                        return
                except TimeoutError:
                    pass
        if self.host.poll() is None or fault is None or self.host.returncode != -signal.SIGKILL:
            raise Broken(f"hostd does not start: {self.log_tail()}")

    def end(self) -> None:
        """Ends hostd as a service manager does. No process of it is left."""
        self.host.send_signal(signal.SIGTERM)
        status = self.host.wait(PATIENCE_SECONDS)
        if status != 0:
            raise Broken(f"hostd ended with {status}: {self.log_tail()}")
        self.expect_no_orphans()

    def abandon(self) -> None:
        """After a failure: nothing of this root goes on."""
        if self.host is not None and self.host.poll() is None:
            self.host.kill()
            self.host.wait()

    def expect_no_orphans(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while processes := self.processes():
            if time.monotonic() > deadline:
                raise Broken(f"processes of the host are left: {processes}")
            time.sleep(0.01)

    def processes(self) -> list[str]:
        """Those that the host has started, known by their HOME."""
        mark, found = f"HOME={self.home}".encode(), []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if path.name != str(self.host.pid) and mark in (path / "environ").read_bytes().split(b"\0"):
                    found.append((path / "cmdline").read_text().replace("\0", " ") or path.name)
            except OSError:
                continue
        return found

    def log_tail(self) -> str:
        return (self.directory / "hostd.log").read_text(errors="replace")[-1500:]

    # hostctl

    def hostctl(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.programs / "hostctl", *arguments],
            env={"HEARTH_ROOT": str(self.root), "HOME": str(self.directory), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def items(self, *arguments: str) -> list[dict]:
        answer = self.hostctl(*arguments, "-o", "json")
        if answer.returncode != 0:
            raise Broken(f"hostctl {' '.join(arguments)} ended with {answer.returncode}: {answer.stderr.strip()}")
        return json.loads(answer.stdout)["items"]

    def carry_out(self, operation: HostOperation) -> int | None:
        """Returns hostctl's status. What is dropped in is only laid down."""
        if operation.command[0] != "drop":
            return self.hostctl(*operation.command).returncode
        source = Path(operation.command[1])
        temporary = self.root / "plugins.d" / f".{source.name}"
        shutil.copytree(source, temporary)
        temporary.rename(self.root / "plugins.d" / "lamp")
        return None

    def settle(self, at_least: int = 0) -> list[dict]:
        """Waits until nothing goes on, and says what is there."""
        deadline, last = time.monotonic() + PATIENCE_SECONDS, None
        while time.monotonic() < deadline:
            changes, plugins = self.items("changes"), self.items("list")
            goes_on = [change for change in changes if "ended" not in change] or len(changes) < at_least
            passing = [plugin for plugin in plugins if plugin["state"] in ("starting", "stopping", "probing", "restarting")]
            shown = [{key: plugin.get(key) for key in SHOWN} for plugin in plugins]
            if not goes_on and not passing and shown == last:
                return shown
            last = shown if not goes_on and not passing else None
            time.sleep(0.02)
        goes_on = [change["summary"] for change in changes if "ended" not in change]
        raise Broken(f"the host does not come to rest: {last} {shown} {goes_on} {self.log_tail()}")

    def state(self) -> dict:
        """What the host says, and what lies in its directory."""
        plugins = self.settle()
        state = observe.state_of(self.root)
        state["rows"]["hostctl list"] = [json.dumps(plugin) for plugin in plugins]
        return state


def operations(directory: Path, is_all: bool) -> list[HostOperation]:
    one, two, ill = (str(packages.make(directory, version)) for version in ("1.0.0", "1.1.0", packages.ILL_VERSION))
    installed = (("install", one),)
    upgraded = (*installed, ("install", two))
    home = directory / "home.yaml"
    home.write_text("home: 1\nplugins:\n  lamp:\n    settings:\n      greeting: Hello\n")
    of_ci = [
        HostOperation("install", ("install", one)),
        HostOperation("upgrade", ("install", two), installed),
        HostOperation("upgrade-that-fails", ("install", ill), installed, status=1),
        HostOperation("uninstall-keep", ("uninstall", "lamp"), installed),
        HostOperation("drop-in", ("drop", one), ends_new=True),
    ]
    others = [
        HostOperation("rollback", ("rollback", "lamp"), upgraded),
        HostOperation("uninstall-purge", ("uninstall", "lamp", "--purge", "--yes"), installed),
        HostOperation("disable", ("disable", "lamp"), installed),
        HostOperation("enable", ("enable", "lamp"), (*installed, ("disable", "lamp"))),
        HostOperation("pin", ("pin", "lamp"), installed),
        HostOperation("apply", ("apply", str(home)), installed),
        HostOperation("settings", ("settings", "set", "lamp", "greeting=Hello"), installed),
    ]
    return [*of_ci, *others] if is_all else of_ci


@dataclass
class HostCase:
    operation: HostOperation
    start: Path
    old: dict
    new: dict
    count: int

    def which(self, state: dict) -> str:
        if state == self.old and not self.operation.ends_new:
            return "old"
        if state == self.new:
            return "new"
        wanted = {"the new state": self.new}
        if not self.operation.ends_new:
            wanted["the old state"] = self.old
        raise Broken(observe.describe_nearest(state, wanted))


def prepare(operation: HostOperation, shop: HostShop) -> HostCase:
    try:
        shop.reset()
        shop.start()
        for command in operation.before:
            answer = shop.hostctl(*command)
            if answer.returncode != 0:
                raise Broken(f"{operation.name}: before it, hostctl {' '.join(command)}: {answer.stderr.strip()}")
        shop.settle()
        shop.end()
        start = shop.directory / operation.name
        copy_tree(shop.root, start)
        old = _after_restart(shop)
        shop.reset(start)
        shop.start(Fault())
        number = len(shop.items("changes"))
        shop.settle()
        shop.preload.control.arm(Fault())
        status = shop.carry_out(operation)
        if status not in (None, operation.status):
            raise Broken(f"{operation.name}: hostctl ended with {status}: {shop.log_tail()}")
        shop.settle(at_least=number + (status is None))
        count = shop.preload.control.count
        shop.end()
        return HostCase(operation, start, old, _after_restart(shop), count)
    finally:
        shop.abandon()


def _after_restart(shop: HostShop) -> dict:
    shop.start()
    state = shop.state()
    shop.end()
    return state


def kill_at(case: HostCase, shop: HostShop, at: int) -> str:
    """Kills hostd at that call of the operation, and looks at what the next one makes of it."""
    try:
        shop.reset(case.start)
        shop.start(Fault())
        number = len(shop.items("changes"))
        shop.settle()
        shop.preload.control.arm(Fault("kill", at))
        shop.carry_out(case.operation)
        if case.operation.command[0] == "drop" and not shop.preload.control.happened:
            _await_drop(shop, number)
        if not shop.preload.control.happened:
            # What hostd writes while it ends is not the operation's.
            shop.preload.control.arm(Fault())
        if shop.preload.control.happened:
            shop.host.wait(PATIENCE_SECONDS)
            shop.expect_no_orphans()
        else:
            shop.end()
        return _recovers(case, shop)
    finally:
        shop.abandon()


def kill_start_at(case: HostCase, shop: HostShop, at: int, second: int) -> str:
    """The same, and the next hostd is killed, too, at that call of its own."""
    try:
        shop.reset(case.start)
        shop.start(Fault())
        shop.settle()
        shop.preload.control.arm(Fault("kill", at))
        shop.carry_out(case.operation)
        shop.host.wait(PATIENCE_SECONDS)
        shop.start(Fault("kill", second))
        deadline = time.monotonic() + 1
        while shop.host.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        shop.abandon()
        shop.expect_no_orphans()
        return _recovers(case, shop)
    finally:
        shop.abandon()


def _await_drop(shop: HostShop, number: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not shop.preload.control.happened and time.monotonic() < deadline:
        if shop.host.poll() is not None:
            return
        try:
            shop.settle(at_least=number + 1)
            return
        except (Broken, json.JSONDecodeError):
            continue


def _recovers(case: HostCase, shop: HostShop) -> str:
    shop.start()
    state = shop.state()
    which = case.which(state)
    if debris := observe.debris_of(shop.root):
        raise Broken(f"after the recovery there is still {', '.join(debris)}")
    answer = shop.hostctl("reconcile")
    if answer.returncode != 0:
        raise Broken(f"hostctl reconcile ended with {answer.returncode}: {answer.stdout}{answer.stderr}")
    if (again := shop.state()) != state:
        raise Broken(f"reconcile changed something:\n{observe.describe_difference(state, again)}")
    shop.end()
    return which
