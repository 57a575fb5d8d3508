"""What stands in the place of a page that a run has too little for: what is missing, why, and what there is to see."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cache import Store
from dashboard.jobs import making
from dashboard.navigation import PageModule, discover
from dashboard.page.context import ViewContext
from dashboard.page.messages import show_command
from dashboard.run.data import lacks, why_no_classifier
from dashboard.run.unfinished import Unfinished
from dashboard.wording.escaping import markdown


def show(
    store: Store,
    state: Unfinished | None,
    module: PageModule,
    missing: Sequence[str],
    contexts: Sequence[ViewContext],
) -> None:
    """Say what a page lacks.

    Parameters
    ----------
    store : Store
        Where the run is.
    state : Unfinished or None
        How far it is; None if it is finished.
    module : PageModule
        The page.
    missing : sequence of str
        Stages that it needs and the run has not.
    contexts : sequence of ViewContext
        The run opened, if there is so much of it.
    """
    st.title(module.title, anchor=False)
    with st.container(border=True, key="gap"):
        context = contexts[0] if contexts else None
        why = why_no_classifier(context.data) if context is not None and "classifier" in missing else ""
        if why and context is not None:
            st.markdown(f"**This page needs a classifier.** {markdown(why)}")
            if context.data.artefact("dataset").manifest.plugin == "folder":
                st.caption(
                    "There will be one with two classes of two images or more: a folder for each, or a table "
                    "of the classes (`--labels FILE`)."
                )
        elif state is not None:
            making.waiting(store, state, missing)
        elif context is not None:
            names = " and ".join(making.name_of(stage).lower() for stage in missing)
            st.markdown(f"**This run has no {names}.** It was made without.")
            show_command("This adds what is missing:", context.run.command)
        if context is not None:
            _links(context, module)


def _links(context: ViewContext, module: PageModule) -> None:
    """Link the pages that there is enough for."""
    others = [
        other
        for other in discover()
        if other.path != module.path and not any(lacks(context.data, stage) for stage in other.needs)
    ]
    if not others:
        return
    st.caption("What there is to see:")
    with st.container(horizontal=True, gap="small"):
        for other in others:
            context.link(other.title, other.path, icon=other.icon)
