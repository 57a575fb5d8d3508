"""The tables: medians over rounds, and how many times the rivals take what ours takes."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping

from benchmarks._map.cases import Case

Found = Mapping[str, Mapping[str, list[float]]]
"""Numbers of each round, by row and contestant."""

WANTED = {
    "open to points drawn, s": {0: "half of st.plotly_chart's"},
    "open at 10 Mbit/s and 40 ms, s": {0: "half of st.plotly_chart's"},
    "warm reload: bytes of ours, kB": {0: "5"},
    "positions and labels, kB": {10_000: "100"},
    "pointer to card, ms, median": {10_000: "4", 1_000_000: "7"},
    "pointer to card, ms, 95 %": {10_000: "10", 1_000_000: "30"},
    "colour change, ms": {10_000: "15", 100_000: "20", 1_000_000: "90"},
    "filter change, ms": {10_000: "15", 100_000: "20", 1_000_000: "90"},
    "lasso of a third, ms": {10_000: "200", 100_000: "250", 1_000_000: "400"},
    "panning: drawing a frame, ms, median": {10_000: "4", 100_000: "12", 1_000_000: "33"},
    "panning at pixel ratio 2: drawing a frame, ms, median": {10_000: "4", 100_000: "12", 1_000_000: "33"},
}
"""What is asked for, by the greatest number of rows it is asked for; 0 for any."""


def wanted(row: str, rows: int) -> str:
    """Say what is asked for."""
    limits = WANTED.get(row, {})
    return next((text for most, text in sorted(limits.items()) if most == 0 or rows <= most), "")


def print_case(case: Case, found: Found, names: Iterable[str], rounds: int) -> None:
    """Print the table of one set of points."""
    first, *rivals = names
    print(f"\n### {case.rows:,} points: {case.title}; median of {rounds} rounds\n")
    print("| | " + " | ".join([first, "asked for", *(f"{rival} | times" for rival in rivals)]) + " |")
    print("|---|---:|---:|" + "---:|---:|" * len(rivals))
    for row, numbers in found.items():
        ours = _middle(numbers.get(first, []))
        cells = [_text(ours), wanted(row, case.rows)]
        for rival in rivals:
            theirs = _middle(numbers.get(rival, []))
            cells += [_text(theirs), "" if not ours or theirs is None else f"{theirs / ours:.1f}"]
        print(f"| {row} | " + " | ".join(cells) + " |", flush=True)


def _middle(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
