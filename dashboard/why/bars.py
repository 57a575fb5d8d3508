"""Evidence drawn with HTML alone: bars, a strip over C. Every name is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.why.evidence import Stop
from dashboard.why.sentence import stretches
from dashboard.wording.escaping import html
from dashboard.wording.penalty import format_penalty


@dataclass(frozen=True)
class Bar:
    """Describe a bar.

    Attributes
    ----------
    name : str
        Of the class that it stands for.
    colour : str
        ``#RRGGBB``.
    length : float
        -1 to 1; below 0 it goes to the left.
    text : str
        The number, written.
    remark : str
        What stands behind it.
    """

    name: str
    colour: str
    length: float
    text: str
    remark: str = ""


def bar_list(bars: Sequence[Bar], label: str) -> str:
    """Write bars below each other; with one that goes to the left, from a line in the middle.

    Parameters
    ----------
    bars : sequence of Bar
        At least one.
    label : str
        What they show, for screen readers.
    """
    both = any(bar.length < 0 for bar in bars)
    rows = "".join(_row(bar, both) for bar in bars)
    return f'<ul class="lb-bars{" both" if both else ""}" aria-label="{html(label)}">{rows}</ul>'


def _row(bar: Bar, both: bool) -> str:
    width = abs(bar.length) * (50 if both else 100)
    start = 0 if not both else 50 - width if bar.length < 0 else 50
    style = f"margin-left:{start:.1f}%;width:{width:.1f}%;background:{bar.colour}"
    remark = f" <small>{html(bar.remark)}</small>" if bar.remark else ""
    return (
        f'<li><span class="name"><i style="background:{bar.colour}"></i>{html(bar.name)}</span>'
        f'<span class="track"><i style="{style}"></i></span><b>{html(bar.text)}{remark}</b></li>'
    )


def strip(path: Sequence[Stop], at: int, true: int, names: Sequence[str], colours: Sequence[str]) -> str:
    """Write what is predicted at each C: a cell each in the colour of its class, and a mark where it is right.

    Parameters
    ----------
    path : sequence of Stop
        At least one, ascending.
    at : int
        Which is in use.
    true : int
        The image's label.
    names, colours : sequence of str
        Of the classes.
    """
    cells = "".join(_cell(stop, place == at, true, names, colours) for place, stop in enumerate(path))
    parts = "".join(
        f'<span style="flex:{last - first + 1}" title="{html(names[label])}">{html(names[label])}</span>'
        for first, last, label in stretches(path)
    )
    marks = (format_penalty(path[0].C), f"{format_penalty(path[at].C)}, in use", format_penalty(path[-1].C))
    ends = "".join(f"<span>C = {mark}</span>" for mark in marks)
    return (
        f'<div class="lb-strip"><div class="names" aria-hidden="true">{parts}</div>'
        f'<ol aria-label="What is predicted at each value of C">{cells}</ol>'
        f'<div class="ends" aria-hidden="true">{ends}</div></div>'
    )


def _cell(stop: Stop, here: bool, true: int, names: Sequence[str], colours: Sequence[str]) -> str:
    right = stop.predicted == true
    said = f"C = {format_penalty(stop.C)}: {names[stop.predicted]}, {'right' if right else 'wrong'}"
    said += ", in use" if here else ""
    current = ' aria-current="true"' if here else ""
    return (
        f'<li title="{html(said)}"{current}><i style="background:{colours[stop.predicted]}"></i>'
        f'<span aria-hidden="true">{"✓" if right else "✗"}</span><span class="lb-hidden">{html(said)}</span></li>'
    )
