"""What becomes of verdicts: a file, and a run with the corrections, asked for on the page."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from dashboard.labels import outcome
from dashboard.labels.outcome import in_words
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ALL_IMAGES, ViewState
from dashboard.run.cached import open_run
from dashboard.views import labels
from pipeline.verdicts.corrections import corrections_of
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import Edit, Judgement
from tests.dashboard.drawing import draw, run, view
from tests.planted import planted_run


def corrections(store, images):
    """Gather what is corrected now."""
    return corrections_of(images, open_verdicts(store).state(images))


def test_corrections_are_counted_in_words(store):
    """What of them is tested on is said where that is a split of its own."""
    images = images_of(store.artefact("dataset", planted_run(store).stages["dataset"]))
    other = next(name for name in images.class_names if name != images.given[0])
    test, train = images.keys[:2], images.keys[images.starts["train"] :]
    verdicts = open_verdicts(store)
    verdicts.record(
        images, [Edit(test[0], Judgement("wrong", other)), Edit(test[1], Judgement("wrong"))], "ann"
    )
    assert in_words(corrections(store, images)) == (
        "**1 label changed**, in the test split. 1 label called wrong without another class: as before."
    )
    verdicts.record(
        images, [Edit(test[1], Judgement("keep"), 1), Edit(train[0], Judgement("excluded"))], "ann"
    )
    now = corrections(store, images)
    assert in_words(now) == "**1 label changed and 1 image excluded**, 1 of them in the test split."
    without = replace(now, labels={})
    assert in_words(without) == "**1 image excluded**, in the training split."
    both = replace(now, images=replace(now.images, splits=("test",) * len(images)))
    assert in_words(both) == "**1 label changed and 1 image excluded**."


def test_the_page_offers_a_file_and_a_run_once_there_is_something(store, monkeypatch):
    """Before that it says what to do."""
    planted_run(store)
    monkeypatch.setattr(labels, "deck", lambda *_: None)
    page = draw(monkeypatch, store, labels)
    run(page)
    while not any("Nothing is corrected yet" in text.value for text in page.markdown):
        run(page)
    assert [button.label for button in page.button if "corrections" in button.label] == []
    images = images_of(store.artefact("dataset", store.run("planted").stages["dataset"]))
    open_verdicts(store).record(images, [Edit(images.keys[0], Judgement("excluded"))], "ann")
    run(page)
    assert "**1 image excluded**, in the test split." in [text.value for text in page.markdown]
    assert [button.label for button in page.button if "corrections" in button.label] == [
        "Run with the corrections"
    ]
    assert [button.label for button in page.get("download_button")] == ["CSV", "Parquet", "JSON"]


def test_the_file_has_what_was_judged(store):
    """Read when the button is pressed, not when the page was drawn."""
    planted_run(store)
    data = open_run(store, "planted")
    context = ViewContext(store, data, None, ViewState(run="planted"))
    images = images_of(data.artefact("dataset"))
    open_verdicts(store).record(images, [Edit(images.keys[3], Judgement("keep", tags=("a",)))], "ann")
    rows = list(csv.DictReader(io.StringIO(outcome.file(context, images, None, ".csv").decode("utf-8-sig"))))
    assert [(row["id"], row["verdict"], row["tags"], row["who"]) for row in rows] == [
        (images.ids[3], "keep", "a", "ann")
    ]


def test_clear_filters_takes_away_all_that_narrows_the_list(store, monkeypatch):
    """Also what was said of labels, tags, and copies, which other pages do not have."""
    planted_run(store)
    monkeypatch.setattr(labels, "deck", lambda *_: None)
    for asked in ({}, {"verdict": "keep"}, {"tag": "odd"}, {"copies": "labels"}, {"rows": "gA"}):
        page = run(draw(monkeypatch, store, labels, **asked))
        while not (clear := [button for button in page.button if button.label == "Clear filters"]):
            run(page)
        assert clear[0].disabled == (asked == {})
        if asked:
            clear[0].click()
            run(page)
            assert {name: getattr(view(page), name) for name in ALL_IMAGES} == dict(ALL_IMAGES)
