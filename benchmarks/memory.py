"""Memory of a web process through live fits, with ``LAZYBONES_MEMORY`` set: resident set size, and its peak.

``python -m benchmarks.memory --run cifar10-inception-2015 [--limit 512MB]``, or with .npy files as
``benchmarks.retraining``. A fresh process imports what the dashboard imports, opens the run, and fits. Linux only.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks._fitted_run import add_options, fitted_run
from cache import Store
from pipeline.api import Retrainer, Setting
from pipeline.compute.memory import VARIABLE, parse_size

FITS = (0.11, 0.12, 0.13)
IMPORTS = ("streamlit.web.server", "streamlit.elements.plotly_chart", "pandas", "plotly.graph_objects")
STATUS, RESET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def note(when: str, seconds: float | None = None) -> None:
    """Print one row: memory now and at its peak since the last row, in MB."""
    kilobytes = {
        line.split(":")[0]: int(line.split()[1])
        for line in STATUS.read_text().splitlines()
        if line.startswith(("VmRSS", "VmHWM"))
    }
    now, peak = (kilobytes[name] * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    took = "" if seconds is None else f"{seconds:.1f}"
    print(f"| {when} | {now:.0f} | {peak:.0f} | {took} |", flush=True)
    RESET_PEAK.write_text("5")


def child(root: Path) -> None:
    """Be the web process."""
    for name in IMPORTS:
        importlib.import_module(name)
    note("streamlit, pandas, plotly imported")
    store = Store(root)
    run = store.run("benchmark")
    retrainer = Retrainer()
    for C in FITS:
        started = time.perf_counter()
        retrainer.retrain(store, run, Setting(C, "linear"))
        note(f"live fit at C = {C:g}", time.perf_counter() - started)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--limit", default="512MB")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return 0
    with fitted_run(options) as fitted:
        print(f"{fitted.title}, {VARIABLE}={options.limit}: {parse_size(options.limit) / 1e6:.0f} MB\n")
        print(
            "| after | MB now | MB at most since the last row | seconds |\n|---|---:|---:|---:|", flush=True
        )
        command = [sys.executable, "-m", "benchmarks.memory", "--child", str(fitted.store.root)]
        return subprocess.run(command, check=False, env={**os.environ, VARIABLE: options.limit}).returncode


if __name__ == "__main__":
    sys.exit(main())
