"""What people say of a data set's labels, as rows of a file: with each image's file and how suspect its label is."""

from __future__ import annotations

from cache import Artefact
from cache.pictures import read_files, read_rows
from pipeline.labels.suspects import read_suspects
from pipeline.stages.evaluation import splits_of
from pipeline.verdicts.database import State
from pipeline.verdicts.exchange import rows_of
from pipeline.verdicts.files import Row
from pipeline.verdicts.images import LabelledImages

_SPLITS = ("train", "test")


def exported(dataset: Artefact, images: LabelledImages, state: State, suspects: Artefact | None) -> list[Row]:
    """Give a row for each image of which something is said, in the order of the data set.

    Parameters
    ----------
    dataset : Artefact
        The data set.
    images : LabelledImages
        Its images.
    state : State
        Of all its images.
    suspects : Artefact or None
        Of the stage "suspects", for the scores.

    Raises
    ------
    StoreError
        If the files of the data set or the suspects cannot be read.
    """
    scores = {} if suspects is None else _scores(images, suspects)
    return rows_of(images, state, scores, _files(dataset, images))


def _scores(images: LabelledImages, suspects: Artefact) -> dict[str, float]:
    found = read_suspects(suspects)
    listed = zip(found.split.tolist(), found.row.tolist(), found.score.tolist(), strict=True)
    return {images.keys[images.starts[_SPLITS[split]] + row]: score for split, row, score in listed}


def _files(dataset: Artefact, images: LabelledImages) -> dict[str, str]:
    """Give the path of each image's file below the folder of the data set; of none where there are no files."""
    if not (files := read_files(dataset)):
        return {}
    numbers = [number for split in splits_of(dataset) for number in read_rows(dataset, split).tolist()]
    return {key: files[number]["path"] for key, number in zip(images.keys, numbers, strict=True)}
