"""What cross-validation says of another setting, and which images would change sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.findings.finding import CANDIDATES, Evidence, Finding
from dashboard.retraining.recommendation import Recommendation
from dashboard.wording.escaping import html
from dashboard.wording.terms import term


def better_setting(
    found: Recommendation,
    judged: str,
    changes: Mapping[str, Any],
    fixed: Sequence[int] = (),
    broken: Sequence[int] = (),
) -> Finding:
    """Say that another setting comes first in cross-validation; a button urges it only where it is recommended.

    Parameters
    ----------
    found : Recommendation
        What was found of the two settings.
    judged : str
        How many images were judged, in words.
    changes : mapping
        What to change in the view to see the other one.
    fixed, broken : sequence of int
        Rows of the test split that only the other one, and only the one in use has right; the most telling first.
    """
    said = found.sentence(judged, named=lambda name: f"<b>{html(name)}</b>", method=term("cross-validation"))
    faces = tuple(tuple(rows[:CANDIDATES]) for rows in (fixed, broken) if len(rows))
    return Finding(
        "setting",
        found.gain.sure,
        f"{said}{_shown(bool(len(fixed)), bool(len(broken)))}",
        Evidence("See what it fixes and breaks", "retrain", changes),
        faces,
        found.best,
        found.is_urged,
    )


def _shown(fixed: bool, broken: bool) -> str:
    """Say which images are beside the sentence."""
    kinds = [what for is_there, what in ((fixed, "would get right"), (broken, "would get wrong")) if is_there]
    return f" Shown are images that it {', and some that it '.join(kinds)}." if kinds else ""
