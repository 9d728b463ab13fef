"""Starts the real homesim program for the tests that talk to it with python-kasa."""

import json
import logging
import os
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


def executable(name: str) -> str:
    """The path of a program of ours: HEARTH_BIN names the program or its directory."""
    place = Path(os.environ.get("HEARTH_BIN", TOP / ".build" / "debug"))
    program = place / name if place.is_dir() else place
    if not program.exists():
        pytest.exit(f"{program} does not exist; build it: swift build --product {name}", 1)
    return str(program)


class Home:
    """A running home, and the orders for it."""

    def __init__(self, directory: Path, number: int) -> None:
        # Two test runs at once must not meet: the process id chooses the network.
        self.prefix = f"127.{64 + os.getpid() % 64}.{(os.getpid() // 64 + number) % 256}"
        self.control = str(directory / "control.sock")
        self.process = subprocess.Popen(
            [executable("homesim"), "run", "--network", f"{self.prefix}.0/24", "--home", "models"]
            + ["--control", self.control],
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith("ready"), line

    @property
    def broadcast(self) -> str:
        return f"{self.prefix}.255"

    def order(self, *words: str) -> str:
        command = [executable("homesim"), *words, "--control", self.control]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def devices(self) -> list[dict]:
        return json.loads(self.order("list", "--json"))["devices"]

    def device(self, model: str) -> dict:
        """The last device whose model begins so."""
        return [device for device in self.devices() if device["model"].startswith(model)][-1]

    def stop(self) -> int:
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(10)


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"), 0)
    yield home
    assert home.stop() == 0


@pytest.fixture(autouse=True)
def python_kasa_does_not_complain(caplog):
    """Whatever python-kasa finds odd enough to log fails the test."""
    caplog.set_level(logging.WARNING)
    yield
    complaints = [record.getMessage() for record in caplog.get_records("call")]
    assert complaints == []
