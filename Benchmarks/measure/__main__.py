"""Measures part after part and prints the machine and one table. Without arguments all parts, else those named."""

import sys
import time

import commands
import history
import idle
import kasa
import install
import life
import machine
import many
import memory
import workers
from table import Table
from workshop import Workshop

PARTS = {
    "workers": workers.measure,
    "memory": memory.measure,
    "life": life.measure,
    "commands": commands.measure,
    "many": many.measure,
    "install": install.measure,
    "history": history.measure,
    "idle": idle.measure,
    "kasa": kasa.measure,
}


def main() -> None:
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {unknown[0]}; there are {', '.join(PARTS)}.")
    begun = time.monotonic()
    table = Table()
    with Workshop() as workshop:
        for name in chosen:
            print(f"{name} …", file=sys.stderr)
            PARTS[name](workshop, table)
    print(machine.description(time.monotonic() - begun))
    print(table)


main()
