"""The page script: finds out what to show, draws what all pages share, and runs one page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from streamlit.navigation.page import Page

from cache import LazybonesError, Store, open_store
from cache.roots import VARIABLE
from dashboard import sidebar
from dashboard.comparison import trials
from dashboard.comparison.sides import Side
from dashboard.navigation import PageModule, discover
from dashboard.page import address, messages
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState, refused
from dashboard.run.cached import open_run
from dashboard.run.features import default_run
from dashboard.wording.escaping import markdown
from dashboard.workarounds.garbage_collection import collector
from pipeline.api import Asked, InvalidParameter

STYLES = Path(__file__).parent / "styles"


def main() -> None:
    """Draw one page; every failure becomes a message here."""
    st.set_page_config(page_title="Lazybones", page_icon=str(STYLES / "icon.svg"), layout="wide")
    st.html(STYLES / "page.css")
    with messages.shown():
        modules = discover()
        contexts: list[ViewContext] = []
        pages = MappingProxyType({module.path: _page(module, contexts, modules[0]) for module in modules})
        current = st.navigation(list(pages.values()), position="hidden")
        st.set_page_config(page_title=f"{current.title} · Lazybones")
        _run_page(current, current.url_path or modules[0].path, pages, contexts)
    collector().page_drawn()


def _page(module: PageModule, contexts: list[ViewContext], start: PageModule) -> Page:
    def render() -> None:
        module.render(contexts[0])

    return st.Page(
        render, title=module.title, icon=module.icon, url_path=module.path, default=module is start
    )


def _run_page(current: Page, path: str, pages: Mapping[str, Page], contexts: list[ViewContext]) -> None:
    sidebar.brand()
    store = _store(os.environ.get(VARIABLE, ""))
    names = store.run_names()
    if not names:
        messages.show_empty_store()
        return
    asked, typed = address.asked_view(path)
    view = asked if asked.run in names else address.with_run(asked, default_run(store, names))
    if not typed:
        address.write(view)
    address.remember(view)
    sidebar.page_bar(view, pages)
    sidebar.run_picker(store, names, view)
    if asked.run not in (None, view.run):
        st.info(f"This cache has no run “{asked.run}”. Showing “{view.run}” instead.", icon=":material/info:")
    for refusal in refused(st.query_params):
        st.warning(
            f"{markdown(refusal)} Until it is corrected, it counts as not said.", icon=":material/warning:"
        )
    with messages.shown(again=_command(store, str(view.run))):
        contexts.append(_context(store, view, pages))
        trials.record(Side.of(contexts[0]))
        sidebar.facts(contexts[0])
        current.run()


def _command(store: Store, name: str) -> str:
    with suppress(LazybonesError):
        return store.run(name).command
    return ""


def _context(store: Store, view: ViewState, pages: Mapping[str, Page]) -> ViewContext:
    data = open_run(store, str(view.run))
    try:
        setting, found = data.look_up(view.asked)
    except InvalidParameter as error:
        st.warning(f"{markdown(error.message)} Showing the run's own classifier.", icon=":material/warning:")
        setting, found = data.look_up(Asked())
    return ViewContext(
        store=store,
        data=data,
        predictions=found or data.own_predictions,
        view=view.within(data.n_classes, data.n_test),
        unfitted=setting if found is None else None,
        pages=pages,
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(location: str) -> Store:
    """Keep the store: it remembers which files it has verified. ``location`` tells environments apart."""
    return open_store()


main()
