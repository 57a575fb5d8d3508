"""Which test images pass the filter: the same as on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.comparison.sides import Side, baseline
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter, Images
from dashboard.page.packed import unpack_rows
from dashboard.run.data import image_ids
from dashboard.run.table import table_of
from dashboard.server.columns import margin_range, shown_margins
from dashboard.statistics.flips import BROKE, FIXED


def passing(context: ViewContext, filters: Filter | None = None) -> NDArray[np.bool_]:
    """Tell which test images pass the filter and are among those chosen, bool (n,): the same as on the map.

    Parameters
    ----------
    context : ViewContext
        Has the images, what is said of them, and the filter.
    filters : Filter, optional
        Another one than the URL's.
    """
    wanted = context.view.filter if filters is None else filters
    passes = wanted.passing(_images(context, wanted))
    if context.view.rows:
        chosen = np.zeros(len(passes), np.bool_)
        chosen[unpack_rows(context.view.rows, len(passes))] = True
        passes &= chosen
    return passes


def _images(context: ViewContext, wanted: Filter) -> Images:
    """Collect what a filter asks of the images; what it does not ask for is not read."""
    data, said = context.data, context.said
    dataset = data.artefact("dataset")
    fixed, broke = _flips(context) if wanted.flips else (None, None)
    asks_columns = bool(wanted.where or wanted.text)
    return Images(
        true=data.test_labels,
        names=image_ids(data, "test", range(data.n_test)) if wanted.text else (),
        predicted=None if said is None else said.predicted,
        margin=None
        if said is None
        else shown_margins(said.margin, *margin_range(said.margin, said.runner_up_margin)),
        columns={column.name: column for column in table_of(dataset)} if asks_columns else {},
        fixed=fixed,
        broke=broke,
    )


def _flips(context: ViewContext) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
    """Tell what the classifier in use fixes and breaks against the baseline; None where they are one, or alike."""
    if context.said is None or not context.data.n_test:
        return None, None
    after, (before, _) = Side.of(context), baseline(context)
    flips = after.since(before)
    if after.is_same(before) or not flips.counts[FIXED] + flips.counts[BROKE]:
        return None, None
    masks = (np.isin(np.arange(context.data.n_test), flips.rows(group)) for group in (FIXED, BROKE))
    fixed, broke = masks
    return fixed, broke
