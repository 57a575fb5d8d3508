"""What a page is given: the run, the classifier in use, what the user looks at, and how to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.navigation.page import Page

from cache import Run, Store
from cache.artefact import Artefact
from dashboard.page.address import MAP_CHANGES, PENDING, newest, request
from dashboard.page.lists import ImageList
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.run.predictions import Predictions
from pipeline.api import Setting


def show_pending() -> None:
    """Run the whole script if a callback asked for a view; for fragments, which rerun without the frame."""
    if PENDING in st.session_state:
        st.rerun()


@dataclass(frozen=True)
class ViewContext:
    """Hold what the frame found out before it renders a page.

    Attributes
    ----------
    store : Store
        The open store.
    data : RunData
        The arrays of the chosen run.
    said : Predictions or None
        What the classifier in use says: its setting, artefact, row, labels and margins. None while the run has no
        classifier: none can be learnt from its data set, or it is not there yet.
    view : ViewState
        What the user looks at, as the URL has it.
    unfitted : Setting or None
        What the URL asks for, in full, if no classifier was fitted so yet; the run's own is shown then.
    pages : mapping of str to Page
        The dashboard's pages by their path, for links.
    lists : list of ImageList
        What the drawer can walk through, in the order in which the page has offered it (`dashboard.page.lists`).
    """

    store: Store
    data: RunData
    said: Predictions | None
    view: ViewState
    unfitted: Setting | None = None
    pages: Mapping[str, Page] = field(default_factory=lambda: MappingProxyType({}))
    lists: list[ImageList] = field(default_factory=list, compare=False)

    @property
    def run(self) -> Run:
        """The chosen run."""
        return self.data.run

    @property
    def predictions(self) -> Predictions:
        """What the classifier in use says, for pages that need one: the frame draws no such page without it.

        Raises
        ------
        ArtefactMissing
            If the run has no classifier.
        """
        return self.data.own_predictions if self.said is None else self.said

    @property
    def C(self) -> float:
        """The penalty of the classifier in use."""
        return self.predictions.C

    @property
    def setting(self) -> Setting:
        """The setting of the classifier in use, in full."""
        return self.predictions.setting

    @property
    def wanted(self) -> Setting:
        """The setting that the URL asks for, in full, whether or not it is fitted."""
        return self.unfitted or self.setting

    @property
    def dark(self) -> bool:
        """Whether the browser shows the dark theme."""
        return bool(st.context.theme.type == "dark")

    @property
    def now(self) -> ViewState:
        """The newest view, for callbacks: more than what is on the page may have been asked for since it was drawn."""
        return newest(self.view)

    def laid_out(self, projection: Artefact) -> ViewContext:
        """Give this context with another map of the run."""
        return replace(self, data=self.data.laid_out(projection))

    def change(self, **changes: Any) -> None:
        """Change the view from inside a widget's callback; the script run that follows shows it.

        Parameters
        ----------
        **changes
            Attributes of `ViewState`.
        """
        request(self.now.changed(**changes))

    def follow(self, **changes: Any) -> None:
        """Note what the map's user has changed, without running the page: it knows already.

        Parameters
        ----------
        **changes
            Attributes of `ViewState`.
        """
        st.session_state[MAP_CHANGES] = changes

    def update(self, **changes: Any) -> None:
        """Change the view from a page's body, and run the script again if that changes anything.

        Parameters
        ----------
        **changes
            Attributes of `ViewState`. With ``page`` the browser goes to that page.
        """
        after = self.now.changed(**changes)
        if after == self.view:
            return
        if after.page != self.view.page:
            st.switch_page(self.pages[after.page], query_params=after.to_query())
        request(after)
        st.rerun()

    def link(self, label: str, page: str, *, icon: str | None = None, **changes: Any) -> None:
        """Show a link to a page that keeps the run, C and filters.

        Parameters
        ----------
        label : str
            The link's text.
        page : str
            The page's path, for example ``"retrain"``.
        icon : str, optional
            A Material icon, for example ``":material/tune:"``.
        **changes
            Attributes of `ViewState` to change on the way.
        """
        query = self.view.changed(**changes).to_query()
        st.page_link(self.pages[page], label=label, icon=icon, query_params=query)
