"""Parts of feature space where the classifier in use is worse than elsewhere: listed, chosen, lit on the map."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cache import Artefact
from cache.counting import counted
from dashboard.components.choices import Choice, choices
from dashboard.components.sprites import sprites_of
from dashboard.images.sheet import FIRST
from dashboard.jobs.request import Request, about_stage, result
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter
from dashboard.page.packed import LONGEST, pack_rows
from dashboard.run.whole import find_whole
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import images, interval, percent, thousands
from pipeline.api import Keys, NamedSlice, Slices, SlicesStage

_LOCATED = "lazybones.located_slice"


def slices_request(context: ViewContext) -> Request[Artefact]:
    """Ask for the slices of the classifier in use; they are looked for as soon as somebody wants to see them."""
    offer = "Nobody has looked for parts of feature space where this classifier is worse than elsewhere."
    return about_stage(context, "Slices", _stage(context), offer=offer, eager=True, keys=_keys(context))


def _stage(context: ViewContext) -> SlicesStage:
    return SlicesStage(context.C)


def _keys(context: ViewContext) -> Keys:
    return {**context.run.stages, "classifier": context.predictions.artefact.key}


def show_slices(context: ViewContext) -> bool:
    """List the slices, the least likely by chance first, and tell whether they are there.

    A press on one shows its errors, one on its dots lights all of it on the map.
    """
    made = result(slices_request(context))
    if made is None:
        return False
    slices = Slices.of(made)
    st.caption(told(slices))
    if slices.found:
        _cards(context, slices)
    return True


def _cards(context: ViewContext, slices: Slices) -> None:
    names, rows = (
        context.data.class_names,
        {str(i): rows_of(context, one) for i, one in enumerate(slices.found)},
    )
    faces = np.concatenate([one.faces for one in slices.found])
    cards = [
        Choice(str(i), one.name(names), percent(one.rate), note(one, names), faces=len(one.faces))
        for i, one in enumerate(slices.found)
    ]
    now = next((name for name, packed in rows.items() if packed == context.view.rows), None)

    def picked(name: str | None) -> None:
        context.change(filter=Filter(), rows=rows[name] if name else "")

    choices(
        cards,
        "slices",
        now,
        picked,
        sheet=sprites_of(context.data, "test", faces.tolist()),
        located=lambda name: st.session_state.update({_LOCATED: name}) if "map" in context.pages else None,
    )
    located = st.session_state.pop(_LOCATED, None)
    if located is not None:
        context.update(page="map", filter=Filter(), rows=rows[located], selected=None)


def rows_of(context: ViewContext, one: NamedSlice) -> str:
    """Pack the images of a slice for an address; of one that is too large for it its errors, or the first of them."""
    n, errors = context.data.n_test, one.members[: one.errors]
    kinds = (pack_rows(rows.astype(np.intp), n) for rows in (one.members, errors, errors[:FIRST]))
    return next((packed for packed in kinds if len(packed) <= LONGEST), "")


def found_slices(context: ViewContext) -> Slices | None:
    """Give the slices of the classifier in use; None where nobody has looked for any."""
    made = find_whole(context.store, _stage(context), _keys(context))
    return None if made is None else Slices.of(made)


def chosen_slice(context: ViewContext) -> NamedSlice | None:
    """Give the slice whose images are chosen; None where it is none of them, or where nobody has looked for any."""
    if not context.view.rows:
        return None
    slices = found_slices(context)
    found = () if slices is None else slices.found
    return next((one for one in found if rows_of(context, one) == context.view.rows), None)


def told(slices: Slices) -> str:
    """Say in Markdown how many slices hold, of how many parts that were looked at."""
    looked = counted(slices.looked_at, "part")
    if not slices.looked_at:
        return "There are too few images to look for slices: a part needs 20, and there must be 8 parts."
    if not slices.found:
        return (
            f"**No slice is worse than the rest.** Of {looked} of feature space none has more errors than chance gives "
            "one of so many."
        )
    n, within = len(slices.found), slices.n_covered
    return (
        f"Slices are images that lie together in feature space. **{counted(n, 'slice')}** of {looked} "
        f"{'has' if n == 1 else 'have'} more errors than the rest, beyond what chance gives one of so many; "
        f"{thousands(within)} of {counted(slices.errors, 'error')} {'is' if within == 1 else 'are'} in "
        f"{'it' if n == 1 else 'them'}. In brackets: intervals that hold for all parts at once."
    )


def note(one: NamedSlice, names: tuple[str, ...]) -> str:
    """Say how bad a slice is, as plain text: its errors, the interval of their share, and the share elsewhere."""
    where = "elsewhere" if one.label is None else f"other {names[one.label]}"
    return (
        f"{thousands(one.errors)} of {images(len(one.members))} wrong ({interval(one.low, one.high)}), "
        f"{where} {percent(one.rest_rate)}"
    )


def described(one: NamedSlice, names: tuple[str, ...]) -> str:
    """Say in Markdown which slice is looked at, and how bad it is."""
    return f"**{markdown(one.name(names))}**: {markdown(note(one, names))}."
