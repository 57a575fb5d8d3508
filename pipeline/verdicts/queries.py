"""What is asked of the tables: the last records of images, and what a person can undo and redo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pipeline.verdicts.records import Judgement, Kind, Record
from pipeline.verdicts.schema import actions, current, edits, recorded

_AT_ONCE = 10_000  # keys in one question: databases have limits


def record_of(row: Any) -> Record:
    """Give a row of `schema.recorded` as a record."""
    judgement = Judgement(row.verdict, row.judged, tuple(row.tags), row.note)
    at = row.at.replace(tzinfo=UTC)
    return Record(row.image, row.given, judgement, row.revision, row.who, at, row.action, row.kind)


def last_records(connection: Connection, keys: list[str]) -> dict[str, Record]:
    """Give the last record of each of some images that has one."""
    parts = (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
    asked = (current.where(edits.c.image.in_(part)) for part in parts)
    return {row.image: record_of(row) for part in asked for row in connection.execute(part)}


def history_of(connection: Connection, dataset: str, who: str) -> list[tuple[int, Kind, int]]:
    """Give the actions of a person on a data set, in order: number, kind, what it undoes or redoes."""
    asked = sa.select(actions.c.number, actions.c.kind, actions.c.of)
    mine = asked.where(actions.c.dataset == dataset, actions.c.who == who).order_by(actions.c.number)
    return [(number, kind, of) for number, kind, of in connection.execute(mine)]


def next_of(history: Iterable[tuple[int, Kind, int]], kind: Kind) -> int | None:
    """Give the number of the action that is undone or redone next; None where there is none."""
    done, undone = list[int](), list[int]()
    for number, made, of in history:
        if made == "undo":
            done.remove(of)
            undone.append(of)
        elif made == "redo":
            undone.remove(of)
            done.append(of)
        else:
            done.append(number)
            undone.clear()
    choice = done if kind == "undo" else undone
    return choice[-1] if choice else None


def around(connection: Connection, number: int) -> tuple[dict[str, Judgement], dict[str, Judgement]]:
    """Give what was said of each image of an action before it, and by it."""
    rows = connection.execute(recorded.where(edits.c.action == number))
    after = {row.image: record_of(row).judgement for row in rows}
    own = edits.alias()
    earlier = recorded.join(
        own, sa.and_(own.c.image == edits.c.image, own.c.revision == edits.c.revision + 1)
    )
    rows = connection.execute(earlier.where(own.c.action == number))
    before = {row.image: record_of(row).judgement for row in rows}
    return {key: before.get(key, Judgement()) for key in after}, after


def changed_since(
    connection: Connection,
    number: int,
    who: str,
    there: Mapping[str, Record],
    expected: Mapping[str, Judgement],
) -> list[Record]:
    """Give a record of each image of an action that has changed since: by somebody else, or by its author otherwise."""
    own = edits.alias()
    later = recorded.join(own, sa.and_(own.c.image == edits.c.image, own.c.revision < edits.c.revision))
    others = later.where(own.c.action == number, actions.c.who != who).order_by(edits.c.revision)
    changed = {row.image: record_of(row) for row in connection.execute(others)}
    own_way = {key: record for key, record in there.items() if record.judgement != expected[key]}
    return list((own_way | changed).values())
