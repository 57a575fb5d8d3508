"""Say in words what one test image is: for tiles, tooltips and screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.gallery import Tile, word
from dashboard.page.context import ViewContext
from dashboard.run.data import image_ids
from dashboard.wording.numbers import signed


def sentence(context: ViewContext, row: int, image_id: str) -> str:
    """Describe an image in one sentence."""
    names, predictions = context.data.class_names, context.predictions
    true, predicted = int(context.data.test_labels[row]), int(predictions.predicted[row])
    verdict = f"predicted {names[predicted]}" if true != predicted else "predicted right"
    runner_up = names[int(predictions.runner_up[row])]
    return f"{image_id}: {names[true]}, {verdict}, runner-up {runner_up}, margin {signed(predictions.margin[row])}"


def image_tiles(context: ViewContext, rows: Sequence[int], extra: Sequence[str] = ()) -> list[Tile]:
    """Make a tile with a full caption for each image.

    Parameters
    ----------
    context : ViewContext
        The run and the classifier in use.
    rows : sequence of int
        Rows of the test split.
    extra : sequence of str
        A last line for each tile; the margin if empty.
    """
    ids = image_ids(context.data, "test", list(rows))
    lasts = extra or [f"margin {signed(context.predictions.margin[row])}" for row in rows]
    return [_tile(context, row, image_id, last) for row, image_id, last in zip(rows, ids, lasts, strict=True)]


def _tile(context: ViewContext, row: int, image_id: str, last: str) -> Tile:
    names, predictions = context.data.class_names, context.predictions
    true, predicted, runner_up = (
        int(labels[row])
        for labels in (context.data.test_labels, predictions.predicted, predictions.runner_up)
    )
    wrong = true != predicted
    second = [word("predicted right")] if not wrong else [word("→"), word(names[predicted], predicted)]
    lines = ([word(names[true], true)], second, [word(f"2nd: {names[runner_up]}")], [word(last)])
    return Tile(row, sentence(context, row, image_id), lines, wrong)
