"""What is done to a root directory under faults, and from which states it starts."""

from pathlib import Path

import packages
from packages import ILL_VERSION
from sweep import Operation

UNDONE = 4


def all_operations(directory: Path) -> list[Operation]:
    return [*operations_on_the_database(), *operations_of_the_installer(directory)]


def operations_on_the_database() -> list[Operation]:
    return [
        Operation("first-start", ("open",)),
        Operation("new-schema", ("open",), (("old-host",),)),
        Operation("settings", ("settings", "lamp", "hello"), (("recover",), ("settings", "lamp", "first"))),
    ]


def operations_of_the_installer(directory: Path) -> list[Operation]:
    one, two, ill = (packages.make(directory, version) for version in ("1.0.0", "1.1.0", ILL_VERSION))
    first, second = ("install", str(one)), ("install", str(two))
    installed = (("recover",), first, ("settings", "lamp", "hello"))
    upgraded = (*installed, second)
    # Belongs to the plugin, and stays or goes with its data.
    data = ((one / "texts", "data/lamp/texts"),)
    return [
        Operation("install", first, (("recover",),)),
        Operation("install-archive", ("install", str(packages.archive(one))), (("recover",),)),
        Operation("drop-in", ("drop-in", "lamp"), (("recover",),), lay=((one, "plugins.d/lamp"),)),
        Operation("adopt", ("adopt", "lamp"), (("recover",),), lay=((one, "store/lamp/1.0.0-0123456789ab"),)),
        Operation("upgrade", second, installed),
        Operation("upgrade-of-three", ("install", str(packages.make(directory, "1.2.0"))), upgraded),
        Operation("upgrade-that-fails", ("install", str(ill)), upgraded, status=UNDONE),
        Operation("rollback", ("rollback", "lamp"), upgraded),
        Operation("uninstall-keep", ("uninstall", "lamp"), upgraded, lay=(*data, (one, "plugins.d/lamp"))),
        Operation("uninstall-purge", ("purge", "lamp"), upgraded, lay=data),
        Operation("install-again", first, (*upgraded, ("uninstall", "lamp")), lay=data),
        Operation("disable", ("disable", "lamp"), installed),
        Operation("enable", ("enable", "lamp"), (*installed, ("disable", "lamp"))),
        Operation("pin", ("pin", "lamp"), installed),
    ]
