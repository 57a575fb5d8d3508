"""What narrows the list of suspects beside the classes, and its order."""

from __future__ import annotations

import streamlit as st

from dashboard.images.sorting import LABELS
from dashboard.labels.copies import LEAKED, NEAR, SAME, TWO_LABELS, Copies
from dashboard.labels.listing import BY_ORDER, Judged
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.page.view_state import COPIES, UNJUDGED, VERDICTS
from dashboard.wording.numbers import thousands

ANY, ALL, OWN = "any", "", "own"
NAMES = {
    ANY: "Any or none",
    UNJUDGED: "Not judged yet",
    "keep": "Kept",
    "wrong": "Wrong",
    "unsure": "Unsure",
    "excluded": "Excluded",
}
COPIES_NAMES = {
    TWO_LABELS: "Under two labels",
    LEAKED: "In training and test",
    SAME: "All",
    NEAR: "Nearly the same",
}


def verdict_filters(context: ViewContext, judged: Judged, copies: Copies | None) -> None:
    """Choose a verdict, a tag where there are any, copies once they are known, and the order."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="verdicts"):
        shown = context.view.verdict or ANY
        chosen = bound(context, "verdict", shown, read=lambda name: None if name in (ANY, None) else name)
        st.selectbox("Verdict", [ANY, *VERDICTS], format_func=NAMES.__getitem__, **chosen)
        _tags(context, judged.tags())
        _copies(context, copies)
        _order(context)


def _tags(context: ViewContext, tags: list[str]) -> None:
    now = context.view.tag
    offered = [*tags, *([now] if now and now not in tags else [])]
    if offered:
        chosen = bound(context, "tag", now, read=lambda tag: tag or "")
        st.selectbox("Tag", [ALL, *offered], format_func=lambda tag: tag or "Any or none", **chosen)


def _copies(context: ViewContext, copies: Copies | None) -> None:
    """Choose which copies images have, with how many there are; kinds that no image has are left out."""
    now = context.view.copies or ANY
    counts = {} if copies is None else {kind: int(copies.kinds[kind].sum()) for kind in COPIES}
    offered = [kind for kind in COPIES if counts.get(kind) or kind == now]

    def named(kind: str) -> str:
        if kind == ANY:
            return NAMES[ANY]
        return f"{COPIES_NAMES[kind]}: {thousands(counts[kind])}" if counts else COPIES_NAMES[kind]

    chosen = bound(context, "copies", now, read=lambda name: None if name in (ANY, None) else name)
    st.selectbox("Copies", [ANY, *offered], format_func=named, disabled=not offered, **chosen)


def _order(context: ViewContext) -> None:
    now = context.view.sort if context.view.sort in BY_ORDER else OWN
    chosen = bound(context, "sort", now, read=lambda name: None if name in (OWN, None) else name)
    names = {OWN: "Most suspect first", **LABELS}
    st.selectbox("Order", [OWN, *BY_ORDER], format_func=names.__getitem__, **chosen)
