"""Widgets whose value is in the URL: what they show is what it says, and what is chosen there is written at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import streamlit as st

from dashboard.page.context import ViewContext


class Bound(TypedDict):
    """Bind a widget of Streamlit: ``st.selectbox("Order", names, **bound(context, "order"))``."""

    key: str
    on_change: Callable[[], None]


def bound(
    context: ViewContext,
    attribute: str,
    shown: Any = None,
    *,
    read: Callable[[Any], Any] | None = None,
    **also: Any,
) -> Bound:
    """Bind a widget to an attribute of the view.

    Parameters
    ----------
    context : ViewContext
        What the user looks at.
    attribute : str
        One of `ViewState`; also the widget's key, so that one page binds it once.
    shown : object, optional
        The widget's value now, where that is not the attribute's or where the attribute is None.
    read : callable, optional
        Makes the attribute's value of the widget's, which is None where somebody presses what is chosen already;
        without it that changes nothing.
    **also
        Other attributes that go with each change.
    """
    return bound_to(
        f"bound {attribute}",
        getattr(context.view, attribute) if shown is None else shown,
        lambda value: context.change(**{attribute: read(value) if read else value}, **also),
        empty=read is not None,
    )


def bound_to(key: str, shown: Any, chosen: Callable[[Any], None], *, empty: bool = False) -> Bound:
    """Bind a widget to what is no single attribute.

    Parameters
    ----------
    key : str
        Its key, one of a page.
    shown : object
        Its value now, as the URL says.
    chosen : callable
        Called with the value that somebody chose, to change the view.
    empty : bool
        Whether None, nothing, can be chosen.
    """

    def changed() -> None:
        value = st.session_state[key]
        if empty or value is not None:
            chosen(value)

    st.session_state[key] = shown
    return {"key": key, "on_change": changed}
