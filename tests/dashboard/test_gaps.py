"""Runs that lack stages: pages that can, work; the others say what is missing, why, and what there is to see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache.making import Making, StageState, making_file, write_making
from dashboard.jobs import making
from dashboard.navigation import discover
from tests.making_runs import STAGES, arrive, finish, unfinished_run
from tests.planted import planted_run

FRAME = Path(__file__).parents[2] / "dashboard" / "frame.py"
PAGES = {page.path: page for page in discover()}
NEED_CLASSIFIER = [path for path, page in PAGES.items() if "classifier" in page.needs]
EVIL = "<img src=x onerror=alert(1)> **bold** [link](http://evil.test)"


@pytest.fixture
def open_page(store, monkeypatch):
    """Open a page of the dashboard on the test's store."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))

    def opened(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app._page_hash = calc_hash(page)  # AppTest switches to files only
        app.query_params.update(query)
        return app.run()

    return opened


def texts(app: AppTest) -> str:
    """Join everything written on the page and beside it."""
    kinds = (
        "html",
        "markdown",
        "caption",
        "title",
        "code",
        "info",
        "warning",
        "error",
        "header",
        "subheader",
        "toast",
    )
    elements = [element for kind in kinds for element in app.get(kind)]
    elements += app.toast
    return "\n".join(str(getattr(element, "value", "") or element.proto) for element in elements)


def healthy(app: AppTest) -> bool:
    """Tell whether the page shows no message of trouble."""
    return not app.exception and "lb-trouble" not in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_images_without_classes_is_whole_or_says_why(store, open_page, page):
    """The data set's own sentence; never a traceback."""
    planted_run(store, labelled=False)
    app = open_page(page, image="3")
    assert healthy(app), texts(app)
    unseen = re.findall("<h1[^>]*>(.*?)</h1>", texts(app))  # the map's, which has the whole window
    assert [*(title.value for title in app.title), *unseen] == [PAGES[page].title]
    assert ("This page needs a classifier" in texts(app)) == (page in NEED_CLASSIFIER)
    if page in NEED_CLASSIFIER:
        assert r"two classes or more\. Got none\." in texts(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 7])
def test_every_page_of_a_run_that_is_being_made(store, open_page, page, n):
    """It is drawn as soon as its part is there; until then it says what it waits for, and how far that is."""
    there = STAGES[:n]
    unfinished_run(store, there)
    with store.locked("run", "planted"):
        app = open_page(page, run="planted")
    assert healthy(app), texts(app)
    assert "This run is being made" in texts(app)
    waits = not set(PAGES[page].needs) <= set(there)
    assert ("This page waits for" in texts(app)) == waits
    assert "20 of 80 images" in texts(app)


def test_a_run_is_shown_before_its_file_is_there(store, open_page):
    """Files are being looked at: that alone is known."""
    looking = (StageState("dataset", "folder", "working", 1200, 0, f"files looked at {EVIL}"),)
    write_making(store, Making("photos", "", EVIL, looking))
    with store.locked("run", "photos"):
        app = open_page("overview", run="photos")
    assert healthy(app), texts(app)
    assert "1,200 files looked at" in texts(app)
    assert "This run is being made: &lt;img" in texts(app)
    assert "<img" not in texts(app).replace(r"\<img", "")
    assert app.selectbox[0].value == "photos"
    assert "photos (being made)" in app.selectbox[0].options


def test_a_run_whose_maker_has_said_nothing_yet_is_waited_for(store, open_page):
    """The browser may be faster than the first word."""
    planted_run(store)
    with store.locked("run", "photos"):
        app = open_page("map", run="photos")
    assert healthy(app), texts(app)
    assert "starting" in texts(app)


def test_an_interrupted_run_names_the_command_that_goes_on(store, open_page):
    """Nobody makes it: what is there is shown, and how to go on."""
    run = unfinished_run(store, ("dataset", "thumbnails"))
    app = open_page("map", run="planted")
    assert healthy(app), texts(app)
    assert "This run was interrupted" in texts(app)
    assert run.command in [code.value.partition(" --cache")[0] for code in app.code]
    assert "planted (interrupted)" in app.selectbox[0].options


def test_a_failed_run_says_why_and_what_to_do(store, open_page):
    """Whatever was written there is text, never markup."""
    unfinished_run(store, ("dataset",), error=EVIL, remedy="fewer images")
    app = open_page("overview", run="planted")
    assert healthy(app), texts(app)
    assert "This run could not be finished" in texts(app)
    assert "<img" not in texts(app)
    assert "&lt;img src=x" in texts(app)
    assert "fewer images" in texts(app)


def test_a_making_file_that_cannot_be_trusted_is_no_trouble(store, open_page):
    """Anybody may have written it."""
    unfinished_run(store, ("dataset",))
    making_file(store.root, "planted").write_text('{"run": ["planted"]}')
    app = open_page("overview", run="planted")
    assert healthy(app), texts(app)
    assert "This run was interrupted" in texts(app)


def test_a_stage_that_came_draws_the_page_again_and_the_end_takes_the_panel_away(store, open_page):
    """A finished run is asked nothing more."""
    run = unfinished_run(store, ("dataset", "thumbnails"))
    with store.locked("run", "planted"):
        app = open_page("map", run="planted")
        assert "This page waits for the features and map" in texts(app)
        arrive(store, run, "features", "neighbours", "projection", "faithfulness")
        app.run()
        assert "This page waits for" not in texts(app)
    arrive(store, run, "classifier", "validation")
    finish(store, run)
    app.run()
    assert healthy(app), texts(app)
    assert "lb-making" not in texts(app)


def test_time_left_is_told_by_what_was_seen(monkeypatch):
    """What was there before a run went on took no time now."""
    now, seen = [100.0], {}
    monkeypatch.setattr(making.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(making.st, "session_state", seen)
    at = lambda done: StageState("features", "hog", "working", done, 400, "images")  # noqa: E731  # used four times
    assert making.time_left(at(200)) == ""
    now[0] += 1
    assert making.time_left(at(210)) == ""
    now[0] += 3
    assert making.time_left(at(240)) == "about 16 s left"
    assert making.time_left(StageState("projection", "tsne", "working", 5, 10, "rounds")) == ""


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (StageState("dataset", "folder", "working", 15, 120, "images"), "15 of 120 images"),
        (StageState("dataset", "folder", "working", 1200, 0, "files"), "Images: 1,200 files"),
        (StageState("features", "hog", "working", 15, 120, "images"), "Features: 15 of 120 images"),
        (StageState("classifier", "linear-svm", "working"), "Classifier"),
        (
            StageState("classifier", "linear-svm", "working", 0, 0, "waiting for process 3"),
            "Classifier: waiting for process 3",
        ),
        (None, ""),
    ],
)
def test_how_far_a_stage_is_in_words(stage, words):
    """Nothing is said twice."""
    assert making.progress_words(stage) == words


def test_unfinished_runs_are_not_compared_with_nor_opened_first(store, open_page):
    """A list of runs passes over them."""
    planted_run(store, "whole")
    unfinished_run(store, ("dataset",), "half", extractor="hog")
    app = open_page("compare")
    assert healthy(app), texts(app)
    assert app.selectbox[0].value == "whole"
    assert "No other run was tested on these images" in texts(app)


def test_a_finished_run_without_a_stage_offers_what_adds_it(store, open_page):
    """As runs of older versions are."""
    planted_run(store, without=("neighbours",))
    app = open_page("separability")
    assert "This run has no neighbours" in texts(app)
    assert app.code[0].value.startswith("python -m pipeline run")
