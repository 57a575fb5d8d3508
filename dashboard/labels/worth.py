"""What a list of suspects is worth, measured with labels that were falsified on purpose: said before anybody starts."""

from __future__ import annotations

from dataclasses import replace

from cache.artefact import Artefact
from dashboard.jobs.request import Request, about_stage
from dashboard.page.context import ViewContext
from dashboard.run.data import RunData
from dashboard.run.whole import find_whole
from dashboard.wording.numbers import interval, percent, thousands
from pipeline.api import HitRate, HitRateStage, keys_of_hit_rate, read_hit_rate

FEW = 0.5
"""Share of wrong labels at the head of the list below which it is said that most are right."""
WIDE = 0.8
"""Share of the head of the list that may lie between the ends of what is estimated of it, to be worth a number."""
HEAD = 50
"""Images at the head of the list."""


def hit_rate_request(context: ViewContext) -> Request[Artefact]:
    """Ask how good the list of a run is; it is measured as soon as somebody opens the page."""
    asked = about_stage(
        context,
        "How good the list is",
        HitRateStage(),
        offer="How good this list is has not been measured yet.",
        eager=True,
        keys=keys_of_hit_rate(context.run.stages),
    )
    return replace(asked, note="")


def found_hit_rate(data: RunData) -> HitRate | None:
    """Give how good the list of a run is, if that was measured."""
    found = find_whole(data.store, HitRateStage(), keys_of_hit_rate(data.run.stages))
    return None if found is None else read_hit_rate(found)


def worth(rate: HitRate, n: int, *, in_two_classes: bool = False) -> str:
    """Say in Markdown what a list of n images is worth, and where there is a surer one."""
    low, high = round(100 * rate.low), round(100 * rate.high)
    planted = (
        f"Of 100 labels that were falsified on purpose, the first {percent(rate.share_of_list)} of the list hold "
        f"**{round(100 * rate.found)}** ({interval(low, high, thousands)})."
    )
    if n <= HEAD:
        return planted
    first, every = rate.in_first_50, rate.wrong
    between = interval(first.low, first.high, thousands)
    known, poor = first.high - first.low < WIDE * HEAD, first.value < FEW * HEAD
    about = f"about **{thousands(first.value)}** are wrong ({between})"
    of_first = about if known else f"**{between}** are wrong (no more can be told)"
    of_all = f"of all {thousands(n)} about **{thousands(every.value)}** ({interval(every.low, every.high, thousands)})"
    right = " So most of what you see is right: keep it." if known and poor else ""
    surer = " Surer are the pictures that stand in two classes." if poor and in_two_classes else ""
    return f"{planted} Of its first {HEAD} labels {of_first}, {of_all}.{right}{surer}"
