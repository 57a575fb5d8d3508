"""The images of another run with the labels that people have mended, and without those that they have left out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft, Store
from cache.columns import FILE, columns_json, read_columns
from cache.commands import command
from cache.places import place_of
from pipeline.compute.progress import Progress, silent
from pipeline.errors import SourceError
from pipeline.inputs.datasets import empty_classes
from pipeline.plugins.options import option, options_of
from pipeline.plugins.parameters import reject
from pipeline.stages.contract import Inputs
from pipeline.stages.evaluation import Assignment, train_in_test
from pipeline.stages.extraction import CORRECTED
from pipeline.stages.source import Source
from pipeline.verdicts.corrections import Corrections, corrections_of
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import copies_after, images_of

_ARRAYS = ("images", "rows", "ids", "folds")
_OF_SPLITS = ("train_", "test_")


@dataclass(frozen=True, kw_only=True)
class Corrected(Source):
    """Give the images of a run as people have corrected them: split, folds and all else stay as they are.

    Parameters
    ----------
    of : str
        Name of the run.
    """

    NAME: ClassVar[str] = CORRECTED
    VERSION: ClassVar[int] = 2
    SUMMARY: ClassVar[str] = "the images of another run, with mended labels, without those that were left out"

    of: str | None = option(None, "the run whose labels people have judged; short: run --corrected RUN")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.of is not None and not isinstance(self.of, str):
            raise reject("of", self.NAME, "the name of a run", self.of)
        for other in options_of(Source):
            if other.name != "seed" and getattr(self, other.name) != other.default:
                raise reject(
                    other.name, self.NAME, "as in the run that is corrected", getattr(self, other.name)
                )

    def prepare(self, progress: Progress = silent, store: Store | None = None) -> None:
        """Look at the run and at what was said of its labels: `content` is made of these.

        Raises
        ------
        SourceError
            If nothing was corrected.
        LazybonesError
            If the run or the database of verdicts cannot be read.
        """
        if store is None or self.of is None:
            raise self._absent()
        dataset = store.artefact("dataset", store.run(self.of).stages["dataset"])
        images = images_of(dataset)
        found = corrections_of(images, open_verdicts(store).state(images))
        if not found:
            raise SourceError(
                f"Labels of {self.of} must have corrections: another class, or images left out. Got none.",
                remedy="judge some labels on the page Labels first",
            )
        self._found[:] = [(dataset, found)]

    def content(self) -> dict[str, object]:
        """Give what changes the images: the data set and its corrections, which `prepare` has found."""
        dataset, corrections = self._found[0] if self._found else (None, None)
        return {"dataset": dataset and dataset.key, "corrections": corrections and corrections.digest}

    def identity(self) -> dict[str, object]:
        """Give the content; how images are judged is the data set's."""
        return self.content()

    @property
    def has_split(self) -> bool:
        """Whether the data set has training images that are not tested on."""
        return train_in_test(self._both[0]) is None

    @property
    def place(self) -> Path | None:
        """Where the files of the data set lie."""
        return place_of(self._both[0]) if self._found else None

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write the data set anew: corrected labels, the rows that are kept of all else.

        Raises
        ------
        SourceError
            If no image would be left of a split.
        """
        dataset, corrections = self._both
        labels, kept = _corrected(dataset, corrections)
        if not all(rows.any() for rows in kept.values()):
            raise SourceError(
                "Corrections must leave an image of each split. Got none.",
                remedy="leave out fewer images on the page Labels",
            )
        for name in dataset.manifest.files:
            if not name.startswith(_OF_SPLITS) and name != FILE:
                shutil.copyfile(dataset.path(name), draft.path(name))
        for split, rows in kept.items():
            draft.save(f"{split}_labels", labels[split][rows])
            for what in _ARRAYS:
                if f"{split}_{what}.npy" in dataset.manifest.files:
                    draft.save(f"{split}_{what}", dataset.rows(f"{split}_{what}")[rows])
        copies = copies_after(corrections.images, corrections.labels)
        for split, start in corrections.images.starts.items():
            rows = kept[split]
            draft.save(f"{split}_copy", copies[start : start + len(rows)][rows])
        if columns := read_columns(dataset):
            shown = np.flatnonzero(kept["test"])
            with draft.path(FILE).open("w", encoding="utf-8") as file:
                file.writelines(columns_json([column.take(shown) for column in columns]))
        draft.facts.update(
            _facts(dataset, corrections, {s: labels[s][rows] for s, rows in kept.items()}, kept)
        )

    @cached_property
    def _found(self) -> list[tuple[Artefact, Corrections]]:
        """What `prepare` has found, if it has."""
        return []

    @property
    def _both(self) -> tuple[Artefact, Corrections]:
        if not self._found:
            raise self._absent()
        return self._found[0]

    def _absent(self) -> SourceError:
        return SourceError(
            f"of of {self.NAME} must be a run whose labels people have judged. Got {self.of or 'none'}.",
            remedy=command("status"),
        )


def _corrected(
    dataset: Artefact, corrections: Corrections
) -> tuple[dict[str, NDArray[np.int16]], dict[str, NDArray[np.bool_]]]:
    """Give the labels of each split, int16 (n,), and which images are kept, bool (n,)."""
    images, part = corrections.images, train_in_test(dataset)
    number = {name: label for label, name in enumerate(corrections.class_names)}
    labels, kept = {}, {}
    for split, start in images.starts.items():
        own = dataset.array(f"{split}_labels")
        keys = images.keys[start : start + len(own)]
        for row, key in enumerate(keys):
            if key in corrections.labels:
                own[row] = number[corrections.labels[key]]
        labels[split] = own
        kept[split] = np.array([key not in corrections.excluded for key in keys], bool)
    if part is not None:
        labels["train"], kept["train"] = labels["test"][part], kept["test"][part]
    return labels, kept


def _facts(
    dataset: Artefact,
    corrections: Corrections,
    labels: dict[str, NDArray[np.int16]],
    kept: dict[str, NDArray[np.bool_]],
) -> dict[str, Any]:
    """Give the data set's facts, with what was corrected, and what that leaves to learn from."""
    facts, part, names = dataset.manifest.facts, train_in_test(dataset), corrections.class_names
    folds = "train_folds.npy" in dataset.manifest.files
    assigned = Assignment(
        np.arange(len(labels["train"])),
        np.arange(len(labels["test"])),
        dataset.array("train_folds")[kept["train"]] if folds else None,
    )
    missing = facts.get("no_classifier") or assigned.lacks(labels["train"], names)
    shown = labels["test"] if part is not None else np.concatenate([labels["train"], labels["test"]])
    changed: dict[str, Any] = {
        "title": f"{facts.get('title', dataset.manifest.plugin)}, corrected",
        "class_names": list(names),
        "corrected": corrections.facts(),
        "notes": [*facts.get("notes", []), *corrections.notes()],
        "empty_classes": empty_classes(shown, names),
    }
    if "images" in facts:
        changed["images"] = len(shown)
    if part is not None:
        start = int(kept["test"][: part.start].sum())
        changed["train_in_test"] = [start, start + len(labels["train"])]
    return {**facts, **changed, **({"no_classifier": missing} if missing else {})}


PLUGIN = Corrected
