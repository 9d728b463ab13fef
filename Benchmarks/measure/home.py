"""A running homesim."""

import json
import socket
import subprocess

import processes
from workshop import Workshop


class Home:
    """Simulated Kasa devices in a network of loopback addresses."""

    def __init__(self, workshop: Workshop, network: str, *arguments: str) -> None:
        self.control = workshop.directory() / "control.sock"
        self.command = [
            workshop.bin / "homesim", "run", "--network", network, "--control", self.control, *arguments,
        ]
        a, b, c, _ = network.split("/")[0].split(".")
        self.broadcast = f"{a}.{b}.255.255" if network.endswith("/16") else f"{a}.{b}.{c}.255"

    def __enter__(self) -> "Home":
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, env=processes.environment())
        line = self.process.stdout.readline().decode()
        if not line.startswith("ready"):
            raise RuntimeError(f"homesim did not start: {line}")
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop(self.process)

    def devices(self) -> list[dict]:
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.control))
            control.sendall(b'{"command": "list"}\n')
            return json.loads(control.makefile().readline())["devices"]

    def requests(self) -> int:
        """All that were answered over TCP so far."""
        return sum(device["requests"] for device in self.devices())
