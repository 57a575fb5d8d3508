"""Say how far a run's map can be trusted, in numbers and in words."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from cache import Artefact
from dashboard.jobs.request import Request, about_stage, result
from dashboard.page.context import ViewContext
from dashboard.run.data import has_neighbourhoods
from dashboard.wording.html import stat_cards
from dashboard.wording.numbers import fixed, percent, score
from pipeline.api import FaithfulnessStage

EVERYONE = (
    "There are so few images that each is among the nearest of every other: any map keeps all of these "
    "neighbours, which says nothing of this one."
)


def faithfulness_request(context: ViewContext) -> Request[Artefact]:
    """Ask how far the map in use can be trusted."""
    offer = "A map in two dimensions tears some neighbours apart. How many?"
    return about_stage(context, "Faithfulness", FaithfulnessStage(), offer=offer)


def show_faithfulness(context: ViewContext) -> None:
    """Draw the section; nothing where the run lacks what it is measured with."""
    if not (context.data.has("neighbours") and context.data.has("projection")):
        return
    st.subheader("How far to trust the map", anchor=False)
    if not has_neighbourhoods(context.data):
        st.caption(EVERYONE)
        return
    found = result(faithfulness_request(context))
    if found is not None:
        st.html(numbers(found))
        st.caption(
            "A neighbour is kept if it is among an image's nearest both in feature space and on the map. "
            "*Trustworthiness* falls when strangers come close on the map, *continuity* when neighbours are torn "
            "apart, each by how far. Near 1, trust groups and who lies beside whom; lower, large groups only. How wide "
            "a group is, and how far apart two are, means little in either case. *Faithfulness*, above the map, "
            "colours each image by the neighbours it kept."
        )


def numbers(found: Artefact) -> str:
    """Write what the map keeps, as HTML."""
    facts = found.manifest.facts
    k, mean = int(facts["k"]), float(found.array("preserved").mean())
    cards = (
        ("Neighbours kept", percent(mean / k if k else math.nan), f"{fixed(mean, 1)} of {k}, on average"),
        ("Trustworthiness", _score(facts.get("trustworthiness")), "1: no strangers beside an image"),
        ("Continuity", _score(facts.get("continuity")), "1: no neighbours torn away"),
    )
    return stat_cards(cards)


def _score(value: Any) -> str:
    """Write a score; there is none where the run has too few images."""
    return score(value if isinstance(value, float) else math.nan)
