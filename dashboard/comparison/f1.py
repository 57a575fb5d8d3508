"""The mean F1 of the classes: by how much one classifier's is higher than another's."""

from __future__ import annotations

import streamlit as st

from dashboard.comparison.sides import Side
from dashboard.run.shared import shared
from dashboard.statistics.intervals import Interval, macro_f1_difference
from dashboard.wording.comparison import gain_in_words
from dashboard.wording.escaping import html
from dashboard.wording.terms import term


@shared(lambda before, after: (before.key, after.key))
def f1_gain(before: Side, after: Side) -> Interval:
    """Give by how much the mean F1 of the classes is higher after than before, with its interval."""
    data = after.data
    answers = before.predictions.predicted, after.predictions.predicted
    return macro_f1_difference(data.test_labels, *answers, data.n_classes)


def show_f1(gain: Interval) -> None:
    """Say how the mean F1 of the classes changed, and how it was tested."""
    said = f"{term('F1')} averaged over the classes, difference: {html(gain_in_words(gain))}."
    test = term("McNemar", "McNemar's test")
    how = (
        f"Whether a change may be chance is asked by {test} (p, in its mid-p version); "
        "intervals are those of Agresti and Min for accuracies, and of a bootstrap over the images for F1."
    )
    st.html(f'<p class="lb-small">{said} {how}</p>')
