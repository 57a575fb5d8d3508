"""Which labels look wrong: judged one by one, made for the keyboard."""

from __future__ import annotations

import streamlit as st

from cache import LazybonesError
from dashboard.components.text_blocks import heading
from dashboard.images.filters import filter_bar
from dashboard.jobs.request import result
from dashboard.labels.controls import verdict_filters
from dashboard.labels.deck import deck
from dashboard.labels.listing import Judged, listed
from dashboard.labels.suspects import by_place, suspects_request
from dashboard.labels.worth import hit_rate_request, worth
from dashboard.page.context import ViewContext
from dashboard.run.labelled import labelled
from dashboard.wording.escaping import markdown
from pipeline.api import Estimate, State, open_verdicts, read_hit_rate

TITLE = "Labels"
ICON = ":material/label:"
ORDER = 42
NEEDS = ("dataset", "features", "classifier")

LEAD = (
    "Images whose label looks wrong to classifiers that did not learn from it, the most suspect first. "
    "<kbd>K</kbd> keeps a label, <kbd>W</kbd> says that it is wrong, <kbd>/</kbd> names the right class."
)


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(TITLE, LEAD)
    made = result(suspects_request(context))
    if made is None:
        return
    suspects, judged = by_place(context.data, made), _judged(context)
    expected = _worth(context, len(suspects.rank))
    left, right = st.columns([1, 1])
    with left:
        filter_bar(context, "Suggested class", first="Given class")
    with right:
        verdict_filters(context, judged)
    at = listed(context, suspects, judged)
    if len(at):
        deck(context, suspects, judged, at, expected)
    else:
        _empty()


def _worth(context: ViewContext, n: int) -> Estimate | None:
    """Say what the list is worth, or how far that is measured; give how many labels are estimated to be wrong."""
    with st.container(key="worth"):
        measured = result(hit_rate_request(context))
        if measured is None:
            return None
        rate = read_hit_rate(measured)
        st.markdown(worth(rate, n))
    return rate.wrong


def _judged(context: ViewContext) -> Judged:
    """Read what people have said; where that cannot be read, say so: the browser keeps what is judged meanwhile."""
    images = labelled(context.data.artefact("dataset"))
    try:
        return Judged(images, open_verdicts(context.store).state(images))
    except LazybonesError as error:
        st.warning(
            f"What was judged before cannot be read. {markdown(error.message)} What you judge is kept in this "
            "browser until it can be saved.",
            icon=":material/warning:",
        )
        return Judged(images, State(0, {}))


def _empty() -> None:
    with st.container(border=True):
        st.markdown("**No image with these filters.** Choose another class or verdict, or clear the filters.")
