"""The table that comes out."""

from dataclasses import dataclass, field


@dataclass
class Row:
    what: str
    measured: str
    reference: str = ""
    ratio: str = ""
    bar: str = ""
    met: str = ""


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)

    def add(
        self,
        what: str,
        measured: str,
        *,
        reference: str = "",
        ratio: float | None = None,
        bar: str = "",
        met: bool | None = None,
    ) -> None:
        """`met`: None where the design sets no bar."""
        self.rows.append(
            Row(
                what,
                measured,
                reference,
                "" if ratio is None else f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}",
                bar,
                "" if met is None else "yes" if met else "**no**",
            )
        )

    def __str__(self) -> str:
        lines = ["| what | measured | reference in the same run | ratio | bar | met |", "|---|---|---|--:|---|---|"]
        for row in self.rows:
            cells = [row.what, row.measured, row.reference, row.ratio, row.bar, row.met]
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines)


def duration(microseconds: float) -> str:
    if microseconds < 1000:
        return f"{microseconds:.1f} µs"
    if microseconds < 2_000_000:
        return f"{microseconds / 1000:.1f} ms" if microseconds < 100_000 else f"{microseconds / 1000:.0f} ms"
    return f"{microseconds / 1e6:.1f} s"


def size(kibibytes: float) -> str:
    """In MB of 10⁶ bytes, as the design's bars."""
    return f"{kibibytes * 1024 / 1e6:.2f} MB"
