"""What the drawer shows of an image, prepared while another one is looked at: a step through a list only draws it."""

from __future__ import annotations

from dashboard.components.sprites import sprites_of
from dashboard.page.context import ViewContext
from dashboard.run.data import neighbours_of
from dashboard.why.evidence import Evidence, evidence_of, likeness_of, strongest
from dashboard.why.supports import known_supports


def prepare(context: ViewContext, row: int) -> None:
    """Compute what is kept for all sessions: distances and sheets of tiles. Nothing is drawn, and nothing is fitted.

    Parameters
    ----------
    context : ViewContext
        Of the page.
    row : int
        Row of the test split.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If something cannot be read.
    """
    data, said = context.data, context.said
    if data.has("neighbours"):
        sprites_of(data, "test", neighbours_of(data, row)[0])
    found = None if said is None else evidence_of(data, said, row)
    if found is None:
        return
    for rows in (_nearest(found), _pulling(context, found)):
        if rows:
            sprites_of(data, "train", rows)


def _nearest(found: Evidence) -> list[int]:
    return [row for _, nearest in found.nearest_of_both for row, _ in nearest]


def _pulling(context: ViewContext, found: Evidence) -> list[int]:
    pair = found.predicted, found.rival
    support = known_supports(context.data, found.judge, [pair]).get(pair)
    if support is None:
        return []
    pulls = support.pulls(likeness_of(context.data, found.judge, found.row).kernel)
    return [row for pulling in strongest(pulls) for row, _ in pulling]
