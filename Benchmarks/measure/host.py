"""A running hostd, asked over its socket."""

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import processes
from workshop import Workshop


class Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("hearth", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Host:
    """`hostd` with some plugins; ends with the `with`. Can be started again in the same root directory.

    What is measured is a host whose plugins are installed already, as those of users are; but with `is_prepared` false
    they still lie in plugins.d at the first start.
    """

    def __init__(
        self,
        workshop: Workshop,
        plugins: list[str],
        root: Path | None = None,
        *,
        arguments: tuple[str, ...] = (),
        is_prepared: bool = True,
    ) -> None:
        self.workshop = workshop
        self.plugins = plugins
        self.root = root or workshop.directory()
        self.arguments = arguments
        self.is_prepared = is_prepared
        if not (self.root / "plugins.d").exists():
            (self.root / "plugins.d").mkdir()
            for plugin in plugins:
                workshop.package(plugin, self.root / "plugins.d")
        self.socket = self.root / "run" / "hostd.sock"

    def __enter__(self) -> "Host":
        if self.is_prepared and not (self.root / "state.db").exists():
            self._run("--safe")
            self.wait_until_all_are_installed()
            if "kasa" in self.plugins:
                # It must not search the network of this machine: it gets no address before it is first started.
                self.save("kasa", {"discovery_addresses": []})
            self.__exit__()
        self._run(*self.arguments)
        return self

    def _run(self, *arguments: str) -> None:
        notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notices.bind(f"\0hearth-bench-{os.getpid()}-{time.monotonic_ns()}")
        notices.settimeout(120)
        address = "@" + notices.getsockname()[1:].decode()
        log = (self.root.parent / f"{self.root.name}.log").open("ab")
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [self.workshop.bin / "hostd", "--root", self.root, *arguments],
            env=processes.environment(NOTIFY_SOCKET=address),
            stderr=log,
        )
        notices.recv(64)
        """When it was started and when its interface was there, `time.monotonic()`."""
        self.listening = time.monotonic()
        notices.close()
        self.connection = Connection(self.socket)

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        processes.stop(self.process)

    # Asking

    def ask(self, method: str, path: str, body: object = None) -> object:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(method, "/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        content = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {content}")
        return content

    def get(self, path: str) -> object:
        return self.ask("GET", path)

    def save(self, plugin: str, settings: dict) -> object:
        return self.ask("PUT", f"/plugins/{plugin}/settings", {"document": settings})

    def pass_over(self, **request: object) -> dict:
        """One reconcile pass."""
        return self.ask("POST", "/reconcile", request)

    def events(self, after: int | None = None) -> Iterator[dict]:
        """The events as they come; the stream stands when this returns."""
        connection = Connection(self.socket)
        connection.request("GET", "/v1/events" + ("" if after is None else f"?after={after}"))
        stream = connection.getresponse()
        return self._events(connection, stream)

    @staticmethod
    def _events(connection: Connection, stream: http.client.HTTPResponse) -> Iterator[dict]:
        try:
            while line := stream.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        finally:
            stream.close()
            connection.close()

    # Waiting

    def wait_until_all_run(self) -> float:
        """Returns when the last one of the plugins ran, `time.monotonic()`."""
        waiting = set(self.plugins)
        for event in self.events(after=0):
            if event["kind"] == "plugin.state" and event["data"]["state"] == "running":
                waiting.discard(event["plugin"])
                if not waiting:
                    return time.monotonic()
            elif event["kind"] == "plugin.state" and event["data"]["state"] in ("failed", "quarantined"):
                raise RuntimeError(event["message"])
        raise RuntimeError("hostd ended")

    def wait_until_all_are_installed(self, seconds: float = 60) -> float:
        """Returns when the last change was over, `time.monotonic()`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.get("/status")["changesUnderWay"] == 0:
                installed = {plugin["id"] for plugin in self.get("/plugins") if plugin["origin"]}
                if installed.issuperset(self.plugins):
                    return time.monotonic()
            time.sleep(0.01)
        raise RuntimeError(f"not all are installed: {self.get('/plugins')}")

    # Its processes

    def workers(self) -> dict[str, int]:
        return {plugin["id"]: plugin["processID"] for plugin in self.get("/plugins") if "processID" in plugin}

    def all_processes(self) -> list[int]:
        return [self.process.pid, *self.workers().values()]
