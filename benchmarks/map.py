"""The map beside ``st.plotly_chart`` and Embedding Atlas's Streamlit component, in headless Chromium, in one run.

``python -m benchmarks.map --run cifar10-inception-2015`` measures that run, then planted points of the numbers
given by ``--rows``. Embedding Atlas is measured where ``--atlas-python`` has it (``pip install --no-deps
embedding-atlas==0.22.0 streamlit pandas pyarrow pillow``; later versions draw with WebGPU only) and ``--duckdb`` names
npm's package @duckdb/duckdb-wasm, unpacked, which its pages would otherwise fetch from a public server.

Rounds are interleaved, a fresh browser cache each; medians are printed, and the machine's load beside them: on a busy
one, compare the contestants rather than the milliseconds. Linux and Chromium only.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks._map import measures
from benchmarks._map.cases import Case, all_cases
from benchmarks._map.contestants import Atlas, AtlasPlace, Contestant, Ours, Plotly, contestants
from benchmarks._map.memory import growth
from benchmarks._map.tables import print_case
from benchmarks._map.visit import browser, visit

NAMES = {"ours": Ours.name, "plotly": Plotly.name, "atlas": Atlas.name}
DENSE = 2  # device pixels in one of the page
Numbers = measures.Numbers


def cold(started: Any, contestant: Contestant, case: Case) -> Numbers:
    """Open with an empty cache, use the map, load it again."""
    with visit(started) as seen:
        steps: list[Callable[[], Numbers]] = [
            lambda: measures.opening(seen, contestant),
            lambda: measures.hovering(seen, contestant),
            lambda: measures.panning(seen, contestant),
            lambda: measures.changing(seen, contestant),
            lambda: measures.lassoing(seen, contestant, case),
            lambda: measures.reloading(seen, contestant),
        ]
        return _all(steps, contestant)


def slow(started: Any, contestant: Contestant, _: Case) -> Numbers:
    """Open over a slow link."""
    with visit(started, slow=True) as seen:
        return {"open at 10 Mbit/s and 40 ms, s": seen.opened(contestant.address)}


def dense(started: Any, contestant: Contestant, _: Case) -> Numbers:
    """Drag the map on a display with four times the pixels."""
    with visit(started, ratio=DENSE) as seen:
        seen.opened(contestant.address)
        seen.settle()
        found = measures.panning(seen, contestant)
    return {
        name.replace("panning", f"panning at pixel ratio {DENSE}"): value for name, value in found.items()
    }


def _all(steps: list[Callable[[], Numbers]], contestant: Contestant) -> Numbers:
    """Take the steps one after another; one that fails is reported and leaves its rows empty."""
    found: Numbers = {}
    for step in steps:
        try:
            found |= step()
        except Exception as error:  # a rival's page may change or break: the others' numbers must not be lost
            print(
                f"{contestant.name}: {type(error).__name__}: {str(error)[:300]}", file=sys.stderr, flush=True
            )
    return found


def measure(case: Case, started: Any, options: argparse.Namespace, place: AtlasPlace) -> None:
    """Measure one set of points in interleaved rounds, and print its table."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with contestants(case, place, options.only) as all_of_them:
        for _ in range(options.rounds):
            for contestant in all_of_them:
                for way in (cold, slow, dense):
                    steps: list[Callable[[], Numbers]] = [lambda c=contestant, w=way: w(started, c, case)]
                    for row, number in _all(steps, contestant).items():
                        found[row][contestant.name].extend([] if number is None else [number])
        print_case(case, found, [NAMES[name] for name in options.only], options.rounds)
        print(f"\nLoad of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}.", flush=True)


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", help="a run in the store, for example cifar10-inception-2015")
    parser.add_argument("--cache", help="the store, in place of LAZYBONES_CACHE")
    parser.add_argument("--rows", default="10000,100000,1000000", help="numbers of planted points")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="ours,plotly,atlas", help="some of these")
    parser.add_argument("--minutes", type=float, default=1, help="how long to watch the browser's memory")
    parser.add_argument("--folder", type=Path, help="keeps the planted runs here for the next time")
    parser.add_argument("--atlas-python", default=sys.executable, help="a Python with embedding-atlas 0.22")
    parser.add_argument("--duckdb", type=Path, help="the unpacked npm package @duckdb/duckdb-wasm")
    options = parser.parse_args()
    options.only = options.only.split(",")
    if unknown := set(options.only) - set(NAMES):
        parser.error(f"--only must be some of {', '.join(NAMES)}. Got {', '.join(sorted(unknown))}.")
    options.rows = [int(number) for number in options.rows.split(",") if number]
    return options


def main() -> None:
    """Print the tables."""
    options = parsed()
    place = AtlasPlace(options.atlas_python, options.duckdb)
    print(f"{os.cpu_count()} processors, headless Chromium without a graphics processor.")
    if "atlas" in options.only and place.trouble:
        print(f"{Atlas.name}: {place.trouble}.")
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lazybones-")))
        folder.mkdir(parents=True, exist_ok=True)
        started = stack.enter_context(browser())
        for case in all_cases(options.rows, options.run, options.cache, folder):
            measure(case, started, options, place)
            if options.minutes and "ours" in options.only:
                growth(case, started, options.minutes)


if __name__ == "__main__":
    main()
