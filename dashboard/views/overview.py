"""How good the run is, what its images look like, and what was computed from what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from cache.counting import counted
from dashboard.comparison.sides import suggested_run
from dashboard.components.class_table import Ranked, class_table
from dashboard.components.gallery import Gallery, Group, Look, Tile, gallery, word
from dashboard.components.sprites import sprites_of
from dashboard.components.text_blocks import heading
from dashboard.findings.display import show_findings
from dashboard.images.captions import sentence
from dashboard.images.drawer import show_selected
from dashboard.images.files_report import show_files_report
from dashboard.images.sheet import image_sheet
from dashboard.maps.thumbnail import show_thumbnail
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer
from dashboard.page.messages import show_command
from dashboard.run.data import colours_of, folds_in, image_ids, judged_of, lacks, why_no_classifier
from dashboard.run.features import model_of, other_run
from dashboard.run.predictions import Predictions, untrained
from dashboard.run.provenance import stage_rows, stage_table
from dashboard.run.shared import shared
from dashboard.statistics.intervals import Interval, macro_f1_interval
from dashboard.statistics.scores import class_scores, confusion_matrix
from dashboard.wording.comparison import untrained_sentence
from dashboard.wording.escaping import html, markdown, shown
from dashboard.wording.html import stat_cards
from dashboard.wording.judged import judged_sentence, noun
from dashboard.wording.numbers import images, interval, interval95, score, thousands
from dashboard.wording.setting import dials
from pipeline.api import balanced_accuracy

TITLE = "Overview"
ICON = ":material/dashboard:"
ORDER = 10
NEEDS = ("dataset",)

HOW_TO_READ = (
    "The worst recognised come first. Click a class to see its errors, the dots beside it to see it on the map, or "
    "a heading to sort; point at a number to see its interval."
)
"""Of the table of classes."""
EXAMPLES = 10
"""Example images of each class."""
EXAMPLES_LOOK = Look(size=64, columns=EXAMPLES)
MOST_CLASSES = 40
"""Classes of which examples are shown."""
_PICKED = "lazybones.picked_class"


def render(context: ViewContext) -> None:
    """Draw the page."""
    if context.said is None:
        _heading(context)
        _contents(context)
        show_thumbnail(context)
    else:
        show_findings(context)
        _classes(context)
    (_examples if context.data.n_classes else _all_images)(context)
    show_files_report(context.data.artefact("dataset").manifest.facts)
    _provenance(context)
    show_selected(context)


def _heading(context: ViewContext) -> None:
    """Say what a data set is that no classifier has said anything of."""
    data = context.data
    dataset = str(data.artefact("dataset").manifest.facts.get("title") or data.run.title)
    of = f"of {counted(data.n_classes, 'class', 'classes')}" if data.n_classes else "without classes"
    by = "" if lacks(data, "features") else f", described by <b>{html(model_of(data))}</b>"
    heading(TITLE, f"<b>{html(shown(dataset))}</b>: images {of}{by}.")


def _contents(context: ViewContext) -> None:
    """Say what is in the data set, where no classifier has said anything of it."""
    data, facts = context.data, context.data.artefact("dataset").manifest.facts
    apart = judged_of(data).is_apart
    cards = [("Test images" if apart else "Images", thousands(data.n_test), "")]
    if apart:
        cards.append(("Training images", thousands(len(data.train_labels)), ""))
    if data.n_classes:
        sizes = np.bincount(data.test_labels[data.test_labels >= 0], minlength=data.n_classes)
        low, high = int(sizes.min()), int(sizes.max())
        of = f"of {interval(low, high, thousands)} images" if low < high else f"of {images(low)} each"
        cards.append(("Classes", thousands(data.n_classes), f"{of} in the test split" if apart else of))
    if refused := facts.get("refused"):
        cards.append(("Left out", thousands(len(refused)), "files that are no usable images"))
    st.html(stat_cards(cards))
    why = why_no_classifier(data)
    if why:
        st.info(
            f"{markdown(why)} So nothing is predicted here: the map, its neighbours and the images themselves are "
            "what there is to see.",
            icon=":material/info:",
        )


def _classes(context: ViewContext) -> None:
    st.header("Classes", anchor=False)
    names, colours = context.data.class_names, colours_of(context.data)
    st.caption(f"{HOW_TO_READ} {averages(context)}")
    missing = untrained_sentence(untrained(context.predictions, folds_in(context.data)), names)
    if missing:
        st.caption(missing)
    scores = class_scores(
        confusion_matrix(context.data.test_labels, context.predictions.predicted, len(names))
    )

    def to(page: str) -> Callable[[int], None]:
        return lambda label: st.session_state.update({_PICKED: (page, label)})

    located = to("map") if "map" in context.pages else None
    ranked = Ranked(context.view.ranked, lambda word: context.change(ranked=word))
    class_table(scores, names, colours, "classes", "Show its errors", to("errors"), located, ranked=ranked)
    page, label = st.session_state.pop(_PICKED, (None, None))
    if page is not None:
        context.update(page=page, true_label=label, predicted_label=None, outcome="all")


def averages(context: ViewContext) -> str:
    """Give the means over the classes, in Markdown."""
    said = context.predictions
    f1 = _macro_f1(said, context.data.n_classes)
    balanced = balanced_accuracy(said.test_labels, said.predicted)
    recall = "" if balanced is None else f"; recall **{score(balanced)}**"
    return (
        f"Averaged over the classes, F1 is **{score(f1.value)}** ({interval95(f1.low, f1.high, score)}, bootstrap over "
        f"the images){recall}."
    )


@shared(lambda said, k: (said.key, k))
def _macro_f1(said: Predictions, k: int) -> Interval:
    """Give the mean F1 of the classes."""
    return macro_f1_interval(said.test_labels, said.predicted, k)


def _examples(context: ViewContext) -> None:
    data = context.data
    st.header("Examples", anchor=False)
    st.caption(examples_lead(context))
    groups = example_groups(context)
    flat = [tile.row for group in groups for tile in group.tiles]
    content = Gallery(
        groups=groups,
        sheet=sprites_of(data, "test", flat),
        colours=colours_of(data),
        action="Show details and neighbours",
        selected=context.view.selected,
        look=EXAMPLES_LOOK,
    )
    gallery(content, "examples", offer(context, "examples", flat))
    if data.n_classes > MOST_CLASSES:
        st.caption(f"Not shown: {counted(data.n_classes - MOST_CLASSES, 'more class', 'more classes')}.")


def examples_lead(context: ViewContext) -> str:
    """Say what the examples are, in Markdown."""
    if context.said is None:
        return f"The first {EXAMPLES} images of each class."
    judged = noun(judged_of(context.data))
    return f"The first {EXAMPLES} {judged}s of each class; framed ones are predicted wrong."


def example_groups(context: ViewContext) -> list[Group]:
    """Give the first images of each class."""
    data = context.data
    labels = range(min(data.n_classes, MOST_CLASSES))
    rows = [np.flatnonzero(data.test_labels == label)[:EXAMPLES].tolist() for label in labels]
    tiles = iter(_example_tiles(context, [row for group in rows for row in group]))
    return [
        Group([next(tiles) for _ in own], data.class_names[label], label)
        for label, own in zip(labels, rows, strict=True)
        if own
    ]


def _all_images(context: ViewContext) -> None:
    """Show images that have no classes, in their order, sheet by sheet."""
    st.header("Images", anchor=False)
    image_sheet(
        context,
        np.arange(context.data.n_test),
        "images",
        tiles=_named_tiles,
        own="In the order of the data set",
    )


def _named_tiles(context: ViewContext, rows: Sequence[int]) -> list[Tile]:
    """Make a tile with its name for each image: no more is known of them."""
    ids = image_ids(context.data, "test", list(rows))
    return [Tile(row, name, [[word(name.rpartition("/")[2])]]) for row, name in zip(rows, ids, strict=True)]


def _example_tiles(context: ViewContext, rows: list[int]) -> list[Tile]:
    ids, said = image_ids(context.data, "test", rows), context.said
    return [
        Tile(row, sentence(context, row, name), wrong=said is not None and not said.correct[row])
        for row, name in zip(rows, ids, strict=True)
    ]


def _provenance(context: ViewContext) -> None:
    """Say how everything came about, to those who open it."""
    with st.expander("How this was computed", key="provenance"):
        st.html(f'<p id="computed" class="lb-small">{how_judged(context)}</p>')
        st.html(stage_table(stage_rows(context.data, context.said)))
        if context.run.finished:
            show_command("This command makes the run, or finds it finished:", context.run.command)
        if context.said is not None and other_run(context.data) is None:
            why = "There is no other run on these images yet. This makes one to compare with:"
            show_command(why, suggested_run(context.data))


def how_judged(context: ViewContext) -> str:
    """Say in HTML which classifier it was, and how the images were judged."""
    stored = "Every result is stored under a key made of its parameters and the keys of its inputs."
    if context.said is None:
        return stored
    machine = f"An SVM: {dials(context.setting)}"
    return f"{html(machine)}. {judged_sentence(judged_of(context.data))} {stored}"
