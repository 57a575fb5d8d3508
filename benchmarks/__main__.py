"""Print every benchmark's table: ``python -m benchmarks`` (or one: ``python -m benchmarks retraining``)."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run the benchmarks one after another, each in a process of its own; give the worst exit code."""
    folder = Path(__file__).parent
    found = sorted(
        module.name for module in pkgutil.iter_modules([str(folder)]) if not module.name.startswith("_")
    )
    asked = sys.argv[1:] or found
    if unknown := set(asked) - set(found):
        sys.stderr.write(f"benchmark must be one of {', '.join(found)}. Got {', '.join(sorted(unknown))}.\n")
        return 2
    codes = []
    for name in asked:
        print(f"\n## {name}\n", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
