"""Chosen test images as a table, or as files in folders of their classes."""

from __future__ import annotations

import codecs
import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.columns import Column
from dashboard.run.table import moment, table_of
from dashboard.server.columns import VERDICT
from dashboard.wording.escaping import csv, file_name
from pipeline.api import Stored, Thumbnails, thumbnails_of

COLUMNS = (
    "row", "id", "file", "true_label", "true_class", "predicted_label", "predicted_class", "runner_up_class",
    "correct", "margin", "runner_up_margin", "x", "y",
)  # fmt: skip
JUDGED = frozenset(
    {"predicted_label", "predicted_class", "runner_up_class", "correct", "margin", "runner_up_margin"}
)
"""Those that a classifier fills."""
BLOCK = 1_000
"""Rows written at a time."""
IMAGES_AT_ONCE = 64
"""Images read at a time."""


@dataclass(frozen=True)
class Export:
    """Give what is known of the test images at one C, ready to be written.

    Attributes
    ----------
    dataset, projection : Artefact
        Of one run.
    classifier : Artefact or None
        Of that run, if it has one.
    index : int
        Row of the classifier's arrays.
    """

    dataset: Artefact
    projection: Artefact
    classifier: Artefact | None = None
    index: int = 0

    @property
    def n(self) -> int:
        """Number of test images."""
        return len(self.labels)

    @property
    def image_bytes(self) -> int:
        """Bytes of an image's pixels."""
        return int(np.prod(self.images.shape[1:]))

    @cached_property
    def images(self) -> Stored | Thumbnails:
        """The pixels, uint8 (n, h, w, c), to be read: opening a file checks it, which takes a while."""
        return thumbnails_of(self.dataset, "test")

    @cached_property
    def labels(self) -> NDArray[np.int16]:
        """True labels, int16 (n,)."""
        return self.dataset.array("test_labels")

    @cached_property
    def ids(self) -> NDArray[np.str_]:
        """Names of the images, unicode (n,)."""
        return self.dataset.array("test_ids")

    @cached_property
    def class_names(self) -> list[str]:
        """Name of each class."""
        return [str(name) for name in self.dataset.manifest.facts["class_names"]]

    @cached_property
    def folders(self) -> list[str]:
        """A folder for each class, different also where capitals do not count."""
        names = [file_name(name) for name in self.class_names]
        found: list[str] = []
        for name in names:
            taken = {other.lower() for other in found}
            numbered = (name if i == 1 else f"{name}_{i}" for i in itertools.count(1))
            found.append(next(option for option in numbered if option.lower() not in taken))
        return found

    @cached_property
    def further(self) -> dict[str, Column]:
        """The further columns of the images, by their headings: none is one of ``COLUMNS``."""
        named = ((csv(column.name), column) for column in table_of(self.dataset))
        return {f"{name} (table)" if name in COLUMNS else name: column for name, column in named}

    def table(self, rows: Sequence[int] | NDArray[np.integer[Any]]) -> Iterator[bytes]:
        """Write a table of some rows, as CSV, in pieces: UTF-8 with the mark by which spreadsheets know it.

        Parameters
        ----------
        rows : sequence of int
            Rows of the test split.
        """
        head = codecs.BOM_UTF8 + lines(pd.DataFrame([[*self._columns, *self.further]]))
        for start in range(0, max(len(rows), 1), BLOCK):  # whatever is read has been by the first piece
            yield head + lines(self._frame(np.asarray(rows[start : start + BLOCK])))
            head = b""

    def archive(self, rows: Sequence[int] | NDArray[np.integer[Any]]) -> Iterator[bytes]:
        """Write some images as a ZIP file, in pieces: PNG, pixel for pixel, in folders of their classes, and a table.

        Parameters
        ----------
        rows : sequence of int
            Rows of the test split.
        """
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            with archive.open("images.csv", "w", force_zip64=True) as file:
                for piece in self.table(rows):
                    file.write(piece)
                    yield sink.taken()
            for start in range(0, len(rows), IMAGES_AT_ONCE):
                some = np.asarray(rows[start : start + IMAGES_AT_ONCE])
                for row, image in zip(some.tolist(), self.images[some], strict=True):
                    archive.writestr(self.file(row), _png(image))
                    yield sink.taken()
        yield sink.taken()

    def file(self, row: int) -> str:
        """Give the name of an image's file: its class, if it has one, its row, its id."""
        label = int(self.labels[row])
        folder = f"{self.folders[label]}/" if label >= 0 else ""
        return f"{folder}{row:05d}_{file_name(str(self.ids[row]))}.png"

    @property
    def _columns(self) -> list[str]:
        return [name for name in COLUMNS if self.classifier is not None or name not in JUDGED]

    def _frame(self, rows: NDArray[Any]) -> pd.DataFrame:
        names = np.array([*map(csv, self.class_names), ""], dtype=object)  # the last is label -1's: none
        true, ids = self.labels[rows], map(csv, self.ids[rows].tolist())
        places = self.projection.array("test")[rows]
        columns = {
            "row": rows, "id": ids, "file": map(self.file, rows.tolist()),
            "true_label": true, "true_class": names[true],
            **self._verdict(rows, names), "x": places[:, 0], "y": places[:, 1],
        }  # fmt: skip
        own = (columns[name] for name in self._columns)
        further = (_cells(column, rows) for column in self.further.values())
        return pd.DataFrame(dict(enumerate((*own, *further))))

    def _verdict(self, rows: NDArray[Any], names: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Give what the classifier says of some images, by the names of columns."""
        if self.classifier is None:
            return {}
        predicted, runner_up, margin, ahead = (
            self.classifier.rows(name)[self.index][rows] for name in VERDICT
        )
        return {
            "predicted_label": predicted,
            "predicted_class": names[predicted],
            "runner_up_class": names[runner_up],
            "correct": np.where(self.labels[rows] == predicted, "yes", "no"),
            "margin": margin,
            "runner_up_margin": ahead,
        }


def _cells(column: Column, rows: NDArray[Any]) -> list[Any]:
    """Give what a column has of some images: numbers as they are, everything else as text."""
    taken = column.values[rows]
    if column.kind == "number":
        return list(taken)
    if column.kind == "text":
        return [csv(text or "") for text in taken]
    if column.kind == "date":
        return ["" if np.isnat(value) else moment(value) for value in taken]
    names = [*map(csv, column.names), ""]  # the last is -1's: none
    return [names[place] for place in taken]


def lines(frame: pd.DataFrame) -> bytes:
    """Write rows as CSV: numbers with all the digits it takes to read them back, and nothing for what is not finite."""
    finite = frame.replace([np.inf, -np.inf], np.nan)
    rows: str = finite.to_csv(index=False, header=False, lineterminator="\r\n")
    return rows.encode("utf-8", "replace")


def _png(image: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).save(file, "PNG")
    return file.getvalue()


class _Sink(io.RawIOBase):
    """Collect what is written until it is taken; it cannot be rewound."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
