"""A run as the pages see it, at every C that a site shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cache import Store
from dashboard.comparison.sides import same_test_images, with_penalty
from dashboard.navigation import PageModule, discover
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.cached import open_run
from dashboard.run.data import RunData, lacks
from dashboard.run.predictions import Predictions
from dashboard.topbar import COMPARE
from pipeline.api import Asked


@dataclass(frozen=True)
class Shown:
    """Hold a run of a site.

    Attributes
    ----------
    data : RunData
        The run.
    contexts : tuple of ViewContext
        At each C of its path, ascending; one without a classifier where it has none.
    own : int
        The place of its own C among them.
    """

    data: RunData
    contexts: tuple[ViewContext, ...]
    own: int

    @property
    def penalties(self) -> list[float]:
        """Each C; none without a classifier."""
        return [context.C for context in self.contexts if context.said is not None]

    @property
    def context(self) -> ViewContext:
        """The run at its own C."""
        return self.contexts[self.own]


def shown_run(store: Store, name: str, others: Sequence[str] = ()) -> Shown:
    """Open a run for a site.

    Parameters
    ----------
    store : Store
        Where it is.
    name : str
        Its name.
    others : sequence of str
        The site's other runs.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    data = open_run(store, name)
    pages = tuple(page.path for page in pages_of(data, [open_run(store, other) for other in others]))
    if any(lacks(data, stage) for stage in ("features", "classifier")):
        return Shown(data, (_context(data, None, Asked(), pages),), 0)
    own = data.own_predictions
    family = [data.predictions(own.setting.at(C)) for C in data.settings.path.array("C").tolist()]
    every = {said.C: said for said in (*filter(None, family), own)}
    ordered = [every[C] for C in sorted(every)]
    contexts = (
        _context(data, said, Asked() if said.C == own.C else with_penalty(data, said.setting), pages)
        for said in ordered
    )
    return Shown(data, tuple(contexts), [said.C for said in ordered].index(own.C))


def pages_of(data: RunData, others: Sequence[RunData]) -> list[PageModule]:
    """List the pages that a run has enough for, in the order of the navigation; Compare takes another run."""
    alike = [other for other in others if same_test_images(other, data) and not lacks(other, "classifier")]
    found = [page for page in discover() if not any(lacks(data, stage) for stage in page.needs)]
    return [page for page in found if page.path != COMPARE or alike]


def _context(data: RunData, said: Predictions | None, asked: Asked, pages: Sequence[str]) -> ViewContext:
    view = ViewState(run=data.run.name, asked=asked)
    links: dict[str, Any] = dict.fromkeys(pages)
    return ViewContext(data.store, data, said, view, pages=MappingProxyType(links))
