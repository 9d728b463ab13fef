"""Readings into history.db."""

from table import Table
from workshop import Workshop


def measure(workshop: Workshop, table: Table) -> None:
    result = workshop.ask("hearth-bench", "history", "--scratch", workshop.directory())
    for name, key in [("CPU", "cpu"), ("wall", "wall")]:
        ours = result["rows"] / result["ours"][key]
        bare = result["rows"] / result["bare"][key]
        table.add(
            f"readings into history.db, by {name} time",
            f"{ours:,.0f} /s",
            reference=f"{bare:,.0f} /s: the same rows into bare SQLite",
            ratio=ours / bare,
            bar="≥ 0.6 ×",
            met=ours >= 0.6 * bare,
        )
