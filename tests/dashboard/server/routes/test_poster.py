"""Posters over HTTP."""

from __future__ import annotations

import asyncio
import io
import threading
import time

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from dashboard.jobs import display
from dashboard.run.data import RunData
from dashboard.server.routes import file_routes, once
from dashboard.server.routes.addresses import POINTS, POSTER
from pipeline.maps.poster import Poster
from tests.asgi import answer, run_apart
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


@pytest.fixture
def gate(monkeypatch):
    """Hold whatever draws a poster until the test lets it go."""
    go_on = threading.Event()

    def draw(form, *_):
        assert go_on.wait(60)
        return Image.new("RGB", (8, 8))

    monkeypatch.setattr(Poster, "draw", draw)
    yield go_on
    go_on.set()


def test_whoever_waits_for_a_poster_takes_no_thread(app, data, gate):
    """Sixty do, of a pool of forty, and the server's own files and the map's are answered meanwhile; all get it."""

    async def strangers():
        waiting = [asyncio.create_task(answer(app, "/" + path(data))) for _ in range(60)]
        await asyncio.sleep(1)
        async with asyncio.timeout(10):
            await run_in_threadpool(time.sleep, 0)  # as the server sends its own files
            points = await answer(
                app, "/" + POINTS.address(data.artefact("projection"), data.artefact("dataset"))
            )
        gate.set()
        return points, await asyncio.gather(*waiting)

    points, posters = run_apart(strangers())
    assert points.status == 200
    assert {poster.status for poster in posters} == {200}


def test_so_many_posters_wait_and_no_more(app, store, gate):
    """One is drawn and four wait; whoever asks for another is told when to ask again, and what was asked for comes."""
    for number in range(3):
        planted_run(store, name=f"run{number}", plan=Plan(n_test=24, seed=number))
    runs = [RunData(store, f"run{number}") for number in range(3)]
    asked = [
        path(data, layout, size) for data in runs for layout in ("scatter", "grid") for size in (3000, 6000)
    ]

    async def strangers():
        waiting = [asyncio.create_task(answer(app, "/" + each)) for each in asked]
        await asyncio.sleep(1)
        gate.set()
        return await asyncio.gather(*waiting)

    answers = run_apart(strangers())
    refused = [answer for answer in answers if answer.status == 503]
    assert [answer.status for answer in answers].count(200) == 5
    assert len(refused) == len(asked) - 5
    assert {answer.headers["retry-after"] for answer in refused} == {"10"}
    assert b"Please ask again" in refused[0].body


def test_requests_for_one_poster_have_a_bound(app, data, gate, monkeypatch):
    """More than it are told when to ask again."""
    monkeypatch.setattr(once, "MOST_REQUESTS", 3)

    async def strangers():
        waiting = [asyncio.create_task(answer(app, "/" + path(data))) for _ in range(5)]
        await asyncio.sleep(1)
        gate.set()
        return await asyncio.gather(*waiting)

    answers = run_apart(strangers())
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 503, 503]
    assert all("retry-after" in answer.headers for answer in answers if answer.status == 503)


def test_a_poster_does_not_wait_for_ever_for_memory(app, data, gate, monkeypatch):
    """Something else is computed that has it all: whoever asks is told when to ask again."""
    monkeypatch.setattr(display, "wait_for_room", lambda size, patience: False)
    refused = get(app, path(data))
    assert refused.status == 503
    assert b"Memory for a poster must be 45 MB" in refused.body
    assert refused.headers["retry-after"]
