"""Find the files of a folder of class folders: which class each is of, and which split."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.inputs.files import describe, list_briefly

TRAIN = ("train",)
TEST = ("test", "val", "valid", "validation")  # the first that is there; others count as training images
SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db", "icon\r"})
MAX_FILES = 2_000_000
MAX_DEPTH = 64  # folders within folders


@dataclass(frozen=True)
class FoundFile:
    """Hold where a file is, and what its folders say of it.

    Attributes
    ----------
    path : str
        Below the folder that was searched, with "/" between its parts.
    class_name : str
        Its class folder; empty where it lies in none.
    split : str
        "train" or "test"; empty where the folders do not say.
    """

    path: str
    class_name: str
    split: str


@dataclass(frozen=True)
class FoundFolder:
    """Hold what is in a folder of class folders.

    Attributes
    ----------
    files : tuple of FoundFile
        In the order of their paths.
    class_names : tuple of str
        In alphabetical order, those without files too.
    splits : tuple of str
        Names of the folders of splits; empty without any.
    """

    files: tuple[FoundFile, ...]
    class_names: tuple[str, ...]
    splits: tuple[str, ...]


def search(folder: Path) -> FoundFolder:
    """Search a folder for files in class folders: ``<class>/**/*`` or ``{train,test}/<class>/**/*``.

    Folders called train, test, val, valid or validation are splits where all class folders lie in such; a file's own
    name never counts. Hidden entries and system files are passed over. Links are followed to what is inside only.

    Parameters
    ----------
    folder : Path
        The folder.

    Raises
    ------
    SourceError
        If there is no such folder, it cannot be read, it has no class folders, or too many files.
    """
    if not folder.is_dir():
        raise SourceError(
            f"path of folder must be a folder of class folders. Got {folder}: {describe(folder)}."
        )
    root = folder.resolve()
    top = _folders(root, root)
    splits = tuple(top) if top and all(name.lower() in (*TRAIN, *TEST) for name in top) else ()
    parents = [root / name for name in splits] or [root]
    names = {name for parent in parents for name in _folders(parent, root)}
    if not names:
        raise SourceError(
            f"{folder} must have a folder for each class, with its images in it. Got {describe(folder)}.",
            remedy="put the images of each class into a folder of their own, called as the class",
        )
    files = tuple(sorted(_files(root, splits), key=lambda found: found.path))
    return FoundFolder(files, tuple(sorted(map(readable, names))), splits)


def inside(path: Path, root: Path) -> Path | None:
    """Give what a path leads to, links followed; None where that is nowhere, a circle, or outside of ``root``.

    Parameters
    ----------
    path : Path
        Below ``root``.
    root : Path
        A folder without links in its path, as `Path.resolve` gives it.
    """
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # Python before 3.13 gives the latter for a circle
        return None
    return target if target.is_relative_to(root) else None


def readable(name: str) -> str:
    """Give a file name as text that can be written anywhere: what is no text, or cannot be seen, is spelled out."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _files(root: Path, splits: tuple[str, ...]) -> Iterator[FoundFile]:
    test = next((name for wanted in TEST for name in splits if name.lower() == wanted), None)
    for path in _walk(root):
        parts = path.relative_to(root).parts
        split = ("test" if parts[0] == test else "train") if splits else ""
        below = parts[1:] if splits else parts
        yield FoundFile("/".join(parts), readable(below[0]) if len(below) > 1 else "", split)


def _walk(root: Path) -> Iterator[Path]:
    """Go through what lies below a folder and leads inside it; a folder that cannot be read counts as a file."""
    waiting: list[tuple[Path, tuple[Path, ...]]] = [(root, (root,))]
    count = 0
    while waiting:
        folder, above = waiting.pop()
        entries = _entries(folder)
        if entries is None or len(above) > MAX_DEPTH:
            yield folder
            continue
        for path in entries:
            count += 1
            if count > MAX_FILES:
                raise SourceError(f"{root} must have at most {MAX_FILES:,} files. Got more.")
            target = inside(path, root)
            if target is None and not path.is_symlink():
                yield path
            elif target is not None and target.is_dir():
                if target not in above:
                    waiting.append((path, (*above, target)))
            elif target is not None and target.is_file():
                yield path


def _folders(folder: Path, root: Path) -> list[str]:
    """List the names of the folders in a folder, in order; none that leads outside of ``root``."""
    found = ((path, inside(path, root)) for path in _entries(folder) or ())
    return [path.name for path, target in found if target is not None and target.is_dir()]


def _entries(folder: Path) -> list[Path] | None:
    """List a folder's entries in order, but hidden and system ones; None where it cannot be read."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return None
    return [path for path in entries if not path.name.startswith(".") and path.name.lower() not in SYSTEM]


def list_classes(counts: dict[str, int]) -> str:
    """Name classes with their numbers of images, briefly."""
    return list_briefly([f"{name} ({count:,})" for name, count in counts.items()])
