"""Which classes the features hold apart: every pair in numbers, and one pair image by image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from dashboard.analysis.pair_text import error_sentence, hardest_pairs, neighbour_sentence
from dashboard.components.choices import message as choices_message
from dashboard.figures.matrix import Choice
from dashboard.figures.separability import per_cent
from dashboard.page.context import ViewContext
from dashboard.run.data import has_neighbourhoods
from dashboard.run.whole import find_whole
from dashboard.site.nodes import (
    Node,
    address,
    columns,
    goes_to,
    heading,
    html,
    images,
    paragraph,
    part,
    words,
)
from dashboard.site.pages.map import map_message
from dashboard.views.separability import (
    ALONE,
    TITLE,
    errors_mean,
    lead,
    neighbours_mean,
    pair_lines,
)
from dashboard.wording.escaping import html as safe
from dashboard.wording.numbers import percent
from pipeline.api import SeparabilityStage

BY = ("true", "predicted")
MOST_CLASSES = 40
"""Classes beyond which a matrix would have no room for its numbers: the hardest pairs are listed then."""


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    setting = replace(context.setting, per_class=None)
    found = find_whole(context.store, SeparabilityStage(setting.C, gamma=setting.gamma), context.run.stages)
    head = heading(TITLE, safe(lead(context)))
    if found is None:
        return [
            head,
            paragraph("**Nobody has cross-validated each pair of classes at this C.** Choose the run's own."),
        ]
    error = found.array("error")
    hardest = hardest_pairs(error, 1)
    start = dict.fromkeys(BY, f"{hardest[0][0]}.{hardest[0][1]}") if hardest else {}
    pair = [words(BY, _sentences(context, error)), images(map_message(context), start)]
    return [head, columns("master", _errors(context, found, error), pair), *_neighbours(context, found)]


def _errors(context: ViewContext, found: Artefact, error: NDArray[np.float64]) -> list[Node]:
    names = context.data.class_names
    sentence = error_sentence(error, found.array("margin"), names)
    lines = pair_lines(context, error)
    both = {line.name: dict.fromkeys(BY, line.name) for line in lines}
    listed = choices_message(lines, None, lines=True)
    return [
        html("<h2>Errors of each pair</h2>"),
        *_matrix(context, error, sentence),
        paragraph(ALONE, style="lb-small"),
        paragraph(errors_mean(context, found), style="lb-small"),
        html("<h2>Hardest to tell apart</h2>"),
        part("choices", listed, {"picked": goes_to("separability", {}, values=both)}, BY[:1]),
    ]


def _neighbours(context: ViewContext, found: Artefact) -> list[Node]:
    if not has_neighbourhoods(context.data):
        return []
    shares = found.array("neighbours")
    table = _matrix(context, shares, neighbour_sentence(shares, context.data.class_names))
    lead_ = paragraph(neighbours_mean(context), style="lb-small")
    return [html("<h2>Which classes are neighbours</h2>"), lead_, *table] if table else []


def _matrix(
    context: ViewContext, shares: NDArray[np.float64], sentence: Callable[[Choice], str]
) -> list[Node]:
    """Write a share for each pair of classes as a table whose cells lead to the pair."""
    names = context.data.class_names
    if len(names) > MOST_CLASSES:
        return []
    off = shares[~np.eye(len(names), dtype=bool)]
    most = float(np.nanmax(off, initial=0)) or 1.0
    head = "".join(f'<th scope="col"><span>{safe(name)}</span></th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{safe(name)}</th>'
        f"{''.join(_cell(context, shares, most, (i, j), sentence) for j in range(len(names)))}</tr>"
        for i, name in enumerate(names)
    )
    return [
        html(f'<div class="lb-scroll"><table class="lb-matrix"><tr><td></td>{head}</tr>{rows}</table></div>')
    ]


def _cell(
    context: ViewContext,
    shares: NDArray[np.float64],
    most: float,
    pair: tuple[int, int],
    sentence: Callable[[Choice], str],
) -> str:
    share, said = float(shares[pair]), sentence(pair).replace("<br>", "; ")
    if pair[0] == pair[1]:
        return f'<td class="own" title="{said}">{per_cent(share)}</td>'
    query = {**context.view.to_query(), **dict.fromkeys(BY, f"{min(pair)}.{max(pair)}")}
    href = safe(address("separability", query))
    link = f'<a data-goes href="{href}">{per_cent(share)}</a>'
    return f'<td style="--share: {share / most:.2f}" title="{said}">{link}</td>'


def _sentences(context: ViewContext, error: NDArray[np.float64]) -> dict[str, str]:
    """Say how hard each pair is to tell apart, by the parameters of the address."""
    names = context.data.class_names
    return {
        f"{one}.{other}|{one}.{other}": (
            f"<b>{safe(names[one])}</b> and <b>{safe(names[other])}</b>: {percent(share)} on the wrong side. "
            "Listed are the images of the two that are predicted as one of them."
        )
        for one, other, share in hardest_pairs(
            np.where(np.isnan(error), np.nan, error + 1e-12), len(names) ** 2
        )
    }
