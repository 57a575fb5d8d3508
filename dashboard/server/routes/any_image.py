"""Images of both splits, one at a time, and what stands near each: for pages that look at training images, too.

An image's number counts the rows of the test split first, then those of the training split where these are others: the
place that `pipeline.verdicts` gives it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cache import Store
from cache.artefact import Artefact
from dashboard.server.guests import number_of
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.files import n_classes
from dashboard.server.routes.responses import Endpoint, headers, is_known, opened
from dashboard.server.routes.single_rows import asked_row
from dashboard.server.routes.threads import in_thread
from pipeline.api import (
    BY_ALL,
    Judge,
    Thumbnails,
    folds_of,
    likeness,
    original_of,
    splits_of,
    thumbnails_of,
)

LARGEST = 1024
"""Longest side of an image in pixels."""
LOSSLESS = 64
"""Longest side of images that keep every pixel."""
SCALES = ("large", "small")
VOTERS = 20
"""Nearest training images that vote."""
SHOWN = 6
"""Nearest training images of a class."""
_LABELS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,3}")


def place_of(dataset: Artefact, number: int) -> tuple[str, int]:
    """Give the split and the row of an image's number.

    Raises
    ------
    HTTPException
        404 if there is no such image.
    """
    n_test = dataset.manifest.dims["n_test"]
    n = n_test + (dataset.manifest.dims["n_train"] if "train" in splits_of(dataset) else 0)
    if number >= n:
        raise HTTPException(404, f"row must be below {n}. Got {number}.")
    return ("test", number) if number < n_test else ("train", number - n_test)


def image_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of an image, ``?row=17``: as large as it is known, or with ``&scale=small`` its thumbnail."""

    def picture(match: Match, number: int, scale: str) -> bytes:
        (dataset,) = opened(store(), match)
        return _picture(dataset, *place_of(dataset, number), large=scale == "large")

    async def endpoint(request: Request, match: Match) -> Response:
        number, scale = asked_row(request), request.query_params.get("scale", SCALES[0])
        if scale not in SCALES:
            raise HTTPException(400, f"scale must be one of {', '.join(SCALES)}. Got {scale[:20]!r}.")
        tag = f'W/"{match["digest"]}.{number}.{scale}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        content = await in_thread(picture, match, number, scale)
        return Response(content, media_type="image/webp", headers=headers(tag))

    return endpoint


def _picture(dataset: Artefact, split: str, row: int, *, large: bool) -> bytes:
    """Write an image as WebP."""
    known = thumbnails_of(dataset, split)
    if isinstance(known, Thumbnails):
        whole = original_of(dataset, split, row) if large else None
        return known.content(row) if whole is None else _encoded(whole)
    return _encoded(np.asarray(known[row]))


def _encoded(pixels: Any) -> bytes:
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    picture.thumbnail((LARGEST, LARGEST))
    small = max(picture.size) <= LOSSLESS
    file = io.BytesIO()
    picture.save(file, "WEBP", **({"lossless": True, "exact": True} if small else {"quality": 88}))
    return file.getvalue()


def evidence_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of what stands near an image in feature space, ``?row=17&labels=3.5``.

    Its answer has ``votes``, how many of the nearest training images are of each class, and ``nearest``, for each label
    that is asked for the nearest training images of its class, each with its distance. None of them is the image
    itself, or held out together with it.
    """

    def near(match: Match, number: int, labels: list[int]) -> dict[str, Any]:
        dataset, features = opened(store(), match)
        if any(label >= n_classes(dataset) for label in labels):
            raise HTTPException(404, f"labels must be below {n_classes(dataset)}. Got {max(labels)}.")
        return evidence(dataset, features, number, labels)

    async def endpoint(request: Request, match: Match) -> Response:
        number, labels = asked_row(request), request.query_params.get("labels", "")
        if not _LABELS.fullmatch(labels):
            raise HTTPException(
                400, f"labels must be up to four numbers with dots between. Got {labels[:20]!r}."
            )
        tag = f'W/"{match["digest"]}.{number}.{labels}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        found = await in_thread(near, match, number, [int(label) for label in labels.split(".")])
        return Response(json.dumps(found), media_type="application/json", headers=headers(tag))

    return endpoint


def evidence(dataset: Artefact, features: Artefact, number: int, labels: list[int]) -> dict[str, Any]:
    """Find the training images that are nearest to an image; as `evidence_endpoint` answers."""
    split, row = place_of(dataset, number)
    folds = folds_of(dataset)
    fold = BY_ALL if folds is None else int((folds.train if split == "train" else folds.test)[row])
    alike = likeness(dataset, features, Judge(1.0, fold=fold), row, split)
    of = dataset.array("train_labels")
    votes = np.bincount(of[alike.nearest(VOTERS)])
    order = [int(label) for label in np.argsort(-votes, kind="stable") if votes[label]]
    return {
        "votes": [[label, int(votes[label])] for label in order],
        "nearest": [
            [
                label,
                [
                    [number_of(dataset, int(one)), float(alike.distances[one])]
                    for one in alike.nearest(SHOWN, of == label)
                ],
            ]
            for label in labels
        ],
    }
