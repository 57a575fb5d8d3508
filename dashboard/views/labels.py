"""Which labels look wrong: judged one by one, made for the keyboard."""

from __future__ import annotations

import streamlit as st

from cache import Artefact, LazybonesError
from dashboard.components.text_blocks import heading
from dashboard.images.filters import filter_bar
from dashboard.jobs import display
from dashboard.jobs.request import result
from dashboard.labels.controls import verdict_filters
from dashboard.labels.copies import (
    TWO_LABELS,
    Copies,
    are_searched,
    copies_of,
    copies_request,
    told,
    told_of_two_labels,
)
from dashboard.labels.deck import deck
from dashboard.labels.listing import Judged, listed
from dashboard.labels.outcome import show_outcome
from dashboard.labels.suspects import by_place, suspects_request
from dashboard.labels.worth import hit_rate_request, worth
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ALL_IMAGES
from dashboard.run import places
from dashboard.run.data import judged_of
from dashboard.run.labelled import labelled, verdicts_of
from dashboard.wording.escaping import markdown
from pipeline.api import Estimate, State, read_hit_rate

TITLE = "Labels"
ICON = ":material/label:"
ORDER = 42
NEEDS = ("dataset", "features", "classifier")

LEAD = "Images whose label looks wrong to classifiers that did not learn from it, the most suspect first."
KEYS = " <kbd>K</kbd> keeps a label, <kbd>W</kbd> says that it is wrong, <kbd>/</kbd> names the right class."


def render(context: ViewContext) -> None:
    """Draw the page."""
    refused = display.refusal()
    heading(TITLE, LEAD if refused is not None and not refused.again else LEAD + KEYS)
    known, outcome = st.columns([3, 2])
    with known, st.container(key="worth", gap="xsmall"):  # one place for all that is computed: nothing moves
        made = result(suspects_request(context))
        copies, expected = (None, None) if made is None else _known(context, made)
    if made is None:
        return
    suspects, judged = by_place(context.data, made), _judged(context)
    with outcome:
        show_outcome(context, judged.images, made)
    left, right = st.columns([1, 1])
    with left:
        filter_bar(context, "Suggested class", first="Given class", cleared=ALL_IMAGES)
    with right:
        verdict_filters(context, judged, copies)
    at = listed(context, suspects, judged, copies)
    if len(at):
        deck(context, suspects, judged, at, expected, copies)
    else:
        _empty()


def _known(context: ViewContext, made: Artefact) -> tuple[Copies | None, Estimate | None]:
    """Say which pictures are there more than once, and what the list is worth, or how far either is computed.

    Gives the copies, and how many labels are estimated to be wrong.
    """
    copies = _copies(context)
    if copies is None and are_searched(context):
        return None, None
    measured = result(hit_rate_request(context))
    if measured is None:
        return copies, None
    rate = read_hit_rate(measured)
    if copies is None or context.view.copies != TWO_LABELS:
        n = len(by_place(context.data, made).rank)
        st.markdown(worth(rate, n, in_two_classes=copies is not None and copies.pictures > 0))
    return copies, rate.wrong


def _copies(context: ViewContext) -> Copies | None:
    made = result(copies_request(context))
    if made is None:
        return None
    copies = copies_of(context.data, made)
    leakage = copies.leakage(context.predictions.predicted)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="copies"):
        st.markdown(told(copies, leakage, judged_of(context.data)), width="content")
        if context.view.copies == TWO_LABELS:
            st.html(f'<p class="lb-small">{told_of_two_labels(copies)}</p>')
        elif copies.pictures:
            several = "the one that stands" if copies.pictures == 1 else f"the {copies.pictures:,} that stand"
            label, icon = f"Judge {several} in two classes", ":material/content_copy:"
            context.link(label, "labels", icon=icon, sort=None, **{**ALL_IMAGES, "copies": TWO_LABELS})
    return copies


def _judged(context: ViewContext) -> Judged:
    """Read what people have said; where that cannot be read, say so: the browser keeps what is judged meanwhile."""
    images = labelled(context.data.artefact("dataset"))
    try:
        return Judged(images, verdicts_of(context.store).state(images))
    except LazybonesError as error:
        st.warning(
            f"What was judged before cannot be read. {markdown(places.told(error.message))} What you judge is kept "
            "in this browser until it can be saved.",
            icon=":material/warning:",
        )
        return Judged(images, State(0, {}))


def _empty() -> None:
    with st.container(border=True):
        st.markdown("**No image with these filters.** Choose another class or verdict, or clear the filters.")
