"""What a root directory holds, as a value that can be compared: every row and every file that matters.

Left out: times, numbers that only count, and what is a memory of the past (ended changes, probes, deaths).
"""

import hashlib
import json
import os
import sqlite3
import stat
from pathlib import Path

LEFT_OUT_TABLES = {"grdb_migrations", "sqlite_sequence", "changes", "probed", "deaths", "restarts", "repairs", "alerts", "host_facts"}
LEFT_OUT_COLUMNS = {"tombstones": {"change"}, "drop_ins": {"device", "inode"}, "plugins": {"generation"}}
SHOWN_LINES = 12
DATABASE_FILES = ("state.db", "history.db")
# Empty ones are as good as none.
TOP_DIRECTORIES = {"store", "staging", "trash", "plugins.d", "data", "run"}


def state_of(root: Path) -> dict:
    return {"rows": _rows(root), "files": _files(root)}


def debris_of(root: Path) -> list[str]:
    """What must not be there when nothing is under way."""
    found = [f"{top}/{name}" for top in ("staging", "trash") if (root / top).is_dir() for name in os.listdir(root / top)]
    return found + [f"change {number} is {state}" for number, state in _read(root, _open_changes)]


def describe_difference(one: dict, other: dict) -> str:
    def lines(state: dict) -> set[str]:
        rows = {f"{table}: {row}" for table, rows in state["rows"].items() for row in rows}
        return rows | {f"{path}: {what}" for path, what in state["files"].items()}

    missing, extra = sorted(lines(one) - lines(other)), sorted(lines(other) - lines(one))
    return "\n".join([f"  - {line}" for line in missing] + [f"  + {line}" for line in extra])


def describe_nearest(state: dict, wanted: dict[str, dict]) -> str:
    """How it differs from that of the wanted states which is most like it."""
    differences = {name: describe_difference(other, state) for name, other in wanted.items()}
    name = min(differences, key=lambda name: len(differences[name]))
    lines = differences[name].splitlines()
    more = f"\n  … and {len(lines) - SHOWN_LINES} lines more" if len(lines) > SHOWN_LINES else ""
    return f"not {' or '.join(wanted)}, but {name} with\n" + "\n".join(lines[:SHOWN_LINES]) + more


def _read(root: Path, body):
    path = root / "state.db"
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return body(connection)
    finally:
        connection.close()


def _tables(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def _open_changes(connection: sqlite3.Connection) -> list[tuple]:
    if "changes" not in _tables(connection):
        return []
    return connection.execute("SELECT number, state FROM changes WHERE ended_ms IS NULL").fetchall()


def _all_rows(connection: sqlite3.Connection) -> list[tuple[str, list[str]]]:
    [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise AssertionError(f"state.db is damaged: {verdict}")
    result = []
    for table in _tables(connection):
        if table in LEFT_OUT_TABLES:
            continue
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        left_out = LEFT_OUT_COLUMNS.get(table, set()) | {name for name in names if name.endswith(("_ms", "_ns"))}
        rows = [{n: v for n, v in zip(names, row) if n not in left_out} for row in cursor]
        result.append((table, sorted(json.dumps(row) for row in rows)))
    return result


def _rows(root: Path) -> dict[str, list[str]]:
    rows = dict(_read(root, _all_rows))
    return {table: [row.replace(str(root), "ROOT") for row in texts] for table, texts in rows.items()}


def _files(root: Path) -> dict[str, str]:
    found = {}
    for directory, names, files in os.walk(root):
        where = Path(directory).relative_to(root)
        if where.parts[:1] == ("run",):
            continue
        for name in names:
            path = where / name
            if len(path.parts) > 1 or name not in TOP_DIRECTORIES:
                found[f"{path}/"] = "directory"
        for name in files:
            if where == Path(".") and name.startswith(DATABASE_FILES):
                continue
            path = root / where / name
            status = path.lstat()
            content = os.readlink(path).encode() if stat.S_ISLNK(status.st_mode) else path.read_bytes()
            found[str(where / name)] = f"{stat.filemode(status.st_mode)} {hashlib.sha256(content).hexdigest()[:16]}"
    return found
