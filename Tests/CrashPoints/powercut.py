"""What a power cut leaves behind.

The log of the preloaded library holds every call that changed something, in order. A call is safe once its file (for content) or
one of its directories (for names) was synced after it. At a cut, what is safe is there; of the rest a policy decides:

    nothing    none of it
    names      directories are as they were at the end, files lack what was not synced (empty files, old content)
    contents   the other way round
    SEED       a number: each call, and each sector of a write, by the toss of a coin

Names are stricter here than on any journaling file system, which never forgets an older change and keeps a newer one of
another directory; a rename is atomic also from one directory to another.
"""

import os
import random
import stat
import struct
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
RENAME_EXCHANGE = 2


@dataclass
class Node:
    mode: int
    content: bytearray = field(default_factory=bytearray)  # Of a file; of a symbolic link, where it leads.
    entries: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Node":
        return Node(self.mode, bytearray(self.content), dict(self.entries))


@dataclass(frozen=True)
class Call:
    number: int
    what: str
    path: str  # For people.
    fields: tuple[str, ...]
    data: bytes

    @property
    def title(self) -> str:
        size = f" {len(self.data)} bytes" if self.what == "write" else ""
        to = f" to {self.fields[0]}" if self.what == "rename" else ""
        return f"{self.what} {self.path}{to}{size}"


def read_log(path: Path) -> list[Call]:
    log, calls, at = path.read_bytes(), [], 0
    while at < len(log):
        head_size, data_size = struct.unpack_from("=II", log, at)
        head = log[at + 8 : at + 8 + head_size].decode().split("\0")[:-1]
        data = log[at + 8 + head_size : at + 8 + head_size + data_size]
        calls.append(Call(int(head[0]), head[1], head[2], tuple(head[3:]), data))
        at += 8 + head_size + data_size
    return calls


class Disk:
    """Directories and files by inode."""

    def __init__(self, root: Path):
        """As they are now; the log then tells of the same inodes."""
        self.root = root.stat().st_ino
        self.nodes: dict[int, Node] = {}
        self._read(root)

    def _read(self, path: Path) -> int:
        status = path.lstat()
        node = self.nodes.setdefault(status.st_ino, Node(status.st_mode))
        if stat.S_ISDIR(status.st_mode):
            node.entries = {name: self._read(path / name) for name in os.listdir(path)}
        elif stat.S_ISREG(status.st_mode):
            node.content = bytearray(path.read_bytes())
        elif stat.S_ISLNK(status.st_mode):
            node.content = bytearray(os.readlink(path).encode())
        return status.st_ino

    def copy(self) -> "Disk":
        other = Disk.__new__(Disk)
        other.root, other.nodes = self.root, {inode: node.copy() for inode, node in self.nodes.items()}
        return other

    def write_to(self, path: Path) -> None:
        """Makes all of it below a directory that is empty."""
        self._write(self.nodes[self.root], path)

    def _write(self, node: Node, path: Path) -> None:
        for name, inode in node.entries.items():
            child, child_path = self.nodes[inode], path / name
            if stat.S_ISDIR(child.mode):
                child_path.mkdir()
                self._write(child, child_path)
                child_path.chmod(stat.S_IMODE(child.mode))
            elif stat.S_ISLNK(child.mode):
                child_path.symlink_to(child.content.decode())
            elif stat.S_ISREG(child.mode):
                child_path.write_bytes(child.content)
                child_path.chmod(stat.S_IMODE(child.mode))

    # The changes. What a lost change made impossible is not done either.

    def enter(self, directory: int, name: str, inode: int) -> None:
        if directory in self.nodes:
            self.nodes[directory].entries[name] = inode

    def leave(self, directory: int, name: str, inode: int) -> None:
        if directory in self.nodes and self.nodes[directory].entries.get(name) == inode:
            del self.nodes[directory].entries[name]

    def write(self, inode: int, at: int, data: bytes) -> None:
        content = self.nodes[inode].content
        if len(content) < at + len(data):
            content.extend(bytes(at + len(data) - len(content)))
        content[at : at + len(data)] = data

    def resize(self, inode: int, size: int) -> None:
        content = self.nodes[inode].content
        del content[size:]
        content.extend(bytes(size - len(content)))


@dataclass(frozen=True)
class Change:
    """A call as what has to be synced for it, and what it does to a disk."""

    call: Call
    inodes: frozenset[int]
    is_of_names: bool
    moved: tuple[int, int] = (0, 0)  # The inodes of what is removed or moved, and of what a rename replaces.


class Recording:
    """A start, and all that was done to it."""

    def __init__(self, start: Disk, calls: list[Call]):
        self.start = start
        self.calls = calls
        self.changes: dict[int, Change] = {}
        self.end = start.copy()
        for index, call in enumerate(calls):
            if change := self._change(call):
                self.changes[index] = change
                self._apply(self.end, change, None)

    @property
    def count(self) -> int:
        return self.calls[-1].number if self.calls else 0

    @property
    def said(self) -> int:
        """The first point at which the program has said that it is done."""
        return min((call.number for call in self.calls if call.what == "say"), default=self.count) + 1

    def cut(self, at: int, policy: str) -> Disk:
        """The disk after a power cut before the call of that number."""
        done = [index for index, call in enumerate(self.calls) if call.number < at]
        safe, pending = set(), []
        for index in done:
            call = self.calls[index]
            if index in self.changes:
                pending.append(index)
            elif call.what == "sync":
                synced = int(call.fields[0])
                safe |= {other for other in pending if synced in self.changes[other].inodes}
                pending = [other for other in pending if other not in safe]
            elif call.what == "sync-all":
                safe |= set(pending)
                pending = []
        coin = random.Random(f"{policy} {at}") if policy.isdigit() else None
        disk = self.start.copy()
        for index in done:
            if (change := self.changes.get(index)) is None:
                continue
            if index in safe or (policy == "names" and change.is_of_names) or (policy == "contents" and not change.is_of_names):
                self._apply(disk, change, None)
            elif coin is not None:
                self._apply(disk, change, coin)
            elif change.call.what == "create":
                self._make(disk, change.call)
        return disk

    def _change(self, call: Call) -> Change | None:
        fields = call.fields
        match call.what:
            case "create" | "link":
                return Change(call, frozenset({int(fields[0])}), True)
            case "remove":
                removed = self.end.nodes[int(fields[0])].entries.get(fields[1], 0)
                return Change(call, frozenset({int(fields[0])}), True, (removed, 0))
            case "rename":
                old, new = int(fields[1]), int(fields[3])
                if old not in self.end.nodes or new not in self.end.nodes:
                    raise ValueError(f"{call.title} leads in or out of the root: the model cannot know that")
                moved = self.end.nodes[old].entries.get(fields[2], 0)
                return Change(call, frozenset({old, new}), True, (moved, self.end.nodes[new].entries.get(fields[4], 0)))
            case "write" | "truncate" | "chmod":
                return Change(call, frozenset({int(fields[0])}), False)
            case "make":
                raise ValueError("files without a name are not in the model")
        return None

    @staticmethod
    def _make(disk: Disk, call: Call) -> None:
        if (inode := int(call.fields[2])) not in disk.nodes:
            disk.nodes[inode] = Node(int(call.fields[3], 8), bytearray(call.data))

    def _apply(self, disk: Disk, change: Change, coin: random.Random | None) -> None:
        call, fields = change.call, change.call.fields
        if call.what == "create":
            self._make(disk, call)
        if call.what == "write" and coin is not None:
            at, data = int(fields[1]), call.data
            while data:
                size = SECTOR - at % SECTOR
                if coin.random() < 0.5:
                    disk.write(int(fields[0]), at, data[:size])
                at, data = at + size, data[size:]
            return
        if coin is not None and coin.random() < 0.5:
            return
        match call.what:
            case "create" | "link":
                disk.enter(int(fields[0]), fields[1], int(fields[2]))
            case "remove":
                disk.leave(int(fields[0]), fields[1], change.moved[0])
            case "rename":
                old, old_name, new, new_name = int(fields[1]), fields[2], int(fields[3]), fields[4]
                moved, replaced = change.moved
                disk.leave(old, old_name, moved)
                disk.enter(new, new_name, moved)
                if int(fields[5]) & RENAME_EXCHANGE:
                    disk.enter(old, old_name, replaced)
            case "write":
                disk.write(int(fields[0]), int(fields[1]), call.data)
            case "truncate":
                disk.resize(int(fields[0]), int(fields[1]))
            case "chmod":
                node = disk.nodes[int(fields[0])]
                node.mode = stat.S_IFMT(node.mode) | int(fields[1], 8)
