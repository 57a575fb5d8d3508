"""The steps of the database's form: forward from the first, with every row kept."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipeline.verdicts import connection
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import LabelledImages
from pipeline.verdicts.records import Edit, Judgement, Record
from pipeline.verdicts.schema import HEAD, VERSIONS, metadata

FIRST = """
CREATE TABLE lazybones_schema (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT lazybones_schema_pkc PRIMARY KEY (version_num));
CREATE TABLE lazybones_clock (id INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (id));
CREATE TABLE lazybones_actions (
  number INTEGER NOT NULL, id VARCHAR(36) NOT NULL, dataset VARCHAR(40) NOT NULL, who TEXT NOT NULL,
  at DATETIME NOT NULL, kind VARCHAR(10) NOT NULL, "of" INTEGER,
  PRIMARY KEY (number), UNIQUE (id), FOREIGN KEY("of") REFERENCES lazybones_actions (number));
CREATE INDEX lazybones_actions_of_person ON lazybones_actions (dataset, who);
CREATE TABLE lazybones_edits (
  image VARCHAR(40) NOT NULL, revision INTEGER NOT NULL, action INTEGER NOT NULL, given TEXT NOT NULL,
  verdict VARCHAR(10), judged TEXT, tags JSON NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (image, revision), FOREIGN KEY(action) REFERENCES lazybones_actions (number));
CREATE INDEX ix_lazybones_edits_action ON lazybones_edits (action);
INSERT INTO lazybones_schema VALUES ('0001');
INSERT INTO lazybones_clock VALUES (1, 2);
INSERT INTO lazybones_actions VALUES
  (1, 'e9f2c1de-0c5e-4b59-9c41-3d8f0d9f4b11', 'dddd', 'ann', '2026-11-30 20:00:00.000000', 'judge', NULL),
  (2, 'f0f2c1de-0c5e-4b59-9c41-3d8f0d9f4b11', 'dddd', 'ann', '2026-11-30 20:00:01.500000', 'undo', 1);
INSERT INTO lazybones_edits VALUES
  ('aaaa', 1, 1, 'cat', 'wrong', 'frog', '["blurred"]', 'a note'),
  ('aaaa', 2, 2, 'cat', NULL, NULL, '[]', '');
"""
"""A database as the first form was published, with rows: never changed."""


def test_a_database_of_the_first_form_is_taken_forward(store, images):
    """Every row is as it was, and the next goes on top."""
    kept = open_verdicts(store)
    Path(kept.where).parent.mkdir(parents=True, exist_ok=True)
    first = sqlite3.connect(kept.where)
    first.executescript(FIRST)
    first.close()
    told = Judgement("wrong", "frog", ("blurred",), "a note")
    times = [datetime(2026, 11, 30, 20, tzinfo=UTC), datetime(2026, 11, 30, 20, 0, 1, 500_000, UTC)]
    assert kept.history("aaaa") == [
        Record("aaaa", "cat", told, 1, "ann", times[0], 1, "judge"),
        Record("aaaa", "cat", Judgement(), 2, "ann", times[1], 2, "undo"),
    ]
    alone = LabelledImages("dddd", ("cat",), ("aaaa",), ("a",), ("cat",), ("test",), images.rows[:1])
    assert kept.redo(alone, "ann")["aaaa"].judgement == told
    with connection.writing(kept._url) as opened:
        assert differences(opened) == []


def test_the_steps_make_what_the_code_expects(verdicts, images):
    """Of a new database, of both kinds; and the newest step is the one that it is said to be."""
    verdicts.record(images, [Edit(images.keys[0], Judgement("keep"))], "ann")
    with connection.writing(verdicts._url) as opened:
        assert differences(opened) == []
    assert ScriptDirectory(str(connection._MIGRATIONS)).get_current_head() == HEAD


def differences(opened):
    """Compare a database with the tables of the code."""
    context = MigrationContext.configure(opened, opts={"version_table": VERSIONS, "compare_type": True})
    return compare_metadata(context, metadata)
