"""What is found among the labels: how many look wrong, and pictures in several classes, if that was computed."""

from __future__ import annotations

from types import MappingProxyType

from dashboard.findings.finding import Evidence, Finding
from dashboard.labels.copies import TWO_LABELS
from dashboard.labels.worth import HEAD
from dashboard.page.view_state import ALL_IMAGES
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
        Evidence("Judge these labels", "labels", ALL_IMAGES),
        (faces,),
    )


def two_labels(pictures: int, n: int, faces: tuple[int, ...]) -> Finding | None:
    """Tell that pictures stand in several classes, of which one at the most is right; None where none does.

    Parameters
    ----------
    pictures : int
        How many there are.
    n : int
        Images of the data set.
    faces : tuple of int
        Rows of the test split that show them, the copies of a picture side by side.
    """
    if not pictures:
        return None
    stand = "picture stands" if pictures == 1 else "pictures stand"
    return Finding(
        "copies",
        pictures / n,
        f"<b>{thousands(pictures)} {stand}</b> in two classes or more: the same image, under another label each time.",
        Evidence("Give them one class", "labels", MappingProxyType({**ALL_IMAGES, "copies": TWO_LABELS})),
        (faces,),
    )
