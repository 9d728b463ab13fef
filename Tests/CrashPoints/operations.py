"""What is done to a root directory under faults, and from which states it starts."""

from pathlib import Path

import packages
from sweep import Operation


def all_operations(directory: Path) -> list[Operation]:
    state = [
        Operation("first-start", ("open",)),
        Operation("new-schema", ("open",), (("old-host",),)),
        Operation("settings", ("settings", "lamp", "hello"), (("recover",), ("settings", "lamp", "first"))),
    ]
    return state
