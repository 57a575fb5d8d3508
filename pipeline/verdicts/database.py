"""Record what people say of labels, and read it back: nothing is changed or removed, and nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import URL, Connection

from cache import Store
from cache.counting import counted
from pipeline.errors import InvalidParameter, VerdictError
from pipeline.verdicts import connection as at
from pipeline.verdicts.failures import where
from pipeline.verdicts.images import LabelledImages
from pipeline.verdicts.queries import around, changed_since, history_of, last_records, next_of, record_of
from pipeline.verdicts.records import LONGEST_NAME, Edit, Judgement, Kind, Record, check_text, conflict
from pipeline.verdicts.schema import actions, clock, current, edits, recorded

MOST_EDITS = 200_000  # of one action


@dataclass(frozen=True)
class State:
    """Hold the last record of each image of a data set that has one.

    Attributes
    ----------
    change : int
        To ask with the next time, for what came since.
    records : dict of str to Record
        By the image's key. One whose judgement is empty was undone.
    """

    change: int
    records: dict[str, Record]


class Verdicts:
    """Keep verdicts; of any thread, and beside other processes.

    Every method raises `VerdictError` where the database is full, read-only, locked, damaged or out of reach, and
    `SchemaTooNew` where a newer version made it. After that it works again as soon as the database does.

    Parameters
    ----------
    url : URL
        Of `pipeline.verdicts.connection.address_of`.
    read_only : bool
        Whether nothing is ever written, not even files beside that of SQLite.
    """

    def __init__(self, url: URL, *, read_only: bool = False) -> None:
        self._url = url
        self._read_only = read_only

    @property
    def where(self) -> str:
        """The file, or the address without its password."""
        return where(self._url)

    def state(self, images: LabelledImages, since: int = 0) -> State:
        """Give the last record of each image: of all that have one, or of those that changed since a change."""
        with at.reading(self._url, read_only=self._read_only) as connection:
            if connection is None:
                return State(0, {})
            change = (
                connection.scalar(sa.select(clock.c.number)) or 0
            )  # first: what comes now is told once more
            rows = connection.execute(current.where(edits.c.action > since)).all()
            return State(change, {row.image: record_of(row) for row in rows if row.image in images.places})

    def history(self, image: str) -> list[Record]:
        """Give all records of the image with this key, the oldest first."""
        with at.reading(self._url, read_only=self._read_only) as connection:
            if connection is None:
                return []
            asked = recorded.where(edits.c.image == image).order_by(edits.c.revision)
            return [record_of(row) for row in connection.execute(asked)]

    def record(
        self,
        images: LabelledImages,
        new: Sequence[Edit],
        who: str,
        action: UUID | None = None,
        kind: Kind = "judge",
    ) -> dict[str, Record]:
        """Record judgements, all or none.

        Parameters
        ----------
        images : LabelledImages
            The data set.
        new : sequence of Edit
            One an image.
        who : str
            Who judges.
        action : UUID, optional
            Where it was recorded before, that is given back and nothing recorded: so a call may be repeated when
            nobody knows whether it came through.
        kind : "judge" or "import"
            How it came to be.

        Returns
        -------
        dict of str to Record
            The new record of each image.

        Raises
        ------
        Conflict
            If an image has changed since the revision that an edit is based on.
        InvalidParameter
            If an edit is not allowed.
        """
        check_text("name", who, LONGEST_NAME)
        checked = _checked(images, new)
        based_on = {edit.image: edit.based_on for edit in new}
        with self._writing() as connection:
            if known := _recorded_as(connection, action, who):
                return known
            there = last_records(connection, list(checked))
            stale = [record for key, record in there.items() if record.revision != based_on[key]]
            if stale:
                raise conflict(stale)
            if ahead := [key for key in checked if based_on[key] and key not in there]:
                raise VerdictError(
                    f"{self.where} must have what was judged before. Got no record of {counted(len(ahead), 'image')}.",
                    remedy="load the page again: this is another database than before",
                )
            return _Action(connection, images, who, action).write(kind, checked, there)

    def undo(self, images: LabelledImages, who: str, action: UUID | None = None) -> dict[str, Record]:
        """Take back the last action of a person on a data set: record what was there before it.

        Returns
        -------
        dict of str to Record
            The new record of each image; empty if there is nothing to take back.

        Raises
        ------
        Conflict
            If an image of it has changed since by other means.
        """
        return self._turn(images, who, action, "undo")

    def redo(self, images: LabelledImages, who: str, action: UUID | None = None) -> dict[str, Record]:
        """Record again what a person has undone last; as `undo`."""
        return self._turn(images, who, action, "redo")

    def close(self) -> None:
        """Close the connections that are kept for the next call."""
        at.forget(self._url)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._read_only:
            raise VerdictError(f"{self.where} must be open for writing. Got a request to read it only.")
        with at.writing(self._url) as connection:
            yield connection

    def _turn(self, images: LabelledImages, who: str, action: UUID | None, kind: Kind) -> dict[str, Record]:
        check_text("name", who, LONGEST_NAME)
        with self._writing() as connection:
            if known := _recorded_as(connection, action, who):
                return known
            number = next_of(history_of(connection, images.digest, who), kind)
            if number is None:
                return {}
            before, after = around(connection, number)
            old, new = (after, before) if kind == "undo" else (before, after)
            there = last_records(connection, list(after))
            if changed := changed_since(connection, number, who, there, old):
                raise conflict(changed)
            return _Action(connection, images, who, action).write(kind, new, there, number)


def open_verdicts(store: Store, url: str | None = None, *, read_only: bool = False) -> Verdicts:
    """Open the database of verdicts of a store; it is made when something is recorded.

    Parameters
    ----------
    store : Store
        Beside which a file of SQLite lies.
    url : str, optional
        Another database; by default that of ``$LAZYBONES_LABELS``, if set.
    read_only : bool
        Whether nothing is ever written.

    Raises
    ------
    InvalidParameter
        If that is no address.
    """
    return Verdicts(at.address_of(store, url, read_only=read_only), read_only=read_only)


class _Action:
    """Write one action."""

    def __init__(self, connection: Connection, images: LabelledImages, who: str, action: UUID | None) -> None:
        self._connection, self._images, self._who = connection, images, who
        self._id = str(action or uuid4())

    def write(
        self, kind: Kind, new: Mapping[str, Judgement], there: Mapping[str, Record], of: int | None = None
    ) -> dict[str, Record]:
        """Write it with its edits, each on top of what is there; give the new records."""
        number = self._connection.scalar(
            sa.update(clock).values(number=clock.c.number + 1).returning(clock.c.number)
        )
        assert number is not None  # noqa: S101  # the first step of the schema writes the row
        now = datetime.now(UTC)
        about = {
            "number": number,
            "id": self._id,
            "dataset": self._images.digest,
            "who": self._who,
            "kind": kind,
        }
        self._connection.execute(sa.insert(actions), {**about, "at": now.replace(tzinfo=None), "of": of})
        records = {
            key: self._next(key, judgement, there.get(key), now, number, kind)
            for key, judgement in new.items()
        }
        self._connection.execute(sa.insert(edits), [_row(record) for record in records.values()])
        return records

    def _next(
        self, key: str, said: Judgement, last: Record | None, now: datetime, number: int, kind: Kind
    ) -> Record:
        given = last.given if last else self._images.given[self._images.places[key]]
        revision = last.revision + 1 if last else 1
        return Record(key, given, said, revision, self._who, now, number, kind)


def _checked(images: LabelledImages, new: Sequence[Edit]) -> dict[str, Judgement]:
    """Give the judgement of each image.

    Raises
    ------
    InvalidParameter
        If one is not allowed, there are two of an image, too many or none, or the data set has no such image.
    """
    if not 0 < len(new) <= MOST_EDITS:
        raise InvalidParameter(f"Judgements at once must be 1 to {MOST_EDITS:,}. Got {len(new):,}.")
    strange = sum(edit.image not in images.places for edit in new)
    if strange or len({edit.image for edit in new}) < len(new):
        got = f"{strange:,} others" if strange else "an image twice"
        raise InvalidParameter(f"Judgements must be of images of the data set, one of each. Got {got}.")
    for edit in new:
        if (
            edit.judgement.judged is not None
            and edit.judgement.judged == images.given[images.places[edit.image]]
        ):
            raise InvalidParameter(
                f"judged must be another class than the given one. Got {edit.judgement.judged!r}."
            )
    return {edit.image: edit.judgement.checked() for edit in new}


def _recorded_as(connection: Connection, action: UUID | None, who: str) -> dict[str, Record]:
    """Give what was recorded as this action already; before that, wait until other writers are done."""
    connection.execute(sa.select(clock.c.number).with_for_update())
    if action is None:
        return {}
    rows = connection.execute(recorded.where(actions.c.id == str(action))).all()
    if rows and rows[0].who != who:
        raise InvalidParameter(f"An action must be of one person. Got that of {rows[0].who!r}, from {who!r}.")
    return {row.image: record_of(row) for row in rows}


def _row(record: Record) -> dict[str, Any]:
    said = record.judgement
    return {
        "image": record.image,
        "revision": record.revision,
        "action": record.change,
        "given": record.given,
        "verdict": said.verdict,
        "judged": said.judged,
        "tags": list(said.tags),
        "note": said.note,
    }
