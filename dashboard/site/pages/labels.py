"""Which labels look wrong, and what people have said of them: to read, not to judge."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from cache import LazybonesError
from cache.counting import counted
from dashboard.components.gallery import Group, Look, Tile, word
from dashboard.labels.copies import found_copies, told
from dashboard.labels.listing import Judged, names_of
from dashboard.labels.suspects import Listed, by_place, found_suspects
from dashboard.labels.worth import found_hit_rate, worth
from dashboard.page.context import ViewContext
from dashboard.run.data import class_name, judged_of
from dashboard.run.labelled import labelled, verdicts_of
from dashboard.site.nodes import Node, heading, html, paragraph, table
from dashboard.site.pages.overview import gallery
from dashboard.views.labels import TITLE
from dashboard.wording.numbers import thousands
from pipeline.api import Record, State

LEAD = "Images whose label looks wrong to classifiers that did not learn from it, the most suspect first."
MOST = 120
"""Suspects that are shown."""
MOST_VERDICTS = 5_000
WORDS = {"keep": "right", "wrong": "wrong", "unsure": "unsure", "excluded": "excluded"}


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes; names of people are not among them."""
    made = found_suspects(context.data)
    if made is None:
        return [heading(TITLE, LEAD), paragraph("**Nobody has computed how suspect each label is.**")]
    suspects, judged = by_place(context.data, made), _judged(context)
    return [
        heading(TITLE, LEAD),
        *_known(context, suspects),
        *_copies(context, suspects, judged),
        *_suspects(context, suspects, judged),
        *_said(context, judged),
    ]


def _judged(context: ViewContext) -> Judged:
    images = labelled(context.data.artefact("dataset"))
    with suppress(LazybonesError):
        return Judged(images, verdicts_of(context.store).state(images))
    return Judged(images, State(0, {}))


def _known(context: ViewContext, suspects: Listed) -> list[Node]:
    """Say what the list is worth, and which pictures are there more than once, where that was computed."""
    copies, rate = found_copies(context.data), found_hit_rate(context.data)
    made = []
    if copies is not None:
        leakage = copies.leakage(context.predictions.predicted)
        made.append(paragraph(told(copies, leakage, judged_of(context.data))))
    if rate is not None:
        twice = copies is not None and copies.pictures > 0
        made.append(paragraph(worth(rate, len(suspects.rank), in_two_classes=twice)))
    return made


def _copies(context: ViewContext, suspects: Listed, judged: Judged) -> list[Node]:
    """Show the pictures that stand in several classes, copies side by side; nothing where there are none."""
    copies = found_copies(context.data)
    if copies is None or not copies.pictures:
        return []
    rows = copies.faces(context.data.n_test, MOST)
    verdicts, names = judged.verdicts(), names_of(context.data, np.array(rows, np.intp))
    tiles = [_tile(context, suspects, verdicts, row, name) for row, name in zip(rows, names, strict=True)]
    head = html(f"<h2>{counted(copies.pictures, 'picture')} in two classes or more</h2>")
    return [
        head,
        paragraph("Copies stand side by side.", style="lb-small"),
        gallery(context, [Group(tiles)], Look(size=104)),
    ]


def _suspects(context: ViewContext, suspects: Listed, judged: Judged) -> list[Node]:
    """Show the most suspect test images: a site has thumbnails of these."""
    data, verdicts = context.data, judged.verdicts()
    order = np.argsort(suspects.rank[: data.n_test], kind="stable")[:MOST]
    if not len(order):
        return []
    tiles = [
        _tile(context, suspects, verdicts, int(row), name)
        for row, name in zip(order, names_of(data, order), strict=True)
    ]
    said = paragraph(f"The first {counted(len(tiles), 'test image')}.", style="lb-small")
    return [said, gallery(context, [Group(tiles)], Look(size=104))]


def _tile(context: ViewContext, suspects: Listed, verdicts: Sequence[str], row: int, name: str) -> Tile:
    given, suggested = int(suspects.given[row]), int(suspects.suggested[row])
    lines = [
        [word(class_name(context.data, given), given)],
        [word("rather"), word(class_name(context.data, suggested), suggested)],
    ]
    verdict = WORDS.get(verdicts[row], "")
    if verdict:
        lines.append([word(f"judged: {verdict}")])
    title = (
        f"{name}: labelled {class_name(context.data, given)}, rather {class_name(context.data, suggested)}"
    )
    return Tile(row, title, lines, wrong=verdicts[row] == "wrong")


def _said(context: ViewContext, judged: Judged) -> list[Node]:
    """List what people have said, image by image."""
    every = sorted((judged.images.places[key], key) for key in judged.state.records)
    said = [(place, judged.state.records[key]) for place, key in every]
    records = [(place, record) for place, record in said if not record.judgement.is_empty]
    head = html("<h2>What people have said</h2>")
    if not records:
        return [head, paragraph("Nothing yet.")]
    shown = records[:MOST_VERDICTS]
    names = names_of(context.data, np.array([place for place, _ in shown], np.intp))
    rows = (_row(name, record) for name, (_, record) in zip(names, shown, strict=True))
    more = f" The first {thousands(len(shown))} are listed." if len(records) > len(shown) else ""
    titles = ("Image", "Label", "Judged", "Right class", "Tags", "Note")
    return [
        head,
        paragraph(f"{counted(len(records), 'label')} judged.{more}", style="lb-small"),
        table(rows, titles),
    ]


def _row(name: str, record: Record) -> tuple[str, ...]:
    said = record.judgement
    return (
        name,
        record.given,
        WORDS.get(said.verdict or "", ""),
        said.judged or "",
        ", ".join(said.tags),
        said.note,
    )
