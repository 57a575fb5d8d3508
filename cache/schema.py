"""Which files a stage has: their dtypes, shapes and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cache.errors import LayoutError
from cache.limits import DIMENSIONS, FOLDS, ID, ID_CHARACTERS, PIXELS
from cache.ranges import ABOVE_0, Allowed, Sizes, Values


@dataclass(frozen=True)
class ArrayForm:
    """Hold one file's form: its dtype (or kind ``"U"``), its dimensions, named or of a fixed size, and its values.

    Numbers may have any value where nothing is said of whole ones; others must be finite.
    """

    dtype: str
    dims: tuple[str | int, ...]
    optional: bool = False
    values: Allowed | None = None


def _form(dtype: str, dims: str, values: Allowed | None = None, *, optional: bool = False) -> ArrayForm:
    if values is None and (dtype == "U" or dtype.startswith("float")):
        values = Values()
    sizes = tuple(int(dim) if dim.isdigit() else dim for dim in dims.split())
    return ArrayForm(dtype, sizes, optional, values)


_LABEL, _LABEL_OR_NONE = Values(0, below="k"), Values(-1, below="k")
_GIVEN = Values("no_label", below="k")  # -1 where the data set has no classifier
_SHARE, _SHARE_OR_NAN = Values(0, 1), Values(0, 1, nan=True)
_COUNT, _SOME, _COUNT_OR_NONE = Values(0, "n_test"), Values(1, "n_test"), Values(-1, "n_test")
_FOLD, _JUDGE = Values(0, FOLDS - 1), Values(-1, FOLDS - 1)  # -1: all judge
_ENDS, _POOLED = Values(0, rising="equal"), Values(0, below="n_pooled")
_PENALTIES = _form("float64", "m", Values(ABOVE_0, rising="strict"))
STAGES: Mapping[str, Mapping[str, ArrayForm]] = {
    "dataset": {  # one of files has pictures.bin (WebP files), maybe originals.bin and files.json, instead of pixels
        "train_images": _form("uint8", "n_train h w c", optional=True),
        "test_images": _form("uint8", "n_test h w c", optional=True),
        "train_rows": _form("int32", "n_train", Values(0, below="pictures"), optional=True),
        "test_rows": _form("int32", "n_test", Values(0, below="pictures"), optional=True),
        "picture_ends": _form("int64", "pictures", _ENDS, optional=True),
        "original_ends": _form("int64", "pictures", _ENDS, optional=True),
        "embeddings": _form("float32", "pictures d", optional=True),  # vectors that somebody brought
        # Which it is among the same pictures of its class; without these, in the order of names:
        "train_copy": _form("int32", "n_train", Values(0), optional=True),
        "test_copy": _form("int32", "n_test", Values(0), optional=True),
        # Who judges whom; without these all by the machine fitted on all training images:
        "train_folds": _form("int16", "n_train", _FOLD, optional=True),
        "test_folds": _form("int16", "n_test", _JUDGE, optional=True),
        "train_labels": _form("int16", "n_train", _GIVEN),
        "test_labels": _form("int16", "n_test", _GIVEN),
        "train_ids": _form("U", "n_train"),
        "test_ids": _form("U", "n_test"),
    },
    "features": {  # training images may be some of the test images
        "train": _form("float32", "n_train d", optional=True),
        "test": _form("float32", "n_test d"),
    },
    "classifier": {
        "C": _PENALTIES,
        "weights": _form("float32", "m p d", optional=True),  # of older results
        "intercepts": _form("float64", "m p"),
        "n_support": _form("int32", "m p", Values(0)),
        "predicted_label": _form("int16", "m n_test", _LABEL),
        "runner_up_label": _form("int16", "m n_test", _LABEL),
        "votes": _form("int16", "m n_test", _LABEL),  # from none to those of all other classes
        "runner_up_votes": _form("int16", "m n_test", _LABEL),
        "margin": _form("float32", "m n_test", Values(nan=True)),
        "runner_up_margin": _form("float32", "m n_test", Values(nan=True)),
        "train_predicted_label": _form("int16", "m n_train", _LABEL),
        "train_rows": _form("int32", "n_fitted", Values(0, below="n_train", rising="strict"), optional=True),
    },
    "colours": {"colours": _form("uint8", "k 3")},
    "validation": {"C": _PENALTIES, "accuracy": _form("float64", "m folds", _SHARE)},
    "learning": {
        "sizes": _form("int32", "sizes", Values(1, rising="strict")),
        "accuracy": _form("float64", "sizes seeds", _SHARE),
    },
    "supports": {  # machines of a judge each: of all classes' pairs, without each fold that is held out
        "folds": _form("int16", "judges", _JUDGE),
        "ends": _form("int64", "judges p", Values(0, "s", rising="equal")),
        "intercepts": _form("float64", "judges p", Values(nan=True)),
        "rows": _form("int32", "s", Values(0, below="n_train")),
        "duals": _form("float32", "s"),
    },
    "machines": {  # of one judge: weight vectors, or coefficients of the rows that support any, class by class
        "weights": _form("float32", "machines d", optional=True),
        "rows": _form("int32", "s", Values(0, below="n_train"), optional=True),
        "ends": _form("int64", "present", Values(0, "s", rising="equal"), optional=True),
        "duals": _form("float64", "s others", optional=True),
        "intercepts": _form("float64", "machines"),
        "present": _form("int16", "present", Values(0, below="k", rising="strict")),  # labels
    },
    "novelty": {"distances": _form("float32", "n_test", Values(0, nan=True))},
    "placing": {  # what a method needs to place another image on its map
        "mean": _form("float64", "d", optional=True),
        "loadings": _form("float64", "d axes", optional=True),
        "rows": _form("float32", "n_test axes", optional=True),
        "widths": _form("float64", "n_test 4", Values(0), optional=True),
        "total": _form("float64", "1", Values(0), optional=True),
    },
    "duplicates": {  # of both splits, each image once: groups, and how far each is from its group's first
        "same": _form("int32", "n_pooled", _POOLED),
        "near": _form("int32", "n_pooled", _POOLED),
        "same_distance": _form("float32", "n_pooled", Values(0)),
        "near_distance": _form("float32", "n_pooled", Values(0)),
    },
    "slices": {  # members of all, one slice after the other
        "members": _form("int32", "members", Values(0, below="n_test")),
        "ends": _form("int64", "slices", Values(1, "members", rising="strict")),
        "label": _form("int16", "slices", _LABEL_OR_NONE),
        "counts": _form("int32", "slices 3", (_SOME, _COUNT, _SOME)),
        "interval": _form("float64", "slices 2", _SHARE),
        "taken": _form("int32", "slices 3 3", (_LABEL_OR_NONE, _LABEL_OR_NONE, _COUNT_OR_NONE)),
        "classes": _form("int32", "slices 3 2", (_LABEL_OR_NONE, _COUNT_OR_NONE)),
    },
    "separability": {
        "error": _form("float64", "k k", _SHARE_OR_NAN),
        "margin": _form("float32", "k k 5", Values(nan=True)),
        "neighbours": _form("float64", "k k", _SHARE_OR_NAN),
    },
    "suspects": {  # both splits, or the test split alone where the training images are in it
        "split": _form("uint8", "n_pooled", Values(0, 1)),
        "row": _form("int32", "n_pooled", _POOLED),
        "score": _form("float32", "n_pooled", _SHARE),
        "suggested": _form("int16", "n_pooled", _LABEL),
        "lead": _form("float32", "n_pooled"),
        "margin": _form("float32", "n_pooled"),
        "rank": _form("int32", "n_pooled", _POOLED),
        "folds": _form("int16", "n_pooled", _FOLD),
    },
    "hitrate": {  # labels falsified again and again: a row each time
        "places": _form("int32", "plantings planted", _POOLED),
        "confused": _form("bool", "planted"),  # along the confusion matrix, else at random
    },
    "projection": {"test": _form("float32", "n_test 2")},
    "neighbours": {
        "indices": _form("int32", "n_test neighbours", Values(0, below="n_test")),
        "distances": _form("float32", "n_test neighbours", Values(0)),
    },
    "faithfulness": {"preserved": _form("uint8", "n_test", Values(0, "neighbours"))},
    "thumbnails": {},
}
"""The array files of each stage (``<name>.npy``). Stages may have other files beside them."""

BOUNDED_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("classifier", "colours", "separability", "slices"), ("dataset",)),
    **dict.fromkeys(("supports", "suspects", "duplicates", "machines"), ("dataset",)),
    "hitrate": ("dataset", "suspects"),
    "faithfulness": ("neighbours",),
}
"""What a result must be made from, so that the range of its values is known."""

SHARED = ("k", "no_label", "n_train", "n_test", "n_pooled", "neighbours")
"""Sizes that a result has in common with what it was made from."""


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
        If one is missing that is not optional, has another form, or is larger than anything may be.
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
    if dims.get("h", 0) * dims.get("w", 0) > PIXELS:
        raise LayoutError(f"Images must have at most {PIXELS:,} pixels. Got {dims['w']:,} x {dims['h']:,}.")
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
    for dim, size in zip(form.dims, shape, strict=False):
        matches = matches and (
            isinstance(dim, int) or dims.setdefault(dim, size) == size
        )  # it may occur twice
    if not matches:
        raise LayoutError(f"{name} must have shape ({', '.join(map(str, wanted))}). Got {shape}.")
    for dim in form.dims:
        least, most = (dim, dim) if isinstance(dim, int) else DIMENSIONS[dim]
        if isinstance(dim, str) and not least <= dims[dim] <= most:
            raise LayoutError(f"{name} must have from {least:,} to {most:,} in {dim}. Got {dims[dim]:,}.")
    letters = dtype.itemsize // 4
    if dtype.kind == "U" and (letters > ID or letters * shape[0] > ID_CHARACTERS):
        most = min(ID, ID_CHARACTERS // max(shape[0], 1))
        raise LayoutError(f"{name} must have texts of at most {most:,} characters. Got {letters:,}.")


def check_inputs(stage: str, inputs: Iterable[str]) -> None:
    """Check that a result says what bounds its values.

    Raises
    ------
    LayoutError
        If it does not.
    """
    if missing := set(BOUNDED_BY.get(stage, ())) - set(inputs):
        raise LayoutError(f"{stage} must be made from a {min(missing)}. Got {_listing(inputs)}.")


def check_fit(stage: str, dims: Sizes, known: Sizes) -> None:
    """Check that an artefact's dimensions fit each other and what it was made from.

    Parameters
    ----------
    stage : str
        Its stage.
    dims : mapping of str to int
        Its own.
    known : mapping of str to int
        Those of what it was made from.

    Raises
    ------
    LayoutError
        If they do not.
    """
    for dim in dims.keys() & known.keys():
        if dims[dim] != known[dim]:
            of = f"what it was made from, {known[dim]:,}"
            raise LayoutError(f"{stage} must have as many in {dim} as {of}. Got {dims[dim]:,}.")
    sizes = {**known, **dims}
    k, n = sizes.get("k"), sizes.get("n_test")
    allowed = {
        "p": None if k is None else {k, k * (k - 1) // 2},
        "n_pooled": None if n is None else {n, n + sizes.get("n_train", 0)},
    }
    for dim, those in allowed.items():
        if those and dim in dims and dims[dim] not in those:
            words = " or ".join(f"{size:,}" for size in sorted(those))
            raise LayoutError(f"{stage} must have {words} in {dim}. Got {dims[dim]:,}.")


def _listing(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
