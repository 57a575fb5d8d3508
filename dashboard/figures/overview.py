"""Draw accuracies on one scale, as HTML: it is there at once, and needs no Plotly on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.wording.escaping import html
from dashboard.wording.numbers import percent


@dataclass(frozen=True)
class Accuracy:
    """Describe one row of the chart.

    Attributes
    ----------
    label, note : str
        What was measured, and a remark under it.
    value : float
        Accuracy in 0..1.
    interval : (float, float), optional
        In which it lies with 95 % confidence; drawn as a whisker.
    kind : str
        ``"run"``, ``"baseline"``, or ``"reference"``: a number from elsewhere, drawn as a line through all rows.
    text : str
        The number as written; made from ``value`` if empty.
    """

    label: str
    note: str
    value: float
    interval: tuple[float, float] | None = None
    kind: str = "run"
    text: str = ""


def accuracy_chart(rows: Sequence[Accuracy]) -> str:
    """Draw accuracies as bars with whiskers, and references as dashed lines.

    Parameters
    ----------
    rows : sequence of Accuracy
        From top to bottom.

    Returns
    -------
    str
        HTML; every text is escaped.
    """
    lines = "".join(
        f'<i class="lb-reference" style="left:{row.value:.4%}"></i>'
        for row in rows
        if row.kind == "reference"
    )
    body = "".join(_row(row, place) for place, row in enumerate(rows, start=1))
    ticks = "".join(f'<span style="left:{share}%">{share}%</span>' for share in (0, 25, 50, 75, 100))
    behind = f'<div class="lb-lines" style="grid-row:1/{len(rows) + 1}" aria-hidden="true">{lines}</div>'
    return (
        f'<div class="lb-accuracies" role="list">{behind}{body}'
        f'<div class="lb-axis" style="grid-row:{len(rows) + 1}" aria-hidden="true">{ticks}</div></div>'
    )


def _row(row: Accuracy, place: int) -> str:
    number = row.text or percent(row.value)
    return (
        f'<div class="lb-label" style="grid-row:{place}" role="listitem"><b>{html(row.label)}</b>'
        f'<span class="lb-number">'
        f"{html(number)}</span><span class='lb-note'>{html(row.note)}</span></div>"
        f'<div class="lb-track lb-{html(row.kind)}" style="grid-row:{place}" aria-hidden="true">{_mark(row)}</div>'
    )


def _mark(row: Accuracy) -> str:
    if row.kind == "reference":
        return f'<i class="lb-tick" style="left:{row.value:.4%}"></i>'
    bar = f'<i class="lb-bar" style="width:{row.value:.4%}"></i>'
    if row.interval is None:
        return bar
    low, high = row.interval
    return f'{bar}<i class="lb-whisker" style="left:{low:.4%};width:{high - low:.4%}"></i>'
