"""What the report of a run says: made of what Overview and the site are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cache import Run, Store
from cache.commands import Command
from cache.errors import StoreError
from dashboard.components.gallery import Tile
from dashboard.findings.choose import findings_of, headline_of
from dashboard.findings.display import NOTHING_STANDS_OUT, finding_tiles, made_of
from dashboard.findings.finding import FACES
from dashboard.images.captions import sentence
from dashboard.labels.copies import found_copies
from dashboard.labels.suspects import by_place, found_suspects
from dashboard.labels.worth import found_hit_rate, worth
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.report.confusions import matrix_of
from dashboard.report.model import Block, Face, Label, Made, Mark, Report, Scale, Words
from dashboard.report.montage import montage_of
from dashboard.report.pictures import has_pictures, pictures_of
from dashboard.report.text import plain, printable, short, words_of
from dashboard.run.cached import open_run
from dashboard.run.data import class_name, colours_of, image_ids, lacks, why_no_classifier
from dashboard.run.features import is_stand_in
from dashboard.run.places import command_without_folders
from dashboard.run.provenance import StageRow, stage_rows
from dashboard.topbar import STAND_IN
from dashboard.views.overview import example_groups, how_judged
from dashboard.wording.escaping import shown
from dashboard.wording.html import told
from dashboard.wording.numbers import images, interval95, percent
from dashboard.wording.setting import setting_name
from pipeline.api import Progress

SIDE = 160
"""Pixels of an image beside a finding, at most."""
GROUPS = 14
"""Blocks of examples that fit on a page."""
SUSPECTS = 10
LONGEST_NAME = 22
"""Letters of a name below an image."""
LONGEST_LINE = 160
"""Letters of a line."""
LONGEST_COMMAND = 500
LONGEST_VALUE = 80
"""Letters of a parameter of a stage."""
NEAR = 0.4
"""Of two shares whose names would meet if they stood in one line."""


def report_of(store: Store, name: str, progress: Progress) -> Report:
    """Collect what a report says of a run.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    context = _context(store, name)
    data = context.data
    judged = context.said is not None
    told_title = headline_of(data, context.predictions).title if judged else _title(context)
    stand_in = not lacks(data, "features") and is_stand_in(data)
    return Report(
        run=short(shown(name), 60),
        created=_moment(data.run),
        title=told_title,
        lead=words_of(headline_of(data, context.predictions).sentences) if judged else _lead(context),
        made_of=_cut(words_of(made_of(data))) if not lacks(data, "features") else (),
        warning=(("Stand-in model.", True), (f" {STAND_IN}", False)) if stand_in else (),
        scale=_scale(context) if judged else None,
        blocks=_findings(context) if judged else _examples(context),
        matrix=matrix_of(context) if judged else None,
        montage=montage_of(context, progress),
        suspects=_suspects(context) if judged else None,
        made=_made(context),
    )


def _context(store: Store, name: str) -> ViewContext:
    data = open_run(store, name)
    bare = any(lacks(data, stage) for stage in ("features", "classifier"))
    return ViewContext(store, data, None if bare else data.own_predictions, ViewState(run=name))


def _moment(run: Run) -> datetime:
    """Read when a run was made; without a time zone it is UTC."""
    try:
        moment = datetime.fromisoformat(run.created)
    except ValueError as error:
        raise StoreError(
            f"Run {run.name} must say when it was made, as 2026-01-02T03:04:05+00:00. Got {run.created!r}.",
            remedy=Command(run.command),
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _title(context: ViewContext) -> str:
    data = context.data
    return short(
        shown(str(data.artefact("dataset").manifest.facts.get("title") or data.run.title)), LONGEST_LINE
    )


def _cut(words: Words) -> Words:
    """Cut what somebody has written, a title or the name of a model, where it would take lines."""
    return tuple((short(text, LONGEST_LINE), bold) for text, bold in words)


def _lead(context: ViewContext) -> Words:
    """Say what there is, where nothing was classified, and why."""
    why = why_no_classifier(context.data)
    return plain(" ".join(filter(None, (f"{images(context.data.n_test)}.", why))))


def _scale(context: ViewContext) -> Scale:
    head = headline_of(context.data, context.predictions)
    shares = [share for _, share in head.marks]
    near = max(shares) - min(shares) < NEAR
    marks = tuple(
        Mark(short(shown(name)), percent(share), share, 1 + place * near)
        for place, (name, share) in enumerate(head.marks)
    )
    right = percent(head.accuracy)
    beside = "".join(f"; {mark.name}: {mark.written}" for mark in marks)
    return Scale(
        head.accuracy, *head.interval, right, f"{right} right, {interval95(*head.interval)}{beside}", marks
    )


def _findings(context: ViewContext) -> tuple[Block, ...]:
    seen: list[int] = []
    made = []
    for finding in findings_of(context.data, context.predictions):
        rows = finding.shown(seen)
        seen += rows
        made.append(Block(words_of(finding.sentence), _faces(context, finding_tiles(context, rows))))
    return tuple(made) or (Block(words_of(NOTHING_STANDS_OUT)),)


def _faces(context: ViewContext, tiles: Sequence[Tile]) -> tuple[Face, ...]:
    """Give the images of a gallery with what stands below them; what cannot be seen is named."""
    colours = colours_of(context.data)

    def label(text: str, number: int) -> Label:
        return short(text, LONGEST_NAME), colours[number] if 0 <= number < len(colours) else ""

    rows = [tile.row for tile in tiles]
    pictures = pictures_of(context.data, rows, [tile.title for tile in tiles], SIDE)
    names = [] if has_pictures(context.data) else image_ids(context.data, "test", rows)
    called = [[[(name.rpartition("/")[2], -1)]] for name in names] or [[] for _ in rows]
    return tuple(
        Face(picture, tuple(tuple(label(*word) for word in line) for line in (*first, *tile.lines)))
        for tile, picture, first in zip(tiles, pictures, called, strict=True)
    )


def _examples(context: ViewContext) -> tuple[Block, ...]:
    """Show the first images of each class; without classes, the first images."""
    data = context.data
    if not data.n_classes:
        rows = range(min(data.n_test, GROUPS * FACES))
        tiles = [
            Tile(row, name, [[(name.rpartition("/")[2], -1)]])
            for row, name in zip(rows, image_ids(data, "test", list(rows)), strict=True)
        ]
        parts = [tiles[start : start + FACES] for start in range(0, len(tiles), FACES)]
        return tuple(Block((), _faces(context, part)) for part in parts)
    groups = example_groups(context)
    return tuple(
        Block(((short(group.heading), True),), _faces(context, group.tiles[:FACES]))
        for group in groups[:GROUPS]
    )


def _suspects(context: ViewContext) -> Block | None:
    """Show the test images whose labels look most wrong, if that was computed."""
    data = context.data
    found = found_suspects(data)
    if found is None:
        return None
    listed = by_place(data, found)
    rows = [int(row) for row in listed.rank[: data.n_test].argsort(kind="stable")[:SUSPECTS]]
    tiles = []
    for row, name in zip(rows, image_ids(data, "test", rows), strict=True):
        given, rather = int(listed.given[row]), int(listed.suggested[row])
        lines = [[(class_name(data, given), given)], [("rather", -1), (class_name(data, rather), rather)]]
        tiles.append(Tile(row, sentence(context, row, name), lines))
    rate, copies = found_hit_rate(data), found_copies(data)
    twice = copies is not None and copies.pictures > 0
    said = "" if rate is None else told(worth(rate, len(listed.rank), in_two_classes=twice))
    return Block(words_of(said), _faces(context, tiles))


def _made(context: ViewContext) -> Made:
    rows = stage_rows(context.data, context.said)
    packages = dict.fromkeys(package for row in rows for package in row.versions.split(", ") if package)
    return Made(
        (*_penalty(context), *words_of(how_judged(context))),
        tuple((row.stage, _how(row), row.created, row.key) for row in rows),
        ", ".join(packages),
        short(printable(command_without_folders(context.run.command)), LONGEST_COMMAND),
    )


def _penalty(context: ViewContext) -> Words:
    return () if context.said is None else ((setting_name(context.setting), True), (". ", False))


def _how(row: StageRow) -> str:
    parameters = ", ".join(f"{name} {short(value, LONGEST_VALUE)}" for name, value in row.parameters)
    trouble = ", ".join(text for name, text in row.facts if name == "trouble")
    return short(printable(": ".join(filter(None, (row.plugin, parameters or trouble)))), 2 * LONGEST_LINE)
