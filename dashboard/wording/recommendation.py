"""What speaks for another setting and what against it, in the same words wherever it is said."""

from __future__ import annotations

from dashboard.statistics.flips import Flips
from dashboard.statistics.intervals import UNLIKELY
from dashboard.statistics.paired_gain import PairedGain
from dashboard.wording.comparison import gain_in_words
from dashboard.wording.numbers import fixed, signed

RULE = (
    "Another setting is recommended where it is better on the same folds by more than two standard errors of that "
    "gain, and not worse on the images that are judged."
)


def in_folds(best: str, now: str, gain: PairedGain, method: str) -> str:
    """Say what cross-validation says of two settings.

    Parameters
    ----------
    best, now : str
        Names of the better one and of the one in use.
    gain : PairedGain
        Of the better one.
    method : str
        The word "cross-validation".
    """
    by = f"({signed(100 * gain.mean, 1)} points, standard error {fixed(100 * gain.error, 1)})"
    if gain.is_clear:
        return f"{best} is better than {now} in {method} {by}"
    if gain.is_visible:
        return f"{best} is a little better than {now} in {method} {by}"
    return f"{best} comes first in {method}, but hardly before {now} {by}"


def on_judged(flips: Flips, judged: str, *, with_interval: bool) -> str:
    """Say what the judged images say of the same two, as the second half of a sentence.

    Parameters
    ----------
    flips : Flips
        From the setting in use to the better one.
    judged : str
        How many images were judged: "1,240 images".
    with_interval : bool
        Whether to say the difference; without it, it stands beside the sentence.
    """
    amount = gain_in_words(flips.gain) if with_interval else ""
    if flips.p >= UNLIKELY:
        return f"on the {judged} here the difference{f', {amount},' if amount else ''} may be chance"
    verdict = "better" if flips.gain.value > 0 else "worse"
    return f"on the {judged} here it is {verdict}{f': {amount}' if amount else ''}"
