"""Make every field of a small bundle absurd, one after the other, and open it: what a child process does.

Called with the folder of a store, and which part of how many it is to do. It writes a line for each thing that went
wrong, and last how many cases were refused, how many are harmless, and how much memory it had at most, in MB.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import ArtefactMissing, LazybonesError, Store
from cache.maintenance import problems
from cache.schema import STAGES
from pipeline.errors import InvalidParameter
from tests.cache.making import forged
from tests.cache.reading import read_everything
from tests.cache.sealing import content_of, linked, manifests, npy, reseal, reseal_file, write

LONG = "x" * 100_000
NUMBERS = (0, -1, 10**12, 10**400, 1e308, float("nan"))
OTHERS = (None, True, "text", "", LONG, [], {}, [[0]])

Case = tuple[str, Callable[[Path], Path | None]]
"""What is made absurd, and what does that to a store: it gives the folder of the artefact, if it is one."""


def fields_of(content: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List the place of every value in JSON: of lists, and of objects that name files or packages, of the first two."""
    items: list[tuple[Any, Any]] = []
    if isinstance(content, dict):
        items = [*content.items()][: 2 if at in (("files",), ("versions",)) else None]
    elif isinstance(content, list):
        items = [*enumerate(content)][:2]
    for name, value in items:
        yield (*at, name)
        yield from fields_of(value, (*at, name))


def absurd(value: Any) -> Iterator[Any]:
    """Give what may stand in the place of a value: other numbers, other types, other lengths."""
    is_number = isinstance(value, int | float)
    yield from NUMBERS if is_number else NUMBERS[:1]
    yield from OTHERS
    if isinstance(value, list):
        yield from (value[:-1], value * 2, value[:1] * 2_000, value[:1] * 200_000, [LONG])
    if isinstance(value, dict):
        yield from ({**value, "more": 0}, dict([*value.items()][1:]))
    if isinstance(value, str):
        yield from (value[:-1], value + "x")
    if is_number and not isinstance(value, bool):
        yield from (value + 1, -value, value * 1000)


def changed(content: Any, at: tuple[Any, ...], value: Any) -> Any:
    """Give JSON with another value at a place."""
    if not at:
        return value
    copy = dict(content) if isinstance(content, dict) else list(content)
    copy[at[0]] = changed(copy[at[0]], at[1:], value)
    return copy


def cases(root: Path) -> Iterator[Case]:
    """List what is made absurd: each value of each manifest and run, each array's values, shape and type."""
    for path in [*manifests(root), *root.glob("runs/*.json")]:
        content, place = content_of(path), path.relative_to(root)
        for at in fields_of(content):
            before = content
            for step in at:
                before = before[step]
            for value in absurd(before):
                made = changed(content, at, value)
                of = "run" if path.parent.name == "runs" else path.parent.parent.name
                yield (
                    f"{of} {at} = {value!r:.40}",
                    lambda store, place=place, made=made: _rewrite(store / place, made),
                )
    for path in manifests(root):
        for name, form in STAGES[path.parent.parent.name].items():
            file = path.with_name(f"{name}.npy")
            if file.exists():
                yield from _arrays(file.relative_to(root), np.load(file), form.dims)
    yield from other_files(root)


def _arrays(place: Path, array: NDArray[Any], dims: tuple[str | int, ...]) -> Iterator[Case]:
    for what, made, sizes in arrays_instead(array, dims):
        yield (
            f"{place.parts[1]}/{place.stem} {what}",
            lambda store, made=made, sizes=sizes: reseal_file(store / place, npy(made), sizes),
        )


def _rewrite(path: Path, content: Any) -> Path | None:
    if path.parent.name != "runs":
        return reseal(path, content).parent
    write(path, forged(content))
    return None


def arrays_instead(
    array: NDArray[Any], dims: tuple[str | int, ...]
) -> Iterator[tuple[str, NDArray[Any], dict[str, int]]]:
    """Give an array with other values, shapes and types, and the dimensions that its manifest must then say."""
    kind = array.dtype.kind
    values: list[Any] = ["x" * 5_000] if kind == "U" else [0, -1, 2]
    values += [np.nan, np.inf, 1e30, -1e30] if kind == "f" else []
    values += [np.iinfo(array.dtype).max, np.iinfo(array.dtype).min] if kind in "iu" else []
    for value in values:
        for rows in (slice(None), slice(-1, None)):
            made = array.astype(f"U{len(value)}") if kind == "U" else array.copy()
            made.reshape(-1)[rows] = np.array(value).astype(made.dtype)
            yield f"{value!r:.10} in {'all' if rows.start is None else 'the last'}", made, {}
    for axis, dim in enumerate(dims):
        for what, made in (
            ("fewer", np.take(array, range(max(array.shape[axis] - 1, 0)), axis)),
            ("none", np.take(array, range(0), axis)),
            ("more", np.concatenate([array, array], axis)),
        ):
            yield f"{what} in {dim}", made, {dim: made.shape[axis]} if isinstance(dim, str) else {}
    yield "an axis more", array[np.newaxis], {}
    yield "upside down", array[::-1], {}
    yield "column by column", np.asfortranarray(array), {}
    for dtype in ("float64", "int64", "uint8", "complex128", "U3", "M8[s]", "bool"):
        if kind != "U" or dtype == "U3":
            yield dtype, np.zeros(array.shape, dtype), {}


def other_files(root: Path) -> Iterator[Case]:
    """List files besides arrays that hold something else."""
    page = b"<!doctype html><script>alert(1)</script>" + b" " * 100
    huge = b"RIFF\x00\x01\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xfe\x3f\x00" * 2 + b" " * 200
    for path in [*root.glob("artefacts/*/*/*.webp"), *root.glob("artefacts/*/*/columns.json")]:
        for what, data in (("page", page), ("huge", huge), ("cut", path.read_bytes()[:40]), ("empty", b"")):
            place = path.relative_to(root)
            yield (
                f"{path.name} {what}",
                lambda store, place=place, data=data: reseal_file(store / place, data),
            )


def judge(root: Path, changed: Path | None) -> str:
    """Open a store as pages do; give what is wrong with how it is taken, or "refused", or nothing.

    Parameters
    ----------
    root : Path
        The store.
    changed : Path, optional
        The folder of the artefact that was made absurd.
    """
    told: list[LazybonesError] = []
    try:
        if changed is not None:
            open_files(Store(root), changed)
    except LazybonesError as error:
        told.append(error)
        leave_inputs(root, changed)
    if not told:
        try:
            read_everything(Store(root))
        except LazybonesError as error:
            told.append(error)
    found = [problem.error for problem in problems(Store(root))]
    for error in (*told, *found):
        if " must " not in error.message or "Got" not in error.message or not error.remedy:
            return f"no sentence: {error.message[:300]!r}, {error.remedy!r}"
        if len(error.message) > 2_000:
            return f"a sentence of {len(error.message):,} characters"
    if told and not found and not isinstance(told[0], InvalidParameter | ArtefactMissing):
        return f"refused by pages, and not by verify: {told[0].message[:300]}"
    return "refused" if told else ""


def open_files(store: Store, folder: Path) -> None:
    """Open an artefact, and check its files."""
    artefact = store.artefact(folder.parent.name, folder.name)
    for name in artefact.manifest.files:
        artefact.path(name)


def leave_inputs(root: Path, folder: Path) -> None:
    """Remove all but an artefact and what it was made from: the rest costs time, and is as it was."""
    shutil.rmtree(root / "runs")
    inputs = content_of(folder / "manifest.json").get("inputs")
    kept = [folder.name, *(inputs.values() if isinstance(inputs, dict) else ())]
    for path in manifests(root):
        if path.parent.name not in kept:
            shutil.rmtree(path.parent)


def main(root: Path, part: int, parts: int) -> None:
    """Go through a part of all cases."""
    counts = {"refused": 0, "harmless": 0}
    for number, (name, change) in enumerate(cases(root)):
        if number * 7919 % parts != part:
            continue
        with tempfile.TemporaryDirectory(dir=root.parent) as folder:
            store = linked(root, Path(folder) / "store")
            try:
                wrong = judge(store, change(store))
            except Exception as error:  # any is one too many
                wrong = f"{type(error).__name__}: {str(error)[:300]}"
            shutil.rmtree(store)
        if wrong not in ("", "refused"):
            sys.stdout.write(f"{name}: {wrong}\n")
        counts["refused" if wrong == "refused" else "harmless"] += 1
    lines = (
        Path("/proc/self/status").read_text().splitlines()
    )  # the system's own peak is that of the parent, too
    peak = next(int(line.split()[1]) * 1024 // 10**6 for line in lines if line.startswith("VmHWM"))
    sys.stdout.write(f"{counts['refused']} {counts['harmless']} {peak}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
