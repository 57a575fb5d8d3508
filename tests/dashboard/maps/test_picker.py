"""Another projection is asked for on the page, laid out in the queue, and shown to everybody who asks for it."""

from __future__ import annotations

import json
import tempfile
import threading

import pytest
from starlette.applications import Starlette
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache.bundle import pack
from dashboard.jobs import display
from dashboard.jobs.job import JobState
from dashboard.jobs.queue import JobQueue
from dashboard.maps import picker
from dashboard.maps.picker import CHOSEN, METHOD
from dashboard.page.view_state import PROJECTION
from dashboard.server.routes import file_routes
from dashboard.settings import OPEN
from pipeline.api import FaithfulnessStage, InvalidParameter, Projection, Retrainer, ensure, find, with_map
from tests.asgi import ask
from tests.dashboard.server.routes.test_exports import records
from tests.dashboard.server.routes.test_routes import get
from tests.dashboard.views.test_map import FRAME, sent
from tests.planted import planted_run

SOON = 60.0  # seconds after which a test gives up waiting for a thread
FIVE = {"projection": "tsne", "perplexity": "5"}


class Gate:
    """Stand in for the layout: each waits until the test lets it go."""

    def __init__(self):
        self.calls, self.failure = 0, None
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, store, stage, keys, progress):
        """Report 3 of 600, wait, then lay out for real."""
        self.calls += 1
        progress(3, 600, "iterations")
        self.reached.set()
        assert self.go_on.wait(SOON)
        progress(4, 600, "iterations")
        if self.failure is not None:
            raise self.failure
        return ensure(store, stage, keys, progress)


@pytest.fixture
def queue(monkeypatch):
    """Give a queue of the test's own."""
    queue = JobQueue()
    monkeypatch.setattr(display, "queue", lambda: queue)
    return queue


@pytest.fixture
def gate(monkeypatch, queue):
    """Give the stand-in for the layout."""
    gate = Gate()
    monkeypatch.setattr(picker, "ensure", gate)
    yield gate
    gate.go_on.set()
    finish(queue)


@pytest.fixture
def open_page(store, monkeypatch):
    """Open the map's page as one more visitor; ``open_page(projection="tsne")``."""

    def opened(cache=store.root, **query: str) -> AppTest:
        monkeypatch.setenv("LAZYBONES_CACHE", str(cache))
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app._page_hash = calc_hash("map")
        app.query_params.update({"run": "planted"} | query)
        return checked(app.run())

    return opened


def checked(app: AppTest) -> AppTest:
    """Check that nothing went wrong on the page."""
    assert not app.exception
    return app


def finish(queue: JobQueue) -> list:
    """Wait until nothing is under way, also what followed; give the jobs."""
    jobs = []
    while alive := queue.alive():
        assert alive[0].wait(SOON)
        jobs.append(alive[0])
    return jobs


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by the start of its label."""
    next(button for button in app.button if button.label.startswith(label)).click()
    return checked(app.run())


def order(app: AppTest, perplexity: float = 5, method: str = "tsne") -> AppTest:
    """Ask for a map in the popover."""
    app.session_state[OPEN] = True
    checked(app.run())
    app.session_state[METHOD] = method
    checked(app.run())
    if method == "tsne":
        next(field for field in app.number_input if field.label.startswith("Perplexity")).set_value(
            perplexity
        )
        checked(app.run())
    return press(app, "Lay out")


def spoken(app: AppTest) -> str:
    """Give all that the page says."""
    elements = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return " | ".join([e.value for e in elements] + [e.proto.text for e in app.get("progress")])


def query(app: AppTest) -> dict:
    """Read what the URL says of the projection."""
    return {name: "".join(app.query_params[name]) for name in PROJECTION if name in app.query_params}


def test_a_map_is_laid_out_once_and_shown_to_everybody(store, open_page, gate, queue):
    """Asked for by two; progress for each, and after a reload; the link alone shows the same map."""
    run = planted_run(store)
    first, second = open_page(), open_page()
    order(first)
    assert query(first) == FIVE
    order(second)
    assert gate.reached.wait(SOON)
    for page in (first, second, open_page(**FIVE)):
        assert "perplexity 5 of planted**: 3 of 600 iterations" in spoken(checked(page.run()))
        assert sent(page)["points"] == sent(open_page())["points"]  # the run's own, meanwhile
        assert not sent(page)["linked"]
    gate.go_on.set()
    jobs = finish(queue)
    assert [job.state for job in jobs] == [JobState.DONE] * 2  # it is judged next
    assert gate.calls == 1
    made = find(store, Projection.named("tsne", perplexity=5), run.stages)
    for page in (checked(first.run()), checked(second.run()), open_page(**FIVE)):
        assert f"/points/{made.key}." in sent(page)["points"]
        assert sent(page)["linked"]
        assert "iterations" not in spoken(page)


def test_every_file_is_of_the_map_in_use(store, open_page):
    """Points, grid, neighbours kept, export and posters, how far it is to be trusted; the data stays what it is."""
    run = planted_run(store)
    made = ensure(store, Projection.named("tsne", perplexity=5), run.stages)
    own, other = sent(open_page()), sent(open_page(**FIVE))
    assert other["extra"] is None  # nobody has measured it
    judged = ensure(store, FaithfulnessStage(), with_map(run, made).stages)
    other = sent(open_page(**FIVE))
    assert judged.key in other["extra"]["url"]
    assert other["trust"]["trustworthiness"] == judged.manifest.facts["trustworthiness"]
    app = Starlette(routes=file_routes(store=lambda: store))
    for told in (other["points"], other["grid"]["url"], *(poster["url"] for poster in other["posters"])):
        assert f"/{made.key}." in told
    for name in ("columns", "ids", "sheets", "neighbours", "class_names"):
        assert other[name] == own[name]
    body = ask(app, f"/{other['exports']['csv']}", method="POST", body=[b"\x01" + bytes(9)]).body
    (record,) = records(body)
    assert [float(record["x"]), float(record["y"])] == pytest.approx(made.array("test")[0].tolist(), rel=1e-4)
    assert len(get(app, other["grid"]["url"]).body) == 4 * other["n"]


def test_a_map_in_the_store_is_shown_without_a_job(store, open_page, gate):
    """Chosen from the list, or asked for again."""
    run = planted_run(store)
    made = ensure(store, Projection.named("tsne", perplexity=5), run.stages)
    page = order(open_page())
    assert made.key in sent(page)["points"]
    page.session_state[OPEN] = True
    checked(page.run())
    listed = page.radio(key=CHOSEN)
    assert listed.options == ["PCA (the run's own)", "t-SNE, perplexity 5"]
    assert listed.value == tuple(FIVE.items())
    listed.set_value(())
    checked(page.run())
    assert query(page) == {}
    assert run.stages["projection"] in sent(page)["points"]
    assert gate.calls == 0


def test_a_slow_browser_that_tells_of_the_closed_list_changes_nothing(store, open_page, gate, queue):
    """What it last had chosen there comes once more after a map was asked for: nobody has pressed it."""
    planted_run(store)
    page = open_page()
    page.session_state[OPEN] = True
    checked(page.run())
    listed = page.radio(key=CHOSEN)
    late = WidgetStates(widgets=[listed._widget_state])
    order(page)
    assert query(page) == FIVE
    checked(page._run(late))
    assert query(checked(page.run())) == FIVE


def test_cancelling_goes_back_to_the_map_before(store, open_page, gate, queue):
    """Not to the run's own, if another was in use."""
    run = planted_run(store)
    made = ensure(store, Projection.named("tsne", perplexity=9), run.stages)
    page = order(open_page(projection="tsne", perplexity="9"))
    assert gate.reached.wait(SOON)
    assert made.key in sent(page)["points"]
    press(page, "Cancel")
    assert query(page) == {"projection": "tsne", "perplexity": "9"}
    gate.go_on.set()
    assert [job.state for job in finish(queue)] == [JobState.CANCELLED]
    assert find(store, Projection.named("tsne", perplexity=5), run.stages) is None


def test_a_link_to_a_map_that_is_not_there_offers_it(store, open_page, gate, queue):
    """Opening an address computes nothing; one may stay with the run's own map."""
    planted_run(store)
    page = open_page(**FIVE)
    assert "Nobody has laid this run out by t-SNE, perplexity 5 yet" in spoken(page)
    assert query(press(open_page(**FIVE), "Stay with PCA")) == {}
    assert gate.calls == 0
    press(page, "Lay it out now")
    gate.go_on.set()
    finish(queue)
    assert "Nobody" not in spoken(checked(page.run()))


def test_what_cannot_be_is_said_and_the_runs_own_map_shown(store, open_page):
    """With a button that puts the URL right."""
    run = planted_run(store)
    page = open_page(projection="tsne", perplexity="<b>0</b>")
    assert "must be a number from 1 to 1000" in spoken(page)
    assert "<b>" not in spoken(page)
    assert run.stages["projection"] in sent(page)["points"]
    assert query(press(page, "Show the run's own map")) == {}


def test_a_layout_that_fails_says_why(monkeypatch, store, open_page, gate, queue):
    """In words, with what to do; and it can be tried again."""
    run = planted_run(store)
    shown = []
    monkeypatch.setattr("dashboard.page.messages.show", lambda *words: shown.append(words))
    gate.failure = InvalidParameter("features must be finite. Got nan.", remedy="other features")
    page = order(open_page())
    gate.go_on.set()
    finish(queue)
    checked(page.run())
    assert shown[-1][:3] == (
        "Laying out t-SNE, perplexity 5 failed",
        "features must be finite. Got nan.",
        "other features",
    )
    gate.failure = None
    press(page, "Try again")
    assert {job.state for job in finish(queue)} <= {JobState.DONE}  # some may be over already
    assert find(store, Projection.named("tsne", perplexity=5), run.stages) is not None


def test_a_layout_that_does_not_fit_into_memory_is_not_begun(monkeypatch, store, open_page, gate, queue):
    """Says how much it would take, and how much there is; a method that takes less is laid out."""
    planted_run(store)
    shown = []
    monkeypatch.setattr("dashboard.page.messages.show", lambda *words: shown.append(words))
    monkeypatch.setattr("dashboard.jobs.request.memory.available", lambda: 3_000_000)
    page = order(open_page())
    finish(queue)
    checked(page.run())
    (_, message, remedy, _) = shown[-1]
    assert message == "t-SNE, perplexity 5 of 80 images must have 112 MB of memory. Got 3 MB."
    assert "LAZYBONES_MEMORY" in remedy
    assert gate.calls == 0
    gate.go_on.set()
    order(open_page(), method="pca")
    assert {job.state for job in finish(queue)} <= {JobState.DONE}
    assert gate.calls == 1


def test_a_read_only_store_says_where_maps_go(store, open_page, monkeypatch, tmp_path):
    """A bundle, for example: into a temporary folder; and with which command they are kept."""
    planted_run(store)
    pack(store, ["planted"], tmp_path / "bundle.zip")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    page = open_page(cache=tmp_path / "bundle.zip")
    page.session_state[OPEN] = True
    assert "read-only: a new map goes to a temporary folder" in spoken(checked(page.run()))
    assert any("python -m pipeline map planted" in code.value for code in page.code)


def test_a_fit_and_a_map_may_fail_on_one_page(monkeypatch, store, open_page, queue):
    """Each says why, and both can be tried again."""

    def fail(*_):
        raise InvalidParameter("Images must be more. Got three.")

    planted_run(store)
    monkeypatch.setattr(picker, "ensure", fail)
    monkeypatch.setattr(Retrainer, "retrain", fail)
    page = open_page(C="0.033", **FIVE)
    press(page, "Lay it out now")
    press(page, "Fit C")
    finish(queue)
    checked(page.run())
    assert troubles(page) == 2
    assert [button.label for button in page.button].count("Try again") == 2


def troubles(page: AppTest) -> int:
    """Count the messages that say what went wrong."""
    return sum("lb-trouble" in element.proto.body for element in page.get("html"))


def test_what_two_parts_of_a_page_cannot_read_is_said_by_both(store, open_page):
    """A newer version's numbers: the map cannot stand, nor can they be offered."""
    planted_run(store)
    (manifest,) = store.root.glob("artefacts/faithfulness/*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 99}))
    assert troubles(open_page()) == 2
