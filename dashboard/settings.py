"""What the bar says of the classifier in use, and what opens from it: C, the map's projection, how good it is."""

from __future__ import annotations

import streamlit as st

from dashboard.maps import picker
from dashboard.maps.in_use import map_in_use
from dashboard.page import messages
from dashboard.page.address import MAP
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext, show_pending
from dashboard.retraining import fit_request
from dashboard.run.cached import family_path
from dashboard.run.data import LONGEST, judged_of, lacks
from dashboard.wording.comparison import accuracy_and_interval
from dashboard.wording.escaping import html, shown
from dashboard.wording.html import definitions
from dashboard.wording.judged import accuracy_name
from dashboard.wording.numbers import images, percent, thousands
from dashboard.wording.penalty import format_penalty
from dashboard.wording.setting import dials, setting_name

OPEN = "settings"
PENALTY = "lazybones.settings_C"
MANY = 8
"""Values of C from which on they stand in columns."""


@st.fragment
def show(context: ViewContext) -> None:
    """Draw the button that says what is in use, and what opens from it."""
    show_pending()
    with messages.shown():
        popover = st.popover(_label(context), icon=":material/tune:", key=OPEN, on_change="rerun")
        if popover.open:
            with popover:
                _contents(context)


def close() -> None:
    """Close what is open, from inside a widget's callback."""
    st.session_state[OPEN] = False


def _label(context: ViewContext) -> str:
    if context.said is None:
        return images(context.data.n_test)
    return f"{setting_name(context.setting)} · {percent(context.said.accuracy)} right"


def _contents(context: ViewContext) -> None:
    title = html(shown(context.run.title)[:LONGEST])
    st.html(f'<p class="lb-small">{title}</p>{definitions(_in_use(context), "lb-facts")}')
    if context.said is not None:
        _penalty(context)
        if "retrain" in context.pages:
            context.link("More on Retrain", "retrain", icon=":material/arrow_forward:")
    if context.view.page == MAP and not lacks(context.data, "projection"):
        st.divider()
        picker.choose(context, map_in_use(context, picker.before(context)), close)
    if context.store.scratch:
        st.caption(
            ":material/lock: This cache is read-only. New fits go to a temporary folder and are lost with it."
        )


def _in_use(context: ViewContext) -> list[tuple[str, ...]]:
    """Say which classifier is in use; of a run without one, what there is."""
    n = context.data.n_test
    if context.said is None:
        k = context.data.n_classes
        return [
            ("Test images" if judged_of(context.data).is_apart else "Images", thousands(n)),
            *([("Classes", thousands(k))] if k else []),
        ]
    accuracy, interval = accuracy_and_interval(context.said.n_correct, n)
    return [
        (accuracy_name(judged_of(context.data)), accuracy, f"{interval}, {images(n)}"),
        ("SVM penalty C", format_penalty(context.C), dials(context.setting)),
    ]


def _penalty(context: ViewContext) -> None:
    """Choose C among what was fitted with this kernel and these training images."""
    now = context.wanted
    path = family_path(context.data, now)
    right = {float(C): percent(share) for C, share in zip(path.C, path.test, strict=True)}
    stops = sorted({*right, now.C})

    with st.container(key="stops-in-columns" if len(stops) > MANY else "stops"):
        st.radio(
            "Penalty C, with the share of images that are right",
            stops,
            format_func=lambda C: f"{format_penalty(C)} · {right.get(C, 'not fitted')}",
            **bound_to(PENALTY, now.C, lambda C: fit_request.choose(context, now.at(C))),
        )
