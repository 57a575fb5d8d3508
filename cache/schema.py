"""Which files a stage has, and their dtypes and shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


class LayoutError(ValueError):
    """Signal arrays that do not have the form their stage promises."""


@dataclass(frozen=True)
class ArrayForm:
    """Hold one file's form: its dtype (or kind ``"U"``) and its dimensions: named, or of a fixed size."""

    dtype: str
    dims: tuple[str | int, ...]
    optional: bool = False


def _form(dtype: str, dims: str, *, optional: bool = False) -> ArrayForm:
    return ArrayForm(dtype, tuple(int(dim) if dim.isdigit() else dim for dim in dims.split()), optional)


_PER_C_AND_IMAGE = "m n_test"
STAGES: Mapping[str, Mapping[str, ArrayForm]] = {
    "dataset": {
        "train_images": _form(
            "uint8", "n_train h w c", optional=True
        ),  # a data set of files has thumbnails instead:
        "test_images": _form("uint8", "n_test h w c", optional=True),
        "train_rows": _form("int32", "n_train", optional=True),  # rows of files.json, and of
        "test_rows": _form("int32", "n_test", optional=True),
        "picture_ends": _form(
            "int64", "pictures", optional=True
        ),  # where each ends in pictures.bin, WebP files
        "original_ends": _form("int64", "pictures", optional=True),  # in originals.bin, of a bundle
        "embeddings": _form("float32", "pictures d", optional=True),  # vectors that somebody brought
        "train_copy": _form("int32", "n_train", optional=True),  # which it is among the same pictures of its
        "test_copy": _form("int32", "n_test", optional=True),  # class; without these, in the order of names
        "train_folds": _form("int16", "n_train", optional=True),  # who judges whom, without these all by
        "test_folds": _form("int16", "n_test", optional=True),  # the machine fitted on all training images
        "train_labels": _form("int16", "n_train"),
        "test_labels": _form("int16", "n_test"),
        "train_ids": _form("U", "n_train"),
        "test_ids": _form("U", "n_test"),
    },
    "features": {  # training images may be some of the test images
        "train": _form("float32", "n_train d", optional=True),
        "test": _form("float32", "n_test d"),
    },
    "classifier": {
        "C": _form("float64", "m"),
        "weights": _form("float32", "m p d", optional=True),  # of older results
        "intercepts": _form("float64", "m p"),
        "n_support": _form("int32", "m p"),
        "predicted_label": _form("int16", _PER_C_AND_IMAGE),
        "runner_up_label": _form("int16", _PER_C_AND_IMAGE),
        "votes": _form("int16", _PER_C_AND_IMAGE),
        "runner_up_votes": _form("int16", _PER_C_AND_IMAGE),
        "margin": _form("float32", _PER_C_AND_IMAGE),
        "runner_up_margin": _form("float32", _PER_C_AND_IMAGE),
        "train_predicted_label": _form("int16", "m n_train"),
        "train_rows": _form("int32", "n_fitted", optional=True),  # all without it
    },
    "colours": {"colours": _form("uint8", "k 3")},
    "validation": {"C": _form("float64", "m"), "accuracy": _form("float64", "m folds")},
    "learning": {"sizes": _form("int32", "sizes"), "accuracy": _form("float64", "sizes seeds")},
    "supports": {  # machines of a judge each: of all classes' pairs, without each fold that is held out
        "folds": _form("int16", "judges"),
        "ends": _form("int64", "judges p"),
        "intercepts": _form("float64", "judges p"),
        "rows": _form("int32", "s"),
        "duals": _form("float32", "s"),
    },
    "machines": {  # of one judge: weight vectors, or coefficients of the rows that support any, class by class
        "weights": _form("float32", "p d", optional=True),
        "rows": _form("int32", "s", optional=True),
        "ends": _form("int64", "k", optional=True),
        "duals": _form("float64", "s others", optional=True),
        "intercepts": _form("float64", "p"),
        "present": _form("int16", "k"),
    },
    "novelty": {"distances": _form("float32", "n_test")},
    "placing": {  # what a method needs to place another image on its map
        "mean": _form("float64", "d", optional=True),
        "loadings": _form("float64", "d axes", optional=True),
        "rows": _form("float32", "n_test axes", optional=True),
        "widths": _form("float64", "n_test 4", optional=True),
        "total": _form("float64", "1", optional=True),
    },
    "duplicates": {  # of both splits, each image once: groups, and how far each is from its group's first
        "same": _form("int32", "n_pooled"),
        "near": _form("int32", "n_pooled"),
        "same_distance": _form("float32", "n_pooled"),
        "near_distance": _form("float32", "n_pooled"),
    },
    "slices": {  # members of all, one slice after the other; counts: wrong, wrong of the rest, the rest
        "members": _form("int32", "members"),
        "ends": _form("int64", "slices"),
        "label": _form("int16", "slices"),
        "counts": _form("int32", "slices 3"),
        "interval": _form("float64", "slices 2"),
        "taken": _form("int32", "slices 3 3"),
        "classes": _form("int32", "slices 3 2"),
    },
    "separability": {
        "error": _form("float64", "k k"),
        "margin": _form("float32", "k k 5"),
        "neighbours": _form("float64", "k k"),
    },
    "suspects": {  # both splits, or the test split alone where the training images are in it
        "split": _form("uint8", "n_pooled"),
        "row": _form("int32", "n_pooled"),
        "score": _form("float32", "n_pooled"),
        "suggested": _form("int16", "n_pooled"),
        "lead": _form("float32", "n_pooled"),
        "margin": _form("float32", "n_pooled"),
        "rank": _form("int32", "n_pooled"),
        "folds": _form("int16", "n_pooled"),
    },
    "hitrate": {  # labels falsified again and again: a row each time
        "places": _form("int32", "plantings planted"),
        "confused": _form("bool", "planted"),  # along the confusion matrix, else at random
    },
    "projection": {"test": _form("float32", "n_test 2")},
    "neighbours": {
        "indices": _form("int32", "n_test neighbours"),
        "distances": _form("float32", "n_test neighbours"),
    },
    "faithfulness": {"preserved": _form("uint8", "n_test")},
    "thumbnails": {},
}
"""The array files of each stage (``<name>.npy``). Stages may have other files beside them."""


def _has_dtype(dtype: np.dtype[np.generic], wanted: str) -> bool:
    return dtype.kind == "U" if wanted == "U" else dtype == np.dtype(wanted)


def check_layout(
    stage: str, arrays: Mapping[str, tuple[np.dtype[np.generic], tuple[int, ...]]]
) -> dict[str, int]:
    """Check that a stage's arrays are all there, with the right dtypes and matching shapes.

    Parameters
    ----------
    stage : str
        One of ``STAGES``.
    arrays : mapping of str to (dtype, shape)
        The arrays found, by name without ``.npy``.

    Returns
    -------
    dict of str to int
        The size of each named dimension, for example ``{"n_test": 10000, "d": 2048, ...}``.

    Raises
    ------
    LayoutError
        If one is missing that is not optional, or has another form.
    """
    if stage not in STAGES:
        raise LayoutError(f"stage must be one of {', '.join(STAGES)}. Got {stage!r}.")
    dims: dict[str, int] = {}
    for name, form in STAGES[stage].items():
        if name not in arrays and form.optional:
            continue
        if name not in arrays:
            raise LayoutError(f"{stage} must have {name}.npy. Got {_listing(arrays)}.")
        dtype, shape = arrays[name]
        _check_array(f"{stage}/{name}.npy", form, dtype, shape, dims)
    return dims


def _check_array(
    name: str, form: ArrayForm, dtype: np.dtype[np.generic], shape: tuple[int, ...], dims: dict[str, int]
) -> None:
    if not _has_dtype(dtype, form.dtype):
        raise LayoutError(f"{name} must be {form.dtype}. Got {dtype}.")
    wanted = tuple(dims.get(dim, dim) if isinstance(dim, str) else dim for dim in form.dims)
    matches = len(shape) == len(wanted) and all(
        isinstance(want, str) or want == size for want, size in zip(wanted, shape, strict=True)
    )
    if not matches:
        raise LayoutError(f"{name} must have shape ({', '.join(map(str, wanted))}). Got {shape}.")
    for dim, size in zip(form.dims, shape, strict=True):
        if isinstance(dim, str) and dims.setdefault(dim, size) != size:  # a dimension that occurs twice
            raise LayoutError(f"{name} must have shape ({', '.join(map(str, wanted))}). Got {shape}.")


def check_facts(stage: str, facts: Mapping[str, Any], files: Collection[str]) -> None:
    """Check the facts that readers rely on: the names of the classes, and how thumbnails are laid out.

    Parameters
    ----------
    stage : str
        One of ``STAGES``.
    facts : mapping
        A manifest's facts.
    files : collection of str
        The names of the artefact's files.

    Raises
    ------
    LayoutError
        If one is missing or cannot be used.
    """
    if stage == "dataset":
        names, without = facts.get("class_names"), facts.get("no_classifier", "")
        if not isinstance(without, str):
            raise LayoutError(f"The fact no_classifier must be a sentence. Got {without!r}.")
        good = isinstance(names, list | tuple) and all(isinstance(name, str) for name in names)
        if not good or not (names or without):
            raise LayoutError(f"The fact class_names must be a list of names. Got {names!r}.")
        if not _is_part(facts.get("train_in_test", [0, 0])):
            raise LayoutError(
                f"The fact train_in_test must be where rows start and stop. Got {facts['train_in_test']!r}."
            )
    if stage == "thumbnails":
        for fact in ("cell", "columns", "rows", "per_sheet", "sheets"):
            if type(facts.get(fact)) is not int or facts[fact] < 1:
                raise LayoutError(f"The fact {fact} must be an integer above 0. Got {facts.get(fact)!r}.")
        absent = sorted({f"sheet_{i}.webp" for i in range(min(facts["sheets"], 9_999))} - set(files))
        if absent:
            raise LayoutError(f"thumbnails must have {absent[0]}. Got {_listing(files)}.")


def _is_part(part: object) -> bool:
    good = isinstance(part, list | tuple) and len(part) == 2 and all(type(end) is int for end in part)
    return good and 0 <= part[0] <= part[1]  # type: ignore[index]  # it is a list


def _listing(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no files"
