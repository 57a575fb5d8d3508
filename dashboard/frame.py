"""The page script: finds out what to show, draws what all pages share, and runs one page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from streamlit.navigation.page import Page

from cache import LazybonesError, Run, Store
from dashboard import gaps, topbar
from dashboard.comparison import trials
from dashboard.comparison.sides import Side
from dashboard.jobs import making
from dashboard.navigation import PageModule, discover
from dashboard.page import address, messages
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState, refused
from dashboard.report import offer as report_offer
from dashboard.run.cached import open_run
from dashboard.run.data import RunData, lacks
from dashboard.run.features import default_run
from dashboard.run.of_process import the_store
from dashboard.run.unfinished import Unfinished, known_names, unfinished
from dashboard.server import sign_in
from dashboard.server.page_source import LONGEST, MISSING
from dashboard.site import offer as site_offer
from dashboard.topbar import Bar
from dashboard.wording.escaping import markdown, shown
from dashboard.workarounds.garbage_collection import collector
from pipeline.api import Asked, InvalidParameter

STYLES = Path(__file__).parent / "styles"


def main() -> None:
    """Draw one page; every failure becomes a message here."""
    st.set_page_config(page_title="Lazybones", page_icon=str(STYLES / "icon.svg"), layout="wide")
    with messages.shown():
        modules = {module.path: module for module in discover()}
        contexts: list[ViewContext] = []
        start = next(iter(modules))
        pages = MappingProxyType(
            {path: _page(module, contexts, path == start) for path, module in modules.items()}
        )
        current = st.navigation(list(pages.values()), position="hidden")
        st.set_page_config(page_title=f"{current.title} · Lazybones")
        _run_page(current, modules[current.url_path or start], pages, contexts)
    collector().soon()


def _page(module: PageModule, contexts: list[ViewContext], default: bool) -> Page:
    def render() -> None:
        module.render(contexts[0])
        if default:
            report_offer.show(contexts[0])
            site_offer.show(contexts[0])

    return st.Page(render, title=module.title, icon=module.icon, url_path=module.path, default=default)


def _run_page(
    current: Page, module: PageModule, pages: Mapping[str, Page], contexts: list[ViewContext]
) -> None:
    bar = topbar.draw()
    if not sign_in.is_admitted():
        sign_in.tell_left()
        return
    store = the_store()
    asked, typed = address.asked_view(module.path)
    names = known_names(store, asked.run)
    if not names:
        messages.show_empty_store()
        return
    view = asked if asked.run in names else address.with_run(asked, default_run(store, names))
    address.settle(view, typed=typed)
    topbar.show_view(bar, store, names, view, pages)
    with bar.notices:
        _say_refused(asked, view)
    run = _run(store, str(view.run))
    with messages.shown(again=run.command if run else ""):
        state = None if run is not None and run.finished else unfinished(store, str(view.run))
        with bar.notices:
            making.panel(store, state)
        missing = _open(store, view, state, module, pages, contexts, bar)
        with st.container(key=f"page-{module.path}"):
            if missing:
                gaps.show(store, state, module, missing, contexts)
            else:
                current.run()
        making.tell_finished(str(view.run))


def _say_refused(asked: ViewState, view: ViewState) -> None:
    """Say what of the address cannot be had."""
    if asked.run not in (None, view.run):
        st.info(f"This cache has no run “{asked.run}”. Showing “{view.run}” instead.", icon=":material/info:")
    missing = st.query_params.get(MISSING)
    if missing:
        name = markdown(shown(missing)[:LONGEST])
        st.info(f"There is no page “{name}”. All pages are in the bar above.", icon=":material/info:")
    for refusal in refused(dict(st.query_params)):
        st.warning(f"{markdown(refusal)} This part of the address is ignored.", icon=":material/warning:")


def _open(
    store: Store,
    view: ViewState,
    state: Unfinished | None,
    module: PageModule,
    pages: Mapping[str, Page],
    contexts: list[ViewContext],
    bar: Bar,
) -> list[str]:
    """Open a run, as far as it is there; give the stages that its page needs and that it lacks."""
    if state is not None and not state.listed:
        return list(module.needs)
    data = open_run(store, str(view.run))
    if not lacks(data, "dataset"):
        with bar.notices:
            context = _context(data, view, pages)
        contexts.append(context)
        if context.said is not None:
            trials.record(Side.of(context))
        topbar.show_classifier(bar, context)
    return [stage for stage in module.needs if lacks(data, stage)]


def _run(store: Store, name: str) -> Run | None:
    """Read a run's file; None if it is not there yet, or damaged, which its page will say."""
    with suppress(LazybonesError):
        return store.run(name)
    return None


def _context(data: RunData, view: ViewState, pages: Mapping[str, Page]) -> ViewContext:
    setting, said = None, None
    if not any(lacks(data, stage) for stage in ("features", "classifier")):
        try:
            setting, said = data.look_up(view.asked)
        except InvalidParameter as error:
            st.warning(
                f"{markdown(error.message)} Showing the run's own classifier.", icon=":material/warning:"
            )
            setting, said = data.look_up(Asked())
    unfitted = setting if said is None else None
    return ViewContext(
        store=data.store,
        data=data,
        said=data.own_predictions if unfitted is not None else said,
        view=view.within(data.n_classes, data.n_test),
        unfitted=unfitted,
        pages=pages,
    )


main()
