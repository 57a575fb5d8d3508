"""What manifests say beside their arrays that readers rely on, and in which ranges it lies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from cache.errors import LayoutError
from cache.limits import CLASS_NAME, CLASSES, FOLDS, IMAGES, SHEET_PIXELS, SHEET_SIDE, SHEETS


@dataclass(frozen=True)
class Fact:
    """Say what a fact must be.

    Attributes
    ----------
    kind : str
        One of ``_KINDS``.
    low, high : float
        Of a number, or of each in a list of them; of a text or a list of them its length.
    needed : bool
        Whether it must be there; None never is.
    """

    kind: str
    low: float = -inf
    high: float = inf
    needed: bool = False


def _needed(kind: str, low: float = -inf, high: float = inf) -> Fact:
    return Fact(kind, low, high, needed=True)


_TEXT, _FLAG, _TITLE = Fact("a text"), Fact("yes or no"), Fact("a text", high=1_000)
_FILES, _TEXTS = Fact("a list of files with reasons"), Fact("a list of texts")
_SIZE = _needed("a whole number", 1, SHEET_SIDE)
_PENALTY, _SOLVER = Fact("a number", 0), {"solver": _TEXT, "solver_note": _TEXT, "gamma": Fact("a number", 0)}
FACTS: Mapping[str, Mapping[str, Fact]] = {
    "dataset": {
        "class_names": _needed("a list of names", 0, CLASSES),
        "no_classifier": _TITLE,
        "title": _TITLE,
        "train_in_test": Fact("where rows start and stop", 0, IMAGES),
        "near_duplicates": Fact("a whole number", 0, 2 * IMAGES),
        "images": Fact("a whole number", 0, 2 * IMAGES),
        "refused": _FILES,
        "odd": _FILES,
        "notes": _TEXTS,
        "empty_classes": _TEXTS,
    },
    "features": {"model": _TITLE, "stand_in": _FLAG},
    "classifier": _SOLVER,
    "validation": _SOLVER | {"folds": Fact("a whole number", 1, FOLDS)},
    "learning": _SOLVER | {"C": _PENALTY},
    "supports": {"C": _PENALTY},
    "duplicates": {
        "threshold": _needed("a number", 0),
        "near_threshold": _needed("a number", 0),
        "pictures": _needed("yes or no"),
    },
    "slices": {name: _needed("a whole number", 0, 2**31) for name in ("looked_at", "images", "errors")},
    "separability": _SOLVER | {"C": _PENALTY, "folds": _needed("a whole number", 1, FOLDS)},
    "suspects": {"folds": Fact("a whole number", 1, FOLDS)},
    "hitrate": {
        "images": _needed("a whole number", 1, 2 * IMAGES),
        "wrong": _needed("an estimate", 0, 2 * IMAGES),
        "in_first_50": _needed("an estimate", 0, 50),
    },
    "projection": {"method": _TITLE, "note": _TEXT},
    "faithfulness": {
        "k": _needed("a whole number", 0, 255),
        "trustworthiness": Fact("a number", 0, 1),
        "continuity": Fact("a number", 0, 1),
        "note": _TEXT,
    },
    "thumbnails": {
        "cell": _SIZE,
        "columns": _SIZE,
        "rows": _SIZE,
        "per_sheet": _needed("a whole number", 1, SHEET_PIXELS),
        "sheets": _needed("a whole number", 1, SHEETS),
    },
}
"""Of each stage. Manifests may say more, for people."""


def check_facts(
    stage: str, facts: Mapping[str, Any], files: Collection[str], dims: Mapping[str, int] | None = None
) -> None:
    """Check the facts that readers rely on.

    Parameters
    ----------
    stage : str
        One of ``cache.schema.STAGES``.
    facts : mapping
        A manifest's facts.
    files : collection of str
        The names of the artefact's files.
    dims : mapping of str to int, optional
        The sizes of its arrays.

    Raises
    ------
    LayoutError
        If one is missing or cannot be used, or they do not fit each other.
    """
    for name, fact in FACTS.get(stage, {}).items():
        value = facts.get(name)
        if value is None and not fact.needed:
            continue
        if not _KINDS[fact.kind](value, fact.low, fact.high):
            got = (
                f"{len(value):,} of them"
                if isinstance(value, list) and len(value) > fact.high
                else repr(value)[:200]
            )
            raise LayoutError(f"The fact {name} must be {_in_words(fact)}. Got {got}.")
    if stage == "dataset":
        _check_dataset(facts, files, dims or {})
    if stage == "thumbnails":
        _check_sheets(facts, files)


def _check_dataset(facts: Mapping[str, Any], files: Collection[str], dims: Mapping[str, int]) -> None:
    folded = {"train_folds.npy", "test_folds.npy"} & set(files)
    if len(folded) == 1:
        raise LayoutError(f"dataset must have folds of both splits, or of none. Got {folded.pop()} alone.")
    if not (facts["class_names"] or facts.get("no_classifier")):
        raise LayoutError("The fact class_names must be a list of names. Got [], without a reason why.")
    part = facts.get("train_in_test")
    if part is None or not dims:
        return
    n_train, n_test = dims["n_train"], dims["n_test"]
    if part[1] - part[0] != n_train or part[1] > n_test:
        must = f"where {n_train:,} of {n_test:,} rows start and stop"
        raise LayoutError(f"The fact train_in_test must be {must}. Got {part!r}.")


def _check_sheets(facts: Mapping[str, Any], files: Collection[str]) -> None:
    cell, columns, rows, per_sheet = (facts[name] for name in ("cell", "columns", "rows", "per_sheet"))
    if (
        per_sheet != columns * rows
        or max(columns, rows) * cell > SHEET_SIDE
        or per_sheet * cell**2 > SHEET_PIXELS
    ):
        got = f"{columns:,} x {rows:,} cells of {cell:,} pixels a side, {per_sheet:,} of them"
        raise LayoutError(f"A sheet must have at most {SHEET_PIXELS:,} pixels, and all its cells. Got {got}.")
    absent = sorted({f"sheet_{i}.webp" for i in range(facts["sheets"])} - set(files))
    if absent:
        listed = ", ".join(sorted(files)[:20]) or "no files"
        raise LayoutError(f"thumbnails must have {absent[0]}. Got {listed}.")


def _in_words(fact: Fact) -> str:
    if fact.kind == "a list of names":
        return f"a list of at most {fact.high:,} names of at most {CLASS_NAME:,} characters"
    if fact.kind not in ("a whole number", "a number", "an estimate") or fact.low == -inf:
        return fact.kind
    return f"{fact.kind} {f'from {fact.low:,} to {fact.high:,}' if fact.high < inf else f'of {fact.low:,} or more'}"


def _is_text(value: Any, low: float, high: float) -> bool:
    return isinstance(value, str) and low <= len(value) <= high


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_whole(value: Any, low: float, high: float) -> bool:
    return type(value) is int and low <= value <= high


def _is_list(value: Any, low: float, high: float) -> bool:
    return isinstance(value, list | tuple) and low <= len(value) <= high


def _are_texts(value: Any, low: float, high: float) -> bool:
    return _is_list(value, low, high) and all(isinstance(text, str) for text in value)


def _are_names(value: Any, low: float, high: float) -> bool:
    return _are_texts(value, low, high) and all(len(name) <= CLASS_NAME for name in value)


def _are_files(value: Any, low: float, high: float) -> bool:
    return _is_list(value, low, high) and all(
        isinstance(file, dict) and all(isinstance(text, str) for text in file.values()) for file in value
    )


def _is_part(value: Any, low: float, high: float) -> bool:
    good = _is_list(value, 2, 2) and all(_is_whole(end, low, high) for end in value)
    return good and value[0] <= value[1]


def _is_estimate(value: Any, low: float, high: float) -> bool:
    good = isinstance(value, dict) and value.keys() == {"value", "low", "high"}
    return good and all(_is_number(number, low, high) for number in value.values())


_KINDS = {
    "a text": _is_text,
    "a number": _is_number,
    "a whole number": _is_whole,
    "yes or no": lambda value, *_: isinstance(value, bool),
    "a list of names": _are_names,
    "a list of texts": _are_texts,
    "a list of files with reasons": _are_files,
    "where rows start and stop": _is_part,
    "an estimate": _is_estimate,
}
