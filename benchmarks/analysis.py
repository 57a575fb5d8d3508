"""The analyses against scikit-learn and openTSNE, in one run and one table, accuracy beside time.

``python -m benchmarks.analysis [--run cifar10-inception-2015] [--only tsne neighbours]``; without a run, on
planted clusters of the published experiment's size. Where the machine is busy with other things,
compare processor seconds. In full it takes about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import os

from benchmarks._analysis.data import of_run, planted
from benchmarks._analysis.machines import curves, kernel, path, retraining, validation
from benchmarks._analysis.map import faithfulness, neighbours, tsne
from benchmarks._measure import print_head
from pipeline.compute.pool import processors

GROUPS = (retraining, path, validation, kernel, curves, neighbours, faithfulness, tsne)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = {one.__name__: one for one in GROUPS}
    parser.add_argument("--run", help="a run in the store (default: planted clusters)")
    parser.add_argument("--only", nargs="+", choices=every, default=list(every))
    options = parser.parse_args()
    data = of_run(options.run) if options.run else planted()
    n, d = data.test.shape
    load = os.getloadavg()[0]
    print(f"{options.run or 'planted clusters'}: {n:,} x {d:,}, {processors()} processors, load {load:.1f}\n")
    print_head()
    for name in options.only:
        every[name](data)


if __name__ == "__main__":
    main()
