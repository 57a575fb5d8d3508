"""What a learning curve says, in words."""

from __future__ import annotations

from dashboard.statistics.learning_curve import LearningCurve
from dashboard.wording.judged import accuracy_name
from dashboard.wording.numbers import fixed, images, interval, percent, points, thousands
from pipeline.api import Judged


def learning_sentences(curve: LearningCurve, judged: Judged) -> str:
    """Say in Markdown whether more training images would help."""
    name = accuracy_name(judged).lower()
    accuracy = f"{name}," if "," in name else name
    first, last = curve.sizes[0], curve.sizes[-1]
    text = f"With {images(first)} a class the {accuracy} is **{percent(curve.mean[0])}** on average"
    if len(curve.sizes) == 1:
        return f"{text}."
    text += f"; with up to {thousands(last)}, as many as there are, it is **{percent(curve.mean[-1])}**. "
    step = f"from {interval(curve.sizes[-2], last, thousands)} images ({points(curve.last_gain)} points"
    if curve.parts > 1:
        step += f", standard error {fixed(100 * curve.last_error, 2)}"
    if curve.still_rises:
        return f"{text}It still rises {step}): more training images would help."
    return f"{text}That it changes {step}) may be chance: more images of the same kind may help little."
