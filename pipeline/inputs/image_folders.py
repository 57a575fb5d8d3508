"""Find the files of a folder of images: which class each is of, and which split."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import is_zipfile

from cache.limits import CLASSES, IMAGES
from cache.places import archive_of
from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.files import describe, read_bytes
from pipeline.inputs.folders.zip_files import open_archive

TRAIN = ("train",)
TEST = ("test", "val", "valid", "validation")  # the first that is there; others count as training images
SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db", "icon\r"})
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
    row : int
        Of a table that lists it; -1 without one.
    """

    path: str
    class_name: str
    split: str
    row: int = -1


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
    root : Path
        Where the paths of the files begin: a folder, or one in a zip file (``photos.zip/photos``).
    unlisted : int
        Files that are there, but not in a table that lists those to take.
    """

    files: tuple[FoundFile, ...]
    class_names: tuple[str, ...]
    splits: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()
    root: Path = Path()
    unlisted: int = 0


def search(folder: Path) -> FoundFolder:
    """Search a folder for images: ``<class>/**/*``, ``{train,test}/<class>/**/*``, or files without classes.

    Folders called train, test, val, valid or validation are splits where all folders at the top are called so; a
    file's own name never counts. Hidden entries and system files are passed over. Links are followed to what is
    inside only. A zip file is taken as the folder that it was made of.

    Parameters
    ----------
    folder : Path
        The folder, or the zip file.

    Raises
    ------
    SourceError
        If there is no such folder, it cannot be read, has no files, or too many.
    UnsafeInput
        If it is a zip file that unpacks to far more than its own size.
    """
    if archive_of(folder):
        root, listing = _listed_archive(folder.resolve())
    elif folder.is_dir():
        root, listing = folder.resolve(), _listed(folder.resolve())
    else:
        raise SourceError(
            f"path of folder must be a folder of images, or a zip file of one. Got {folder}: {describe(folder)}."
        )
    if not listing.files:
        raise SourceError(
            f"{folder} must have images, best with a folder for each class. Got {describe(folder)}.",
            remedy="put the images of each class into a folder of their own, called as the class",
        )
    return replace(arrange(listing), root=root)


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
    if len(names) > CLASSES:
        raise SourceError(
            f"A folder of images must have at most {CLASSES:,} class folders. Got {len(names):,}.",
            remedy="the folder that lies one level above or below, or images of fewer classes",
        )
    splits = tuple(sorted(top)) if is_split else ()
    return FoundFolder(tuple(files), tuple(sorted(map(readable, names))), splits, listing.refused)


def read_inside(root: Path, path: str, max_bytes: int) -> bytes:
    """Give the content of a file in a folder, links followed, or in a zip file or a table.

    Parameters
    ----------
    root : Path
        The folder; or the zip file, or a folder in it; or the table.
    path : str
        Below it.
    max_bytes : int
        Size cap, in bytes.

    Raises
    ------
    SourceError
        If it leads outside or nowhere, or cannot be read.
    UnsafeInput
        If it is larger than it may be.
    """
    if archive := archive_of(root):
        if not is_zipfile(archive):
            from pipeline.inputs.tables.pictures import read_cell  # brings pyarrow, which takes its time

            return read_cell(archive, path, max_bytes)
        prefix = root.relative_to(archive).parts
        return open_archive(archive).read("/".join([*prefix, path]), max_bytes)
    found, name = inside(root / path, root.resolve()), readable(path)
    if found is None:
        raise SourceError(f"{name} must be a file in its folder. Got none, or one that lies outside.")
    try:
        return read_bytes(found, max_bytes)
    except UnsafeInput as problem:
        raise UnsafeInput(f"{name} must be at most {max_bytes:,} bytes. Got more.") from problem
    except (SourceError, OSError) as problem:
        raise SourceError(
            f"{name} must be a file that can be read. Got one without permission, or none."
        ) from problem


def size_inside(root: Path, path: str) -> int:
    """Give the size in bytes of what `read_inside` gives, as far as it can be told without reading it; else 0."""
    if archive := archive_of(root):
        prefix = root.relative_to(archive).parts
        return open_archive(archive).size("/".join([*prefix, path])) if is_zipfile(archive) else 0
    found = inside(root / path, root)
    return found.stat().st_size if found else 0


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
        target = os.path.realpath(path, strict=True)  # a third faster than `Path.resolve`
    except (OSError, ValueError):
        return None
    return Path(target) if target.startswith(f"{root}/".replace("//", "/")) or target == str(root) else None


def readable(name: str) -> str:
    """Give a file name as text that can be written anywhere: what is no text, or cannot be seen, is spelled out."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _listed_archive(path: Path) -> tuple[Path, Listing]:
    """List what is in a zip file, and say where that begins: a single folder around everything is looked through."""
    archive = open_archive(path)
    files, folders = (
        [name for name in names if not any(map(_is_system, name.split("/")))]
        for names in (archive.files, archive.folders)
    )
    tops = {name.partition("/")[0] for name in files}
    around = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in files) else ""
    below = [
        tuple(name.removeprefix(around) for name in names if name.startswith(around))
        for names in (files, folders)
    ]
    return path / around, Listing(below[0], below[1], archive.refused)


def _listed(root: Path) -> Listing:
    """List what lies below a folder and leads inside it."""
    waiting: list[tuple[str, tuple[Path, ...]]] = [("", (root,))]
    files, folders, refused = list[str](), list[str](), list[tuple[str, str]]()
    while waiting:
        folder, above = waiting.pop()
        entries = _entries(root / folder) if len(above) <= MAX_DEPTH else None
        if entries is None:
            reason = "can be looked into" if len(above) <= MAX_DEPTH else f"is at most {MAX_DEPTH} deep"
            refused.append((folder or ".", f"A folder must be one that {reason}."))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            target = inside(Path(entry), root) if entry.is_symlink() else above[-1] / entry.name
            if target is None:
                refused.append((path, _refusal(Path(entry))))
            elif entry.is_file():
                files.append(path)
            elif entry.is_dir() and target not in above:
                folders.append(path)
                waiting.append((path, (*above, target)))
            if len(files) + len(folders) + len(refused) > IMAGES:
                raise SourceError(f"{root} must have at most {IMAGES:,} files. Got more.")
    return Listing(tuple(files), tuple(folders), tuple(sorted(refused)))


def _refusal(path: Path) -> str:
    """Say why an entry of a folder is not looked at."""
    if path.is_symlink():
        return "A link must lead to a file in the same folder. Got one that leads outside, nowhere or in a circle."
    return "A file must be one that can be looked at."


def _entries(folder: Path) -> list[os.DirEntry[str]] | None:
    """List a folder's entries, but hidden and system ones; None where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not _is_system(entry.name)]
    except OSError:
        return None


def _is_system(name: str) -> bool:
    """Tell whether an entry is hidden, or a system put it there."""
    return name.startswith(".") or name.lower() in SYSTEM
