"""Posters over HTTP."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from dashboard.run.data import RunData
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import POSTER
from pipeline.maps.poster import Poster
from tests.dashboard.server.routes.test_routes import get
from tests.planted import Plan, planted_run


@pytest.fixture
def data(store):
    """A planted run's artefacts."""
    planted_run(store, plan=Plan(n_test=24))
    return RunData(store, "planted")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


def path(data, layout="scatter", size=3000):
    """The address of a poster."""
    return POSTER.address(data.artefact("projection"), data.artefact("dataset"), layout, size)


@pytest.mark.parametrize("layout", ["scatter", "grid"])
def test_a_poster_is_the_pipelines(app, data, layout):
    """The same picture as the command's, but for what JPEG loses."""
    answer = get(app, path(data, layout))
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    got = np.asarray(Image.open(io.BytesIO(answer.body)), dtype=int)
    images, positions = (
        data.artefact("dataset").array("test_images"),
        data.artefact("projection").array("test"),
    )
    expected = np.asarray(Poster(layout, 3000).draw(images, positions), dtype=int)
    assert got.shape == (3000, 3000, 3)
    assert np.abs(got - expected).mean() < 4
    assert expected.min() < 200


def test_the_same_poster_is_drawn_once(app, data, monkeypatch):
    """The second visitor gets what was drawn for the first one; another layout is another picture."""
    drawn = []
    draw = Poster.draw
    monkeypatch.setattr(Poster, "draw", lambda self, *given: drawn.append(self) or draw(self, *given))
    assert get(app, path(data)).body == get(app, path(data)).body
    get(app, path(data, "grid"))
    assert [poster.layout for poster in drawn] == ["scatter", "grid"]


@pytest.mark.parametrize("part", ["2999", "12000", "03000", "-1", "3000.0", "3e3"])
def test_only_two_sizes_are_drawn(app, data, part):
    """A stranger cannot make the server draw something larger, or a thousand different ones."""
    assert get(app, path(data).replace(".3000.", f".{part}.")).status == 404
    assert get(app, path(data).replace("scatter", "spiral")).status == 404
