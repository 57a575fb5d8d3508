"""The margin of an image in words: one name for it everywhere."""

from __future__ import annotations

from dashboard.wording.numbers import signed


def margin_words(margin: float, *, correct: bool) -> str:
    """Write how far the true class is ahead of its strongest rival.

    Parameters
    ----------
    margin : float
        Decision value of that pair of classes, oriented towards the true class; may be NaN.
    correct : bool
        Whether the prediction is right. Where the sign says otherwise, votes of other pairs have decided: said, too.
    """
    return f"margin {signed_margin(margin, correct=correct)}"


def signed_margin(margin: float, *, correct: bool) -> str:
    """Write the number alone, and whether votes have decided against it."""
    if correct and margin < 0:
        return f"{signed(margin)}, saved by votes"
    return f"{signed(margin)}, outvoted" if not correct and margin > 0 else signed(margin)
