"""A scratch directory, the programs, and the plugins that are measured."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SOURCES = TOP / "Benchmarks" / "Reference"
FIXTURE = TOP / "Tests" / "Fixtures" / "Plugins" / "well-behaved.c"
HEADERS = TOP / "PluginAPI" / "include"

FIXTURE_MANIFEST = """\
manifest: 1
id: {id}
name: The fixture {id}
version: 1.0.0
description: Does what it is told.
license: Apache-2.0
entry: {id}.so
abi: "1.0"
settings:
  type: object
  properties:
    interval_ms: {{type: integer, default: 0, x-restart: hot}}
    greeting: {{type: string, default: Hello, x-restart: hot}}
"""


class Workshop:
    def __enter__(self) -> "Workshop":
        self.bin = Path(os.environ["BIN"])
        # Short: a socket's path has at most 107 bytes.
        self.scratch = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
        self.count = 0
        for name in ("ping-pong", "time-runs", "load-http"):
            source = SOURCES / f"{name}.c"
            subprocess.run(["cc", "-std=c11", "-O2", "-o", self.scratch / name, source], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def directory(self) -> Path:
        """A new, empty one."""
        self.count += 1
        path = self.scratch / f"{self.count}"
        path.mkdir()
        return path

    def ask(self, program: str, *arguments: object) -> dict:
        """Runs one of ours or of the references, and returns the JSON that it prints."""
        path = next(path for path in (self.scratch / program, self.bin / program) if path.exists())
        command = [str(path), *map(str, arguments)]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)

    # Plugins

    def fixture(self, plugin: str) -> Path:
        """The C fixture of the tests, under another id, so that one host can have several. Returns its .so."""
        entry = self.scratch / f"{plugin}.so"
        if not entry.exists():
            # Compiled once for each length of an id: the id is then another one of as many bytes.
            pattern = "x" * len(plugin)
            compiled = self.scratch / f"{pattern}.so"
            if not compiled.exists():
                source = self.scratch / f"{pattern}.c"
                source.write_text(FIXTURE.read_text().replace('LITERAL("well-behaved")', f'LITERAL("{pattern}")'))
                flags = ["-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-I", HEADERS, "-lpthread"]
                subprocess.run(["cc", "-o", compiled, source, *flags], check=True)
            entry.write_bytes(compiled.read_bytes().replace(pattern.encode() + b"\0", plugin.encode() + b"\0"))
            entry.chmod(0o755)
        return entry

    def template_c(self) -> Path:
        package = self.scratch / "template-c"
        template = TOP / "Plugins" / "Templates" / "C"
        subprocess.run(["make", "-s", "-C", template, f"PACKAGE={package}"], check=True)
        return package / "template-c.so"

    def package(self, plugin: str, packages: Path) -> Path:
        """Makes a package's directory: kasa, template-swift, template-c, or any other name for a fixture."""
        package = packages / plugin
        package.mkdir(parents=True)
        if plugin == "kasa":
            shutil.copy(self.bin / "libkasa.so", package / "kasa.so")
            shutil.copy(TOP / "manifests" / "kasa.yaml", package / "plugin.yaml")
        elif plugin == "template-swift":
            shutil.copy(self.bin / "libtemplate-swift.so", package)
            shutil.copy(TOP / "Plugins" / "Templates" / "Swift" / "plugin.yaml", package)
        elif plugin == "template-c":
            shutil.copy(self.template_c(), package)
            shutil.copy(TOP / "Plugins" / "Templates" / "C" / "plugin.yaml", package)
        else:
            shutil.copy(self.fixture(plugin), package)
            (package / "plugin.yaml").write_text(FIXTURE_MANIFEST.format(id=plugin))
        return package
