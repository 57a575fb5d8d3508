"""How large things may be: the one table, for what is read, what is written, and what people bring.

A file can be whole, sealed and absurd, and what is derived of a thing grows faster than the thing: a matrix of its
classes with their square. So sizes are checked where form is, before anything of that size is allocated: in
`cache.schema`, `cache.facts` and `cache.sealed`, and by the pipeline's sources. Decision 52 says why each is as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

CLASSES = 1_000
"""A matrix of them has a million cells; with these every page works within 512 MB."""
CLASS_NAME = 1_024
"""Characters of a class's name: a folder's on Linux has 255 bytes, which are spelled out where they are no text."""
NAME = 200
"""Characters of any other name, and of a class that a table or a person names: of a column, a category, a plug-in."""
ID = 16_384
"""Characters of an image's name: a path on Linux has 4,096 bytes, spelled out where they are no text."""
ID_CHARACTERS = 2**29
"""Of all names of a split together, each padded to the longest, as an array has them."""
IMAGES = 2_000_000
"""Of a split; rows of a table; files of a folder."""
SIDE = 16_384
"""Pixels of a side of an image that the store has as pixels."""
PIXELS = 89_478_485
"""Of one image: Pillow's own limit, a quarter of a GiB in three channels."""
FEATURES = 2**20
"""Numbers that describe one image."""
PENALTIES = 200
"""Values of C on a path: each has an answer for every image."""
FOLDS = 100
"""Parts that are held out in turn."""

SHEETS = 9_999
SHEET_SIDE = 16_383
"""Pixels of a side of a sheet of thumbnails: the format of WebP has no more."""
SHEET_PIXELS = 2**24
"""Of a sheet of thumbnails: 64 MB once it is decoded."""
THUMBNAIL_BYTES = 2**20
"""Of one thumbnail of a data set of files: 160 pixels a side are 102 kB unpacked."""

TEXT = 20_000
"""Characters of a text in a manifest or a run's file."""
LISTED = 100_000
"""Values of a list, or entries of an object, in them."""
DEPTH = 16
"""Lists and objects within each other, in them."""
WHOLE = 2**53
"""The largest whole number in them: Python, NumPy and browsers agree on those up to it."""
SECONDS = 1e9
"""That a stage has taken: thirty years."""

DIMENSIONS: Mapping[str, tuple[int, int]] = {
    "n_train": (1, IMAGES),
    "n_test": (1, IMAGES),
    "n_fitted": (1, IMAGES),
    "n_pooled": (1, 2 * IMAGES),
    "pictures": (0, 2 * IMAGES),
    "h": (1, SIDE),
    "w": (1, SIDE),
    "c": (1, 4),
    "d": (1, FEATURES),
    "k": (1, CLASSES),
    "p": (0, CLASSES * (CLASSES - 1) // 2),
    "machines": (1, CLASSES * (CLASSES - 1) // 2),
    "present": (1, CLASSES),
    "others": (1, CLASSES - 1),
    "axes": (1, 1_000),
    "m": (1, PENALTIES),
    "folds": (1, FOLDS),
    "sizes": (1, 1_000),
    "seeds": (1, 1_000),
    "judges": (1, FOLDS + 1),
    "s": (0, 2**31),
    "slices": (0, 1_000),
    "members": (0, 1_000 * IMAGES),
    "plantings": (2, 1_000),
    "planted": (1, 2 * IMAGES),
    "neighbours": (0, 1_000),
}
"""The least and the most of each named dimension of the store's arrays (`cache.schema`)."""
