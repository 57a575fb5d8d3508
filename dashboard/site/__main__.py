"""Write runs as a site: ``python -m dashboard.site``, which ``python -m pipeline export`` calls."""

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
    """Write a site; tell on standard output, as JSON, what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--zip", action="store_true")
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    from dashboard.site.write import pack, write_site  # it imports the pages

    try:
        with tqdm(total=1.0, desc="export", bar_format=BAR, leave=False, disable=None) as bar:

            def progress(done: int, total: int) -> None:
                bar.update(done / total - bar.n)

            size = write_site(open_store(options.cache), options.runs, options.out, progress)
        if options.zip:
            pack(options.out, options.out.with_name(f"{options.out.name}.zip"))
    except OSError as error:
        sys.stderr.write(
            f"--out must be a folder that can be written. Got {options.out}: {error.strerror}.\n"
        )
        return 1
    except LazybonesError as error:
        sys.stderr.write(f"{error.told(named_place(options.cache))}\n")
        return 1
    sys.stdout.write(json.dumps({"out": str(options.out), "bytes": size}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
