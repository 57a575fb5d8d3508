"""Make the first form of the database: actions, the edits of each, and the clock that numbers actions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "lazybones_clock",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO lazybones_clock (id, number) VALUES (1, 0)")
    _make_actions()
    _make_edits()


def _make_actions() -> None:
    op.create_table(
        "lazybones_actions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("dataset", sa.String(40), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("of", sa.Integer, sa.ForeignKey("lazybones_actions.number")),
        sa.Index("lazybones_actions_of_person", "dataset", "who"),
    )


def _make_edits() -> None:
    op.create_table(
        "lazybones_edits",
        sa.Column("image", sa.String(40), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column(
            "action", sa.Integer, sa.ForeignKey("lazybones_actions.number"), nullable=False, index=True
        ),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("judged", sa.Text),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
