"""What lies at a path that somebody typed: which source reads it, or a store; whether a file can be written there."""

from __future__ import annotations

import difflib
import zipfile
from collections.abc import Collection
from pathlib import Path

from cache.commands import PROGRAM, Again, own_folder, shell
from cache.disk import check_writable
from pipeline.errors import InvalidParameter
from pipeline.inputs.remedies import suggesting
from pipeline.recipe import Recipe

TABLES = (".csv", ".tsv", ".parquet", ".npz", ".arrow", ".feather")
WANTED = f"a folder of images, a zip of one, or a table ({', '.join(TABLES)})"


def source_at(path: Path) -> tuple[str, str]:
    """Give the source that reads what lies at a path, and the option that names the path to it.

    Raises
    ------
    InvalidParameter
        If nothing is there, or nothing of use.
    """
    if not path.exists():
        raise InvalidParameter(
            f"PATH must be {WANTED}. Got {path}, where nothing is.{_near(path)}",
            remedy=shell("ls", "-l", next(folder for folder in path.parents if folder.is_dir())),
        )
    kind = path.suffix.lower()
    if path.is_dir() or kind == ".zip":
        return "folder", "--path"
    if kind == ".npz" and "x_train.npy" in _names(path):  # as Keras keeps its data sets
        return "npz", "--file"
    if kind in TABLES:
        return "table", "--table"
    raise InvalidParameter(f"PATH must be {WANTED}. Got {path}.", remedy=shell(PROGRAM, path.parent))


def check_target(path: Path, flag: str, endings: Collection[str]) -> None:
    """Check, before anything is computed, that a file can be written where somebody wants it.

    Parameters
    ----------
    path : Path
        Of the file.
    flag : str
        The option that names it.
    endings : collection of str
        What its name may end in; the first is suggested.

    Raises
    ------
    LazybonesError
        If not.
    """
    if path.suffix.lower() not in endings:
        named = path if path.name else path / "file"
        raise InvalidParameter(
            f"{flag} must end in {', '.join(endings)}. Got {path.name!r}.",
            remedy=Again({flag: named.with_suffix(next(iter(endings)))}),
        )
    if not path.parent.is_dir():
        raise InvalidParameter(
            f"The folder of {flag} must exist. Got {str(path.parent)!r}.",
            remedy=shell("mkdir", "-p", path.parent),
        )
    with suggesting(elsewhere(path, flag)):
        check_writable(path.parent)


def elsewhere(path: Path, flag: str) -> Again:
    """Give the remedy for a file that cannot be written where somebody wants it."""
    return Again({flag: own_folder(path.name)})


def is_store(path: Path) -> bool:
    """Tell whether a path leads to a store, or a bundle of one: there is nothing to compute, only to show."""
    if path.is_dir():
        return all((path / name).is_dir() for name in ("runs", "artefacts"))
    names = _names(path) if path.suffix.lower() == ".zip" else []
    return bool(names) and all(name.startswith(("runs/", "artefacts/")) for name in names)


def _names(path: Path) -> list[str]:
    """List the files of an archive; none where it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def check_files(recipe: Recipe) -> None:
    """Check that every file that an option names is there.

    Raises
    ------
    InvalidParameter
        If one is not.
    """
    named = [(option.flag, value) for plugin in recipe.plugins for option, value in plugin.changed()]
    for flag, value in named:
        if isinstance(value, Path) and not value.expanduser().exists():
            near = _near(value.expanduser().absolute())
            raise InvalidParameter(
                f"{flag} must lead to a file or folder. Got {value}, where nothing is.{near}",
                remedy=Again({flag: None}),
            )


def _near(path: Path) -> str:
    """Name what is called nearly so."""
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, 1)
    return f" There is {near[0]!r}." if near else ""
