"""Say how far a run's map can be trusted: numbers for the map's menu, and an offer to measure where there are none."""

from __future__ import annotations

from cache import Artefact
from dashboard.components.map_content import Trust
from dashboard.jobs.request import Request, about_stage, result
from dashboard.page.context import ViewContext
from dashboard.run.data import has_neighbourhoods
from dashboard.run.whole import find_whole
from pipeline.api import FaithfulnessStage


def faithfulness_request(context: ViewContext) -> Request[Artefact]:
    """Ask how far the map in use can be trusted."""
    offer = "A map in two dimensions tears some neighbours apart. How many?"
    return about_stage(context, "Faithfulness", FaithfulnessStage(), offer=offer)


def offer_faithfulness(context: ViewContext) -> None:
    """Offer to measure it, and show how far that is; nothing where it is known, or cannot be measured."""
    if has_neighbourhoods(context.data) and context.data.has("projection"):
        result(faithfulness_request(context))


def trust_of(context: ViewContext) -> Trust | None:
    """Give how far the map in use can be trusted; None where that was not measured, or there are no neighbours.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If what was measured cannot be read.
    """
    if not (context.data.has("neighbours") and context.data.has("projection")):
        return None
    if not has_neighbourhoods(context.data):
        return Trust()
    found = find_whole(context.store, FaithfulnessStage(), context.run.stages)
    if found is None:
        return None
    facts = found.manifest.facts
    kept = float(found.array("preserved").mean())
    return Trust(int(facts["k"]), kept, facts.get("trustworthiness"), facts.get("continuity"))
