"""What is said of a data set, out as rows of a file and back in: what is here already is not overwritten unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cache.counting import counted
from pipeline.errors import InvalidParameter
from pipeline.inputs.names import names_alike
from pipeline.verdicts.database import State, Verdicts
from pipeline.verdicts.files import Row
from pipeline.verdicts.images import LabelledImages
from pipeline.verdicts.records import Edit, Judgement, Record


def rows_of(
    images: LabelledImages,
    state: State,
    scores: Mapping[str, float] | None = None,
    files: Mapping[str, str] | None = None,
) -> list[Row]:
    """Give a row for each image of which something is said, in the order of the data set.

    Parameters
    ----------
    images : LabelledImages
        The data set.
    state : State
        Of all its images.
    scores, files : mapping of str to float or str, optional
        Score, and path of the file, by the image's key.
    """
    rows = []
    for place, key in enumerate(images.keys):
        record = state.records.get(key)
        if record is not None and not record.judgement.is_empty:
            said = record.judgement
            rows.append(
                Row(
                    id=images.ids[place],
                    file=(files or {}).get(key, ""),
                    split=images.splits[place],
                    given=images.given[place],
                    judged=said.judged,
                    verdict=said.verdict,
                    tags=said.tags,
                    who=record.who,
                    when=record.at,
                    score=(scores or {}).get(key),
                    note=said.note,
                    key=key,
                )
            )
    return rows


@dataclass(frozen=True)
class Imported:
    """Tell what became of a file's rows.

    Attributes
    ----------
    recorded, as_before : int
        Images that have a new record; of which the same was said already.
    differing : tuple of (Row, Record)
        Rows of images of which something else is said here that the file did not know; they were left alone.
    unknown : int
        Rows of no image of the data set.
    """

    recorded: int
    as_before: int
    differing: tuple[tuple[Row, Record], ...]
    unknown: int

    def in_words(self) -> str:
        """Say it in a sentence."""
        parts = [
            f"{counted(self.recorded, 'image')} recorded",
            f"{self.as_before:,} {'was' if self.as_before == 1 else 'were'} so before",
        ]
        if self.differing:
            have = "has" if len(self.differing) == 1 else "have"
            parts.append(f"{len(self.differing):,} {have} another verdict here and stayed as before")
        if self.unknown:
            parts.append(f"{counted(self.unknown, 'row')} of no image of this data set with this label")
        return f"{', '.join(parts)}."


def bring_back(
    verdicts: Verdicts, images: LabelledImages, rows: Sequence[Row], who: str, *, replace: bool = False
) -> Imported:
    """Record what a file says, in one action that can be undone.

    A row's image is that with its key; without one, that with its id, if the given label is still the same. A row that
    has who and when of the last record was written from it: what was changed in it since is taken. What is said here
    otherwise stays, unless it is to be replaced.

    Parameters
    ----------
    verdicts : Verdicts
        Where to.
    images : LabelledImages
        The data set.
    rows : sequence of Row
        Of `read`.
    who : str
        Who brings it.
    replace : bool
        Whether it replaces what is said here already.

    Raises
    ------
    InvalidParameter
        If a judgement is not allowed, two rows contradict each other, or a row's id and key are of two images.
    VerdictError
        If the database cannot be written.
    """
    there = verdicts.state(images).records
    said, unknown = _by_image(images, rows)
    new, differing = [], []
    for key, (row, judgement) in said.items():
        last = there.get(key)
        if (last.judgement if last else Judgement()) == judgement:
            continue
        if last is None or replace or last.judgement.is_empty or (row.who, row.when) == (last.who, last.at):
            new.append(Edit(key, judgement, last.revision if last else 0))
        else:
            differing.append((row, last))
    if new:
        verdicts.record(images, new, who, kind="import")
    return Imported(len(new), len(said) - len(new) - len(differing), tuple(differing), unknown)


def _by_image(images: LabelledImages, rows: Sequence[Row]) -> tuple[dict[str, tuple[Row, Judgement]], int]:
    """Give the row of each image by its key, and what it says; and how many rows are of no image.

    Raises
    ------
    InvalidParameter
        As `bring_back`.
    """
    _check_classes(images, rows)
    by_id, said, unknown = _by_id(images), dict[str, tuple[Row, Judgement]](), 0
    for row in rows:
        named = by_id.get((row.id, row.given))  # without a given label, by the name alone
        key = row.key if row.key in images.places else named
        if key is None or (row.key and row.key != key):
            unknown += 1
            continue
        if by_id.get((row.id, ""), key) != key:  # a spreadsheet sorts one column without the others
            raise InvalidParameter(
                f"The id and key of a row must be of one image. Got the id {row.id!r} "
                f"with the key of {images.ids[images.places[key]]!r}.",
                remedy="sort whole rows, or leave out one of the two columns",
            )
        judgement = _judgement(row)
        if said.setdefault(key, (row, judgement))[1] != judgement:
            raise InvalidParameter(
                f"A file must say one thing of each image. Got two rows of {images.ids[images.places[key]]!r} "
                "that say different things.",
                remedy="leave one of them in the file",
            )
    return said, unknown


def _check_classes(images: LabelledImages, rows: Sequence[Row]) -> None:
    """Refuse a new class that somebody may take for one that is there: that is a slip of the keyboard."""
    known = len(images.class_names)
    for new in sorted({row.judged for row in rows if row.judged} - set(images.class_names)):
        alike = next((labels for labels in names_alike([*images.class_names, new]) if known in labels), None)
        if alike is not None:
            raise InvalidParameter(
                f"judged must be a class of the data set, or one that nobody takes for it. Got {new!r}, "
                f"where there is {images.class_names[alike[0]]!r}."
            )


def _judgement(row: Row) -> Judgement:
    """Give what a row says.

    Raises
    ------
    InvalidParameter
        If it is not allowed; names the row.
    """
    verdict = row.verdict or ("wrong" if row.judged else None)  # who names the right class says so
    try:
        return Judgement(verdict, row.judged, row.tags, row.note).checked()  # type: ignore[arg-type]
    except InvalidParameter as problem:
        got = problem.message.rstrip(".")
        raise InvalidParameter(f"The row of {row.id or row.key!r} must be allowed. Got: {got}.") from problem


def _by_id(images: LabelledImages) -> dict[tuple[str, str], str]:
    """Give the key of each image by its name and label, and by its name alone, where only one has these."""
    found: dict[tuple[str, str], str] = {}
    several = set()
    for name, given, key in zip(images.ids, images.given, images.keys, strict=True):
        for about in ((name, given), (name, "")):
            if found.setdefault(about, key) != key:
                several.add(about)
    return {about: key for about, key in found.items() if about not in several}
