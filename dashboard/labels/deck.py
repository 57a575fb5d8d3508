"""The deck of suspects: a component of plain ES modules, ``dashboard/ui/labels/``.

What people say goes from the browser to the server by itself (`dashboard.server.routes.verdicts`): no script runs
while they judge.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.components.widget import component
from dashboard.jobs import display
from dashboard.labels.copies import Copies, copies_message
from dashboard.labels.listing import Judged, names_of
from dashboard.labels.suspects import Listed
from dashboard.page.context import ViewContext
from dashboard.run.data import RunData, colours_of, judged_of, lacks
from dashboard.server import ui_bundle
from dashboard.server.routes import addresses
from dashboard.server.sign_in import signed_in
from pipeline.api import Estimate

NAME = "lazybones_labels"
MOST = 1000
"""Images that the browser is told of at once: the next ones come once these are judged."""
_HEIGHTS = ".room {min-height: 900px} @media (max-width: 900px) {.room {min-height: 1500px}}"


def deck(
    context: ViewContext,
    suspects: Listed,
    judged: Judged,
    at: NDArray[np.intp],
    expected: Estimate | None,
    copies: Copies | None,
) -> None:
    """Mount the deck.

    Parameters
    ----------
    context : ViewContext
        The run.
    suspects : Listed
        What is suspected of its images.
    judged : Judged
        What people have said of them.
    at : ndarray of intp, shape (m,)
        Places of the images that are listed, in their order.
    expected : Estimate or None
        Wrong labels of the whole data set.
    copies : Copies or None
        Which images are the same picture, if that is known.
    """
    mount = component(NAME, '<div class="room"></div>', _HEIGHTS, ui_bundle.loader("labels/entry.js"))
    mount(key="labels", data=message(context, suspects, judged, at, expected, copies) | {"shut": _shut()})


def _shut() -> str:
    """Say why nothing can be judged here; where the budget is spent, the browser keeps it until it can be saved."""
    refused = display.refusal()
    return "" if refused is None or refused.again else refused.message


def message(
    context: ViewContext,
    suspects: Listed,
    judged: Judged,
    at: NDArray[np.intp],
    expected: Estimate | None,
    copies: Copies | None = None,
) -> dict[str, Any]:
    """Write what the browser is told; parameters as `deck`."""
    data, some, verdicts = context.data, at[:MOST].tolist(), judged.verdicts()
    named, of_split = partial(names_of, data), partial(_split, context)
    return {
        "run": context.run.name,
        "dataset": judged.images.digest,
        "items": _items(context, suspects, at[:MOST]),
        "copies": copies_message(copies, suspects.given, at[:MOST], named, of_split),
        "start": next((i for i, place in enumerate(some) if not verdicts[place]), 0),
        "total": len(at),
        "names": data.class_names,
        "colours": colours_of(data),
        **_addresses(data),
        "who": signed_in(),
        "expected": None if expected is None else asdict(expected),
    }


def _items(context: ViewContext, suspects: Listed, at: NDArray[np.intp]) -> dict[str, list[Any]]:
    """Say what is known of each image that is listed."""
    return {
        "number": at.tolist(),
        "given": suspects.given[at].tolist(),
        "suggested": suspects.suggested[at].tolist(),
        "score": [round(float(margin), 4) for margin in suspects.margin[at]],
        "name": names_of(context.data, at),
        "split": [_split(context, place) for place in at.tolist()],
    }


def _addresses(data: RunData) -> dict[str, str]:
    """Say where images and verdicts are."""
    dataset = data.artefact("dataset")
    who = signed_in().encode()[: addresses.LONGEST_WHO].hex() or addresses.NOBODY
    known = not lacks(data, "features")
    return {
        "images": addresses.IMAGE.url(dataset),
        "evidence": addresses.EVIDENCE.url(dataset, data.artefact("features")) if known else "",
        "verdicts": addresses.VERDICTS.url(dataset),
        "judge": addresses.JUDGE.url(dataset, who),
    }


def _split(context: ViewContext, place: int) -> str:
    """Say which split an image is of."""
    if place >= context.data.n_test:
        return "training image"
    return "test image" if judged_of(context.data).is_apart else "image"
