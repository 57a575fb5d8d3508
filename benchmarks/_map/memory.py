"""The browser's memory while a scripted viewer uses the map: ``python -m benchmarks._map.memory --minutes 10``."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks._map import use
from benchmarks._map.cases import Case, planted_case, real_case
from benchmarks._map.contestants import Ours
from benchmarks._map.measures import third
from benchmarks._map.servers import streamlit
from benchmarks._map.visit import Visit, browser, visit

FIRST = 60.0  # seconds until the memory that later ones are compared with
COLOURS = ("predicted", "correct", "margin", "true")


def private_bytes(browser_session: Any) -> int:
    """Give the private memory of the browser's renderers and of its graphics process, bytes."""
    processes = browser_session.send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(_private(process["id"]) for process in processes if process["type"] in ("renderer", "GPU"))


def _private(process: int) -> int:
    rollup = Path(f"/proc/{process}/smaps_rollup")
    try:
        lines = rollup.read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def heap_bytes(seen: Visit) -> int:
    """Give what the page's scripts hold once their garbage is collected, bytes."""
    seen.session.send("HeapProfiler.collectGarbage")
    metrics = seen.session.send("Performance.getMetrics")["metrics"]
    return int(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize"))


def acts(seen: Visit, contestant: Ours, case: Case, turn: int) -> Iterator[Callable[[], object]]:
    """List what a viewer does in a few seconds: looks, zooms, drags, colours, filters, selects, pins."""
    page = seen.page
    box = contestant.box(page)
    yield lambda: use.hover(page, box, 120, seed=turn)
    yield lambda: use.zoom(page, box, [-240] * 12)
    yield lambda: use.pan(page, box, 60)
    yield lambda: use.hover(page, box, 60, seed=-turn - 1 + 10**6)
    yield lambda: use.zoom(page, box, [240] * 14)
    for colour in COLOURS:
        yield lambda colour=colour: page.locator(f".lb-map input[name=colourBy][value={colour}]").evaluate(
            "(e) => e.click()"
        )
    yield lambda: contestant.filter(page, 0)
    yield lambda: contestant.filter(page, 1)
    yield lambda: contestant.begin_lasso(page)
    yield lambda: use.lasso(page, box, third(case, box))
    yield lambda: page.wait_for_timeout(500)
    for _ in range(3):
        yield lambda: contestant.begin_pan(page)
    yield lambda: page.mouse.click(box["x"] + box["width"] / 2, box["y"] + min(box["height"], 600) / 2)
    yield lambda: page.keyboard.press("Escape")


def growth(case: Case, started: Any, minutes: float) -> None:
    """Use the map for some minutes and print how the memory grows."""
    with streamlit("dashboard/app.py", LAZYBONES_CACHE=str(case.store)) as address, visit(started) as seen:
        contestant = Ours(f"{address}map?run={case.run}")
        seen.opened(contestant.address)
        seen.settle()
        whole = started.new_browser_cdp_session()
        print(f"\n### Memory while {case.rows:,} points are used for {minutes:g} minutes\n")
        print(
            "| minutes | turns | renderer and graphics process, MB | scripts' heap, MB |\n|---:|---:|---:|---:|"
        )
        _watch(lambda: (heap_bytes(seen), private_bytes(whole)), seen, contestant, case, minutes)


def _watch(
    sample: Callable[[], tuple[int, int]], seen: Visit, contestant: Ours, case: Case, minutes: float
) -> None:
    began, turn, first, after = time.monotonic(), 0, 0, 0
    next_row = 0.0
    while (passed := time.monotonic() - began) < 60 * minutes or not turn:
        for act in acts(seen, contestant, case, turn):
            act()
        turn += 1
        if passed >= next_row:
            heap, after = sample()
            print(f"| {passed / 60:.1f} | {turn} | {after / 1e6:.0f} | {heap / 1e6:.1f} |", flush=True)
            next_row = passed + max(60 * minutes / 12, 5)
            if not first and passed >= min(FIRST, 30 * minutes):
                first = after
    if first:
        print(f"\nFrom the first minute to the last: {100 * (after / first - 1):+.0f} %.", flush=True)


def main() -> None:
    """Print the table of one set of points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", help="a run in the store; without it, planted points")
    parser.add_argument("--cache", help="the store, in place of LAZYBONES_CACHE")
    parser.add_argument("--rows", type=int, default=10_000, help="how many planted points")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lazybones-") as folder, browser() as started:
        if options.run:
            case = real_case(options.run, options.cache, Path(folder))
        else:
            case = planted_case(options.rows, Path(folder))
        growth(case, started, options.minutes)


if __name__ == "__main__":
    main()
