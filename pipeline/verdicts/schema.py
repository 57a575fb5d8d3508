"""The tables: actions and their edits, to which rows are only ever added, and the clock that numbers actions."""

from __future__ import annotations

import sqlalchemy as sa

HEAD = "0001"
"""The newest step in ``migrations/versions``."""
VERSIONS = "lazybones_schema"
"""The table in which Alembic notes the step that a database is at."""

metadata = sa.MetaData()

clock = sa.Table(
    "lazybones_clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
"""One row: the number of the last action. Who writes takes it first, so actions are numbered as they come to be."""

actions = sa.Table(
    "lazybones_actions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("dataset", sa.String(40), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),  # UTC
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("of", sa.Integer, sa.ForeignKey("lazybones_actions.number")),  # what is undone or redone
    sa.Index("lazybones_actions_of_person", "dataset", "who"),
)

edits = sa.Table(
    "lazybones_edits",
    metadata,
    sa.Column("image", sa.String(40), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),  # of this image: 1, 2, 3, ...
    sa.Column("action", sa.Integer, sa.ForeignKey("lazybones_actions.number"), nullable=False, index=True),
    sa.Column("given", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(10)),
    sa.Column("judged", sa.Text),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

_later = edits.alias()
recorded: sa.Select[tuple[object, ...]] = sa.select(
    edits, actions.c.who, actions.c.at, actions.c.kind
).join_from(edits, actions)
"""Every edit, with who made it and when."""
current = recorded.where(
    ~sa.exists().where(_later.c.image == edits.c.image, _later.c.revision == edits.c.revision + 1)
)
"""The last edit of each image: the one that no other follows."""
