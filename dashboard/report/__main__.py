"""Write a report of a run: ``python -m dashboard.report``, which ``python -m pipeline report`` calls."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from cache import LazybonesError, open_store
from cache.roots import named_place

BAR = "{l_bar}{bar}| {elapsed}"


def main() -> int:
    """Write a report; tell on standard output, as JSON, what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    from dashboard.report.write import write_report  # it imports the pages

    try:
        with tqdm(total=1.0, desc="report", bar_format=BAR, leave=False, disable=None) as bar:

            def progress(done: int, total: int, what: str) -> None:
                bar.update(done / total - bar.n)

            written = write_report(open_store(options.cache), options.run, options.out, progress)
    except OSError as error:
        sys.stderr.write(f"--out must be a file that can be written. Got {options.out}: {error.strerror}.\n")
        return 1
    except LazybonesError as error:
        sys.stderr.write(f"{error.told(named_place(options.cache))}\n")
        return 1
    told = {"out": str(options.out), "bytes": written.size, "note": written.note}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
