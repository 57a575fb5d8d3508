"""Draw why an image is predicted as it is: part of its drawer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cache.counting import counted
from dashboard.components.gallery import Gallery, Group, Look, Tile, gallery, word
from dashboard.components.sprites import sprites_of
from dashboard.jobs import display
from dashboard.jobs.permission import Refused
from dashboard.page.context import ViewContext
from dashboard.run.data import class_name, colours_of, image_ids, judged_of
from dashboard.why.bars import Bar, bar_list, strip
from dashboard.why.evidence import SHOWN, Evidence, evidence_of, likeness_of, strongest
from dashboard.why.sentence import answer
from dashboard.why.supports import Pair, supports_of
from dashboard.wording.escaping import html, markdown
from dashboard.wording.judged import judged_images
from dashboard.wording.numbers import distance, fixed, percent, signed, thousands
from dashboard.wording.terms import term
from pipeline.api import Pulls

MOST_CLASSES = 20
"""Classes whose decision values are listed."""
LOOK = Look(size=84, columns=SHOWN, level=4)
HELD_OUT = (
    " Images held out together with it are left out: the machine that judged it has not learnt from them."
)


def show_why(context: ViewContext, row: int) -> Evidence | None:
    """Say why an image is predicted as it is, show what speaks for it, and give that, if anything is known."""
    data, said = context.data, context.said
    found = None if said is None else evidence_of(data, said, row)
    if found is not None:
        names = [f"<strong>{html(name)}</strong>" for name in data.class_names]
        st.html(f'<p class="lb-why">{answer(found, names)}</p>')
    if found is None:
        return None
    if len(found.path) > 1:
        st.subheader("What is predicted at each value of C", anchor=False)
        st.html(
            f'<p class="lb-small">From the lowest {term("C")} to the highest; ✓ is right, ✗ is wrong.</p>'
        )
        st.html(strip(found.path, found.at, found.true, data.class_names, colours_of(context.data)))
    _nearest(context, found)
    return found


def _has_pairs(context: ViewContext) -> bool:
    """Tell whether a machine of each pair decides; with too many images each class is fitted against the rest."""
    return "one-vs-rest" not in str(context.predictions.artefact.manifest.facts.get("solver"))


def show_votes(context: ViewContext, nearest: NDArray[np.int32]) -> None:
    """Draw of which classes the nearest judged images are, given their rows (n,)."""
    data = context.data
    if data.n_classes < 2:
        return
    labels = data.test_labels[nearest]
    counts = np.bincount(labels[labels >= 0], minlength=data.n_classes)
    order = [int(label) for label in np.argsort(-counts, kind="stable") if counts[label]]
    if not order:
        return
    colours, most = colours_of(context.data), int(counts.max())
    bars = [
        Bar(data.class_names[label], colours[label], counts[label] / most, thousands(counts[label]))
        for label in order
    ]
    n = judged_images(len(labels), judged_of(data))
    st.html(bar_list(bars, f"How many of the {n} nearest to it are of each class"))


def _nearest(context: ViewContext, found: Evidence) -> None:
    """Show the nearest training images of the predicted class and of its rival."""
    st.subheader("Nearest training images", anchor=False)
    held = HELD_OUT if found.judge.fold >= 0 else ""
    predicted, rival = (html(context.data.class_names[label]) for label in (found.predicted, found.rival))
    st.html(
        f'<p class="lb-small">Those of {predicted}, the predicted class, and of {rival}, '
        f"{'the runner-up' if found.right else 'the true class'}, with their distances in "
        f"{term('feature space')}.{held}</p>"
    )
    groups = [
        (label, [(row, distance(apart)) for row, apart in nearest])
        for label, nearest in found.nearest_of_both
    ]
    _training_gallery(context, groups, "nearest training images", "distance")


def _training_gallery(
    context: ViewContext, groups: Sequence[tuple[int, Sequence[tuple[int, str]]]], key: str, what: str
) -> None:
    """Show training images in groups, each of a class and with rows and a number, of which ``what`` says what it is."""
    data = context.data
    rows = [row for _, images in groups for row, _ in images]
    if not rows:
        return
    ids = iter(image_ids(data, "train", rows))
    drawn = [
        Group(
            [_tile(context, row, next(ids), f"{what} {text}", text) for row, text in images],
            data.class_names[label],
            label,
        )
        for label, images in groups
        if images
    ]
    content = Gallery(drawn, sprites_of(data, "train", rows), colours_of(data), action="", look=LOOK)
    gallery(content, key, lambda row: None)


def _tile(context: ViewContext, row: int, image_id: str, told: str, text: str) -> Tile:
    name = class_name(context.data, int(context.data.train_labels[row]))
    return Tile(row, f"{image_id}: {name}, {told}", [[word(text)]])


def show_decision(context: ViewContext, found: Evidence) -> None:
    """Show what the deciding machine is made of, then what the others say; they may have to be fitted first."""
    if not _has_pairs(context):
        return
    st.subheader("What decides", anchor=False)
    with _unless_refused():
        _decision(context, found)


@contextmanager
def _unless_refused() -> Iterator[None]:
    """Say so where machines would have to be fitted that this visitor may not have fitted."""
    try:
        yield
    except Refused as refused:
        display.show_refusal(refused, "Support vectors")


def _decision(context: ViewContext, found: Evidence) -> None:
    pair = (found.predicted, found.rival)
    support = supports_of(context.data, found.judge, [pair], "Support vectors")[pair]
    kernel = likeness_of(context.data, found.judge, found.row).kernel
    if support is None:
        name = markdown(context.data.class_names[found.rival])
        st.caption(f"There was no training image of {name}, so {name} could not be predicted.")
    else:
        _pulls(context, found, support.pulls(kernel))
    if context.data.n_classes > 2:
        _against_all(context, found, kernel)


def _pulls(context: ViewContext, found: Evidence, pulls: Pulls) -> None:
    names, shares = [html(name) for name in context.data.class_names], pulls.shares
    towards = [percent(float(shares[way * pulls.contributions > 0].sum())) for way in (1, -1)]
    first, second = names[found.predicted], names[found.rival]
    count = thousands(len(pulls.rows))
    st.html(
        f'<p class="lb-small">Its {term("decision value")} between {first} and {second} is {signed(pulls.value)}: '
        f"above 0 means {first}. It adds up what {count} {term('support vector', 'support vectors')} pull, "
        f"{towards[0]} of it towards {first} and {towards[1]} towards {second}, and a constant, "
        f"{signed(pulls.intercept)}. These training images pull hardest, each with its share of all pull:</p>"
    )
    groups = [
        (label, [(row, _share(share)) for row, share in pulling])
        for label, pulling in zip((found.predicted, found.rival), strongest(pulls), strict=True)
    ]
    _training_gallery(context, groups, "support vectors", "share of all pulls")


def _share(share: float) -> str:
    """Write the share of one of hundreds: with two decimals."""
    return f"{fixed(100 * share, 2)}%"


def _against_all(context: ViewContext, found: Evidence, kernel: NDArray[np.float64]) -> None:
    """Draw the decision values of the predicted class against each other class, the lowest first."""
    others = _others(context, found)
    pairs: list[Pair] = [(found.predicted, other) for other in others]
    supports = supports_of(context.data, found.judge, pairs, "Decision values")
    values = {
        other: support.pulls(kernel).value for (_, other), support in supports.items() if support is not None
    }
    if not values:
        return
    name = context.data.class_names[found.predicted]
    st.subheader(f"{markdown(name)} against every other class", anchor=False)
    left = context.data.n_classes - 1 - len(others)
    st.html(bar_list(_value_bars(context, values), f"Decision values of {name} against every other class"))
    more = (
        f" Not shown, as their images are farther away: {counted(left, 'class', 'classes')}." if left else ""
    )
    st.caption(
        f"Decision values, the lowest first: above 0 {markdown(name)} wins, below 0 the other class does.{more}"
    )


def _value_bars(context: ViewContext, values: Mapping[int, float]) -> list[Bar]:
    """Make a bar for the decision value against each class, the lowest first."""
    names, colours = context.data.class_names, colours_of(context.data)
    most = max(map(abs, values.values())) or 1.0
    return [
        Bar(names[other], colours[other], value / most, signed(value), "" if value > 0 else "lost")
        for other, value in sorted(values.items(), key=lambda item: item[1])
    ]


def _others(context: ViewContext, found: Evidence) -> list[int]:
    """Give the other classes; of very many, those with the nearest training images."""
    data = context.data
    others = [label for label in range(data.n_classes) if label != found.predicted]
    if len(others) <= MOST_CLASSES:
        return others
    alike = likeness_of(data, found.judge, found.row)
    near = np.full(data.n_classes, np.inf)
    np.minimum.at(near, data.train_labels[alike.learnt], alike.distances[alike.learnt])
    near[found.rival] = -1
    return sorted(sorted(others, key=near.__getitem__)[:MOST_CLASSES])
