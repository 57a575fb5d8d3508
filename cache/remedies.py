"""Which command puts a damaged or incomplete store right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cache.commands import Command, command, shell
from cache.disk import temporary_of
from cache.home import in_checkout

DEMO = Path(__file__).parent / "data" / "demo.zip"
"""The committed demo: a bundle, built by one command and never changed by the others."""

REPAIR = command("clean", "--corrupt")
"""What it removed is computed when its run is made again, as it then says."""
REBUILD = command("demo")
RESTORE = shell("git", "checkout", "--", DEMO) if in_checkout() else "install Lazybones again"
PACK_ANEW = "pack it anew with `bundle`, where its runs were made"


def bundle_remedy(archive: Path) -> str:
    """Say what helps where a bundle's zip is damaged."""
    return RESTORE if archive == DEMO else PACK_ANEW


def repair_command(path: Path) -> Command:
    """Give the command that helps where ``path``, a file or folder of a store, is damaged."""
    return REBUILD if _is_demos(path) else REPAIR


def making_command(roots: Sequence[Path], name: str, made_by: str) -> Command:
    """Give the command that makes a run again.

    Parameters
    ----------
    roots : sequence of Path
        The store's folders, in the order in which they are read.
    name, made_by : str
        The run's name, and the command it says it was made by.
    """
    home = next((root for root in roots if (root / "runs" / f"{name}.json").is_file()), None)
    return REBUILD if home and _is_demos(home) else Command(made_by)


def _is_demos(path: Path) -> bool:
    """Tell whether a file or folder is of the unpacked demo."""
    return path.absolute().is_relative_to(temporary_of(DEMO))
