"""Find the files of a folder of images: which class each is of, and which split."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.inputs.files import describe

TRAIN = ("train",)
TEST = ("test", "val", "valid", "validation")  # the first that is there; others count as training images
SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db", "icon\r"})
MAX_FILES = 2_000_000
MAX_CLASSES = 32_767  # labels are int16
MAX_DEPTH = 64  # folders within folders


@dataclass(frozen=True)
class Listing:
    """Hold what lies below a folder, or in an archive; paths have "/" between their parts.

    Attributes
    ----------
    files : tuple of str
        Paths of files that may be read.
    folders : tuple of str
        Paths of folders, empty ones too.
    refused : tuple of (str, str)
        Paths of what is neither, and why not: what cannot be looked into, what leads outside.
    """

    files: tuple[str, ...]
    folders: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()


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
    """Hold what is in a folder of images.

    Attributes
    ----------
    files : tuple of FoundFile
        In the order of their paths.
    class_names : tuple of str
        In alphabetical order, those without files too; empty where no file lies in a class folder.
    splits : tuple of str
        Names of the folders of splits; empty without a training and a test split.
    refused : tuple of (str, str)
        What could not be looked at, by path, and why not.
    """

    files: tuple[FoundFile, ...]
    class_names: tuple[str, ...]
    splits: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()


def search(folder: Path) -> FoundFolder:
    """Search a folder for images: ``<class>/**/*``, ``{train,test}/<class>/**/*``, or files without classes.

    Folders called train, test, val, valid or validation are splits where all folders at the top are called so; a
    file's own name never counts. Hidden entries and system files are passed over. Links are followed to what is
    inside only.

    Parameters
    ----------
    folder : Path
        The folder.

    Raises
    ------
    SourceError
        If there is no such folder, it cannot be read, has no files, or too many.
    """
    if not folder.is_dir():
        raise SourceError(f"path of folder must be a folder of images. Got {folder}: {describe(folder)}.")
    listing = _listed(folder.resolve())
    if not listing.files:
        raise SourceError(
            f"{folder} must have images, best with a folder for each class. Got {describe(folder)}.",
            remedy="put the images of each class into a folder of their own, called as the class",
        )
    return arrange(listing)


def arrange(listing: Listing) -> FoundFolder:
    """Tell from the folders of files which class and which split each is of."""
    top = {path for path in listing.folders if "/" not in path}
    are_splits = bool(top) and all(name.lower() in (*TRAIN, *TEST) for name in top)
    test = next((name for wanted in TEST for name in sorted(top) if name.lower() == wanted), None)
    is_split = are_splits and test is not None and len(top) > 1
    depth = 1 if are_splits else 0
    files = []
    for path in sorted(listing.files):
        parts = path.split("/")
        below = parts[depth:] if parts[0] in top else []
        split = ("test" if parts[0] == test else "train") if is_split else ""
        files.append(FoundFile(path, readable(below[0]) if len(below) > 1 else "", split))
    if not any(file.class_name for file in files):
        return FoundFolder(tuple(replace(file, split="") for file in files), (), (), listing.refused)
    names = {path.split("/")[depth] for path in listing.folders if path.count("/") == depth}
    if len(names) > MAX_CLASSES:
        raise SourceError(f"A folder of images must have at most {MAX_CLASSES:,} class folders. Got more.")
    splits = tuple(sorted(top)) if is_split else ()
    return FoundFolder(tuple(files), tuple(sorted(map(readable, names))), splits, listing.refused)


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


def _listed(root: Path) -> Listing:
    """List what lies below a folder and leads inside it."""
    waiting: list[tuple[Path, tuple[Path, ...]]] = [(root, (root,))]
    files, folders, refused = list[str](), list[str](), list[tuple[str, str]]()
    while waiting:
        folder, above = waiting.pop()
        entries = _entries(folder) if len(above) <= MAX_DEPTH else None
        if entries is None:
            reason = "can be looked into" if len(above) <= MAX_DEPTH else f"is at most {MAX_DEPTH} deep"
            refused.append((_below(folder, root), f"A folder must be one that {reason}."))
            continue
        for path in entries:
            target = inside(path, root)
            if target is None:
                refused.append((_below(path, root), _refusal(path)))
            elif target.is_file():
                files.append(_below(path, root))
            elif target.is_dir() and target not in above:
                folders.append(_below(path, root))
                waiting.append((path, (*above, target)))
            if len(files) + len(folders) + len(refused) > MAX_FILES:
                raise SourceError(f"{root} must have at most {MAX_FILES:,} files. Got more.")
    return Listing(tuple(files), tuple(folders), tuple(sorted(refused)))


def _below(path: Path, root: Path) -> str:
    return "/".join(path.relative_to(root).parts) or "."


def _refusal(path: Path) -> str:
    """Say why an entry of a folder is not looked at."""
    if path.is_symlink():
        return "A link must lead to a file in the same folder. Got one that leads outside, nowhere or in a circle."
    return "A file must be one that can be looked at."


def _entries(folder: Path) -> list[Path] | None:
    """List a folder's entries in order, but hidden and system ones; None where it cannot be read."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return None
    return [path for path in entries if not path.name.startswith(".") and path.name.lower() not in SYSTEM]
