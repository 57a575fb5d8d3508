"""Images of both splits over HTTP, and what is near each."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from dashboard.run.data import RunData
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import EVIDENCE, IMAGE
from dashboard.server.routes.any_image import SHOWN, VOTERS
from tests.dashboard.server.routes.test_routes import get
from tests.planted import Plan, planted_run

N_TEST, N_TRAIN = 24, 60


@pytest.fixture
def data(store):
    """A planted run's artefacts."""
    planted_run(store, plan=Plan(n_train=N_TRAIN, n_test=N_TEST))
    return RunData(store, "planted")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.fixture
def image(app, data):
    """Ask for an image; ``image("?row=3")``."""
    return lambda query: get(app, f"{IMAGE.address(data.artefact('dataset'))}{query}")


@pytest.fixture
def near(app, data):
    """Ask for what is near an image."""
    address = EVIDENCE.address(data.artefact("dataset"), data.artefact("features"))
    return lambda query: get(app, f"{address}{query}")


@pytest.mark.parametrize(
    ("number", "split", "row"), [(0, "test", 0), (23, "test", 23), (24, "train", 0), (83, "train", 59)]
)
def test_test_images_come_first_and_every_pixel_is_kept(image, data, number, split, row):
    """Numbers go on from one split to the other."""
    answer = image(f"?row={number}")
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    shown = np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGB"))
    assert np.array_equal(shown, data.artefact("dataset").array(f"{split}_images")[row])


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("?row=84", 404, "below 84"),
        ("?row=-1", 400, "whole number"),
        ("", 400, "whole number"),
        ("?row=1&scale=huge", 400, "large, small"),
    ],
)
def test_other_images_are_refused(image, query, status, words):
    """In a sentence."""
    answer = image(query)
    assert (answer.status, words in answer.body.decode()) == (status, True)


@pytest.mark.parametrize("number", [3, 24 + 7])
def test_what_is_near_is_what_brute_force_finds(near, data, number):
    """Votes of the nearest, and the nearest of each class, without the image itself."""
    found = json.loads(near(f"?row={number}&labels=2.0").body)
    split, row = ("test", number) if number < N_TEST else ("train", number - N_TEST)
    train = data.artefact("features").array("train")
    apart = np.linalg.norm(train - data.artefact("features").array(split)[row], axis=1)
    if split == "train":
        apart[row] = np.inf
    order = np.argsort(apart, kind="stable")
    votes = np.bincount(data.train_labels[order[:VOTERS]])
    assert dict(found["votes"]) == {label: count for label, count in enumerate(votes.tolist()) if count}
    assert [label for label, _ in found["nearest"]] == [2, 0]
    for label, images in found["nearest"]:
        rows = order[data.train_labels[order] == label][:SHOWN]
        assert [one for one, _ in images] == (rows + N_TEST).tolist()
        np.testing.assert_allclose([distance for _, distance in images], apart[rows], rtol=1e-5)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?row=1", 400),
        ("?row=1&labels=x", 400),
        ("?row=1&labels=4", 404),
        ("?row=84&labels=1", 404),
        ("?row=1&labels=1.1.1.1.1", 400),
    ],
)
def test_other_questions_are_refused(near, query, status):
    """No class, one that there is not, too many."""
    assert near(query).status == status
