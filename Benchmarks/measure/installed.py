"""Thousands of installed plugins, made behind the host's back while it does not run."""

import hashlib
import os
import sqlite3
import time
from pathlib import Path

from host import Host
from workshop import FIXTURE_MANIFEST, Workshop


def prepare(workshop: Workshop, count: int, *, loadable: int, plugins: list[str]) -> Path:
    """A root with `plugins`, installed by the host itself, and `count` more that are disabled: rows in state.db and
    directories in the store, as an installation leaves them. Each has a manifest of its own. The code of the first
    `loadable` ones is their own too; that of the others is one file with many names.
    """
    with Host(workshop, plugins) as host:
        host.wait_until_all_are_installed()
    root = host.root
    now = int(time.time() * 1000)
    shared = workshop.fixture(name(loadable))
    versions, rows, probed = [], [], []
    for number in range(count):
        plugin = name(number)
        code = workshop.fixture(plugin) if number < loadable else shared
        manifest = FIXTURE_MANIFEST.format(id=plugin).encode()
        code_hash = file_hash(code)
        package_hash = package_digest({"plugin.yaml": (manifest, "-"), f"{plugin}.so": (code.read_bytes(), "x")})
        directory = f"1.0.0-{package_hash[:12]}"
        package = root / "store" / plugin / directory
        package.mkdir(parents=True)
        (package / "plugin.yaml").write_bytes(manifest)
        os.link(code, package / f"{plugin}.so")
        versions.append((plugin, directory, "1.0.0", package_hash, code_hash, now))
        rows.append((plugin, directory))
        probed.append((code_hash, plugin))
    with sqlite3.connect(root / "state.db") as database:
        database.executemany("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)", versions)
        database.executemany(
            "INSERT INTO plugins (id, is_enabled, generation, settings_revision, active, origin)"
            " VALUES (?, 0, 1, 0, ?, 'file')",
            rows,
        )
        database.executemany("INSERT OR IGNORE INTO probed VALUES (?, ?)", probed)
    database.close()
    return root


def name(number: int) -> str:
    return f"many-{number:05}"


_hashes: dict[Path, str] = {}


def file_hash(path: Path) -> str:
    if path not in _hashes:
        _hashes[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return _hashes[path]


def package_digest(files: dict[str, tuple[bytes, str]]) -> str:
    """As the host computes it."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content, kind = files[path]
        digest.update(f"{path}\0{kind}{len(content)} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()
