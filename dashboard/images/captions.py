"""Say in words what one test image is: for tiles, tooltips and screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.gallery import Tile, word
from dashboard.page.context import ViewContext
from dashboard.run.data import class_name, image_ids
from dashboard.wording.margin import margin_words


def sentence(context: ViewContext, row: int, image_id: str) -> str:
    """Describe an image in one sentence."""
    names, said = context.data.class_names, context.said
    true = int(context.data.test_labels[row])
    told = [class_name(context.data, true)] if names else []
    if said is not None:
        predicted, runner_up = names[int(said.predicted[row])], names[int(said.runner_up[row])]
        told += [f"predicted {predicted}" if true != said.predicted[row] else "predicted right"]
        told += [f"runner-up {runner_up}"] if len(names) > 2 else []
        told += [margin_words(float(said.margin[row]), correct=bool(said.correct[row]))]
    return ": ".join(filter(None, (image_id, ", ".join(told))))


def image_tiles(context: ViewContext, rows: Sequence[int], extra: Sequence[str] = ()) -> list[Tile]:
    """Make a tile with a full caption for each image.

    Parameters
    ----------
    context : ViewContext
        The run and the classifier in use.
    rows : sequence of int
        Rows of the test split.
    extra : sequence of str
        A last line for each tile; the margin if empty, where there is one.
    """
    ids = image_ids(context.data, "test", list(rows))
    said = context.said
    lasts = extra or [
        "" if said is None else margin_words(float(said.margin[row]), correct=bool(said.correct[row]))
        for row in rows
    ]
    return [_tile(context, row, image_id, last) for row, image_id, last in zip(rows, ids, lasts, strict=True)]


def _tile(context: ViewContext, row: int, image_id: str, last: str) -> Tile:
    names, said = context.data.class_names, context.said
    true = int(context.data.test_labels[row])
    lines = [[word(class_name(context.data, true), true)]] if names else []
    wrong = False
    if said is not None:
        predicted, runner_up = int(said.predicted[row]), int(said.runner_up[row])
        wrong = true != predicted
        second = [word("predicted right")] if not wrong else [word("→"), word(names[predicted], predicted)]
        lines += [second, *([[word(f"2nd: {names[runner_up]}")]] if len(names) > 2 else [])]
    lines += [[word(last)]] if last else []
    return Tile(row, sentence(context, row, image_id), lines, wrong)
