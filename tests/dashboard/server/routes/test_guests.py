"""Pictures that visitors ask of, over HTTP: answered by turns, bounded, and kept nowhere."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import threading
import time

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from dashboard.jobs import display
from dashboard.jobs.visitor import Visitor
from dashboard.server import guests
from dashboard.server.columns import quantise_positions
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import GUEST, GUEST_UNJUDGED
from dashboard.server.routes.guests import MOST_HELD, TYPE, Desk
from pipeline.api import MOST_GUEST_BYTES
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.hog import Hog
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.digits import Digits
from tests.asgi import answer, ask, run_apart
from tests.planted import planted_run


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with a run of digits."""
    from cache import Store

    made = Store(tmp_path_factory.mktemp("store"))
    recipe = Recipe(Digits(limit=150), Hog(), LinearSVM(path=(0.1, 1.0), C=0.1), PCA(), name="digits")
    run(recipe, made, TerminalReporter())
    yield made
    guests.worker().close()


@pytest.fixture
def artefact(store):
    """Give an artefact of the run by its stage."""
    return lambda stage: store.artefact(stage, store.run("digits").stages[stage])


@pytest.fixture
def app(store):
    """The routes over the store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.fixture
def path(artefact):
    """The address of guests of the run, judged at the second of its penalties."""
    return f"/{GUEST.address(artefact('classifier'), 1, artefact('projection'))}"


def headers(content, **more):
    """What a page sends along."""
    return {
        "content-type": TYPE,
        "content-length": str(len(content)),
        "sec-fetch-site": "same-origin",
        **more,
    }


def post(app, path, content, **more):
    """Send a file; give the status, and the lines of the answer or its text."""
    given = ask(app, path, method="POST", headers=headers(content, **more), body=[content])
    if given.status != 200:
        return given.status, given.body.decode()
    return given.status, [json.loads(line) for line in given.body.splitlines()]


@pytest.fixture
def digit(artefact):
    """An image of the run as a file, by its row."""

    def written(row, split="test"):
        file = io.BytesIO()
        Image.fromarray(np.array(artefact("dataset").array(f"{split}_images")[row][..., 0])).save(file, "PNG")
        return file.getvalue()

    return written


def test_an_image_of_the_run_is_told_as_itself(app, path, digit, artefact):
    """What the page shows of it: class, all values, nearest images, place, picture."""
    status, lines = post(app, path, digit(7))
    assert status == 200
    told = lines[-1]["answer"]
    assert told["predicted"] == artefact("classifier").array("predicted_label")[1, 7]
    assert told["copy"] == {"number": 7, "label": told["copy"]["label"], "distance": 0}
    assert told["shown"][0]["number"] == 7
    assert next(label for label, _, _ in told["classes"]) == told["predicted"]
    assert len(told["classes"]) == 10
    assert (
        np.rint(told["place"]).tolist()
        == quantise_positions(artefact("projection").array("test"))[7].tolist()
    )
    assert told["size"] == [8, 8]
    assert told["picture"].startswith("data:image/webp;base64,")
    assert sum(count for _, count in told["votes"]) == told["voters"] == 20
    assert not told["unusual"]


def test_a_training_image_has_the_number_of_decision_48(app, path, digit):
    """After those of the test split."""
    told = post(app, path, digit(3, "train"))[1][-1]["answer"]
    assert told["copy"]["number"] == 150 + 3
    assert told["taught"][0]["number"] == 150 + 3


def test_what_is_no_picture_is_told_in_a_sentence(app, path):
    """And the next one is answered."""
    status, lines = post(app, path, b"GIF89a" + bytes(50))
    assert status == 200
    assert "must be" in lines[-1]["error"]


def test_a_worker_that_dies_takes_nobody_with_it(app, path, digit):
    """The visitor is told; the next guest is answered by a new process."""
    post(app, path, digit(0))
    os.kill(guests.worker().pid, signal.SIGKILL)
    time.sleep(0.2)
    assert "answer" in post(app, path, digit(1))[1][-1]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "", "origin": "https://elsewhere.example", "host": "here"}, 403),
        ({"content-type": "multipart/form-data"}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-length": ""}, 411),
        ({"content-length": "-5"}, 411),
        ({"content-length": str(MOST_GUEST_BYTES + 1)}, 413),
        ({"content-length": "3"}, 413),
    ],
)
def test_what_no_page_sends_is_refused_in_a_sentence(app, path, digit, more, status):
    """Other sites' forms, other types, lengths that lie."""
    found, said = post(app, path, digit(0), **more)
    assert found == status
    assert " must " in said


def test_other_addresses_are_refused(app, path, artefact, store, digit):
    """A run that is not there, a classifier of another, one that knows no extractor."""
    assert post(app, path.replace("guest/", "guest/0"), digit(0))[0] == 404
    assert ask(app, path).status == 405
    other = planted_run(store, "planted")
    planted = {
        stage: store.artefact(stage, other.stages[stage]) for stage in ("classifier", "projection", "dataset")
    }
    mixed = GUEST.address(planted["classifier"], 0, artefact("projection"))
    assert post(app, f"/{mixed}", digit(0))[0] == 404
    unknown = GUEST_UNJUDGED.address(planted["dataset"], planted["projection"])
    assert post(app, f"/{unknown}", digit(0))[0] == 422


def test_without_a_classifier_there_is_a_place_and_no_class(app, artefact, digit):
    """The other kind of address."""
    bare = GUEST_UNJUDGED.address(artefact("dataset"), artefact("projection"))
    told = post(app, f"/{bare}", digit(5))[1][-1]["answer"]
    assert (told["predicted"], told["classes"]) == (None, [])
    assert told["place"] is not None


def test_who_waits_is_told_where(app, path, digit, monkeypatch):
    """While somebody else's work runs."""
    monkeypatch.setattr("dashboard.server.routes.guests.LOOK", 0.05)
    free = threading.Event()
    display.queue().submit(
        ("test",), "A long one", lambda progress: free.wait(20), Visitor("other", "10.0.0.1")
    )
    threading.Timer(0.5, free.set).start()
    _, lines = post(app, path, digit(0))
    assert lines[0]["state"] == "waiting"
    assert lines[0]["ahead"] == 1
    assert "answer" in lines[-1]


def test_nothing_of_a_guest_is_kept(app, path, digit, tmp_path, store):
    """Neither by the job, nor in the store."""
    post(app, path, digit(0))
    before = sorted(store.root.rglob("*"))
    post(app, path, digit(1))
    assert sorted(store.root.rglob("*")) == before
    jobs = [job for job in display.queue()._finished if job.key[0] == "guest"]
    assert jobs
    assert all(job.result is None for job in jobs)


def test_few_files_are_held_at_one_time():
    """Two of one address, sixty megabytes of all; room is given back however it ends."""
    desk = Desk()
    with desk.holding(5, "a"), desk.holding(5, "a"):
        with pytest.raises(Exception, match="503"), desk.holding(5, "a"):
            pass
        with desk.holding(5, "b"):
            pass
        with pytest.raises(Exception, match="503"), desk.holding(MOST_HELD, "c"):
            pass
    with pytest.raises(ZeroDivisionError), desk.holding(MOST_HELD, "a"):
        1 / 0  # noqa: B018
    assert (desk.held, dict(desk.of)) == (0, {})


def test_a_visitor_who_leaves_frees_the_room(app, path, digit):
    """A browser that is closed while its guest waits."""
    free = threading.Event()
    display.queue().submit(
        ("left",), "A long one", lambda progress: free.wait(20), Visitor("other", "10.0.0.1")
    )

    async def leave():
        asked = asyncio.ensure_future(
            answer(app, path, method="POST", headers=headers(digit(0)), body=[digit(0)])
        )
        await asyncio.sleep(1)
        waiting = [job for job in display.queue().alive() if job.key[0] == "guest"]
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        return len(waiting)

    try:
        assert run_apart(leave()) == 1
        assert [job for job in display.queue().alive() if job.key[0] == "guest"] == []
    finally:
        free.set()
    assert "answer" in post(app, path, digit(0))[1][-1]


def test_the_machines_of_guests_do_not_fill_the_disk(app, artefact, store, digit):
    """The oldest go; the run's own stages stay."""
    for index in (0, 1):
        path = GUEST.address(artefact("classifier"), index, artefact("projection"))
        assert "answer" in post(app, f"/{path}", digit(0))[1][-1]
    kept = [at for at in store.artefacts() if at[0] == "machines"]
    guests.forget_oldest(store, keep=len(kept) - 1)
    left = [at for at in store.artefacts() if at[0] == "machines"]
    assert len(left) == len(kept) - 1
    assert all(store.has(stage, key) for stage, key in store.run("digits").stages.items())
