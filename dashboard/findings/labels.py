"""What is found among the labels: how many look wrong, if that was measured."""

from __future__ import annotations

from types import MappingProxyType

from dashboard.findings.finding import Evidence, Finding
from dashboard.labels.worth import HEAD
from dashboard.page.filter import Filter
from dashboard.wording.numbers import interval, thousands
from dashboard.wording.terms import term
from pipeline.api import HitRate


def wrong_labels(rate: HitRate | None, n: int, faces: tuple[int, ...]) -> Finding | None:
    """Say how many labels at the head of the list of suspects are wrong; None where hardly one is, or nobody knows.

    Parameters
    ----------
    rate : HitRate or None
        What the list is worth.
    n : int
        Images in it.
    faces : tuple of int
        Rows of the test split, the most suspect first.
    """
    if rate is None or n <= HEAD or rate.in_first_50.value < 1:
        return None
    first = rate.in_first_50
    return Finding(
        "labels",
        rate.wrong.value / n,
        f"<b>{thousands(first.value)}</b> of the {HEAD} labels that {term('out of fold')} look most suspect are "
        f"expected to be wrong ({interval(first.low, first.high, thousands)}).",
        Evidence(
            "Judge these labels",
            "labels",
            MappingProxyType({"filter": Filter(), "rows": "", "copies": None, "tag": "", "verdict": None}),
        ),
        (faces,),
    )
