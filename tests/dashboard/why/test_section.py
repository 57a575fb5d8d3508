"""The part of the drawer that says why."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.run.data import RunData
from dashboard.why.evidence import evidence_of
from dashboard.why.sentence import answer
from tests.planted import Plan, planted_run


def drawn(monkeypatch, store, row, name="planted"):
    """Draw it; ``galleries`` of the result has what the galleries got."""
    galleries = {}
    monkeypatch.setattr(
        "dashboard.why.section.gallery", lambda content, key, picked: galleries.update({key: content})
    )
    page = AppTest.from_function(_script, kwargs={"store": store, "row": row, "name": name})
    page.galleries = galleries
    page.run(timeout=60)
    assert not page.exception
    return page


def _script(store, row, name):
    from dashboard.page.context import ViewContext
    from dashboard.page.view_state import ViewState
    from dashboard.run.data import RunData, lacks, neighbours_of
    from dashboard.why.section import show_decision, show_votes, show_why

    data = RunData(store, name)
    said = None if lacks(data, "classifier") else data.own_predictions
    context = ViewContext(store, data, said, ViewState(run=name, selected=row))
    found = show_why(context, row)
    show_votes(context, neighbours_of(data, row)[0])
    if found is not None:
        show_decision(context, found)


def headings(page):
    """Give the headings that are drawn."""
    return [one.value for one in page.subheader]


def html(page):
    """Give all that is drawn as HTML."""
    return "".join(one.proto.body for one in page.get("html"))


def test_an_error_is_answered_with_its_evidence(monkeypatch, store):
    """The sentence, votes, the strip, training images of both classes, support vectors, and every other class."""
    planted_run(store, plan=Plan(noise=2.5))
    data = RunData(store, "planted")
    row = int(np.flatnonzero(~data.own_predictions.correct)[0])
    found = evidence_of(data, data.own_predictions, row)
    page = drawn(monkeypatch, store, row)
    names = [f"<strong>{name}</strong>" for name in data.class_names]
    assert page.get("html")[0].proto.body == f'<p class="lb-why">{answer(found, names)}</p>'
    predicted = data.class_names[found.predicted]
    assert headings(page)[-2:] == ["What decides", f"{predicted} against every other class"]
    near, pulling = page.galleries["nearest training images"], page.galleries["support vectors"]
    labels = [found.predicted, found.rival]
    assert [group.label for group in near.groups] == labels
    assert [tile.row for tile in near.groups[1].tiles] == [image for image, _ in found.of_rival]
    for group, label in zip(pulling.groups, labels, strict=True):
        assert set(data.train_labels[[tile.row for tile in group.tiles]]) <= {label}
    assert html(page).count("<li") == 5 + 3 + len(set(_neighbour_labels(data, row)))


def _neighbour_labels(data, row):
    return data.test_labels[data.artefact("neighbours").array("indices")[row]].tolist()


def test_votes_are_of_all_classes_most_first(monkeypatch, store):
    """Every class among the nearest, not the true one alone."""
    planted_run(store, plan=Plan(noise=2.5))
    data = RunData(store, "planted")
    page = drawn(monkeypatch, store, 3)
    counts = np.bincount(_neighbour_labels(data, 3), minlength=4)
    expected = [str(count) for count in sorted(counts[counts > 0], reverse=True)]
    votes = next(
        one.proto.body for one in page.get("html") if "nearest to it are of each class" in one.proto.body
    )
    assert [part.split("</b>")[0] for part in votes.split("<b>")[1:]] == expected


def test_of_two_classes_there_is_no_list_against_others(monkeypatch, store):
    """The deciding machine is the only one."""
    planted_run(store, plan=Plan(("cat", "dog"), noise=2.5))
    assert headings(drawn(monkeypatch, store, 0))[-1] == "What decides"


def test_without_a_classifier_there_is_nothing_to_explain(monkeypatch, store):
    """No sentence, no strip, no machine: votes alone; and without classes not even those."""
    planted_run(store, without=("classifier", "validation"))
    page = drawn(monkeypatch, store, 0)
    assert headings(page) == []
    assert len(page.get("html")) == 1
    planted_run(store, "bare", labelled=False)
    assert len(drawn(monkeypatch, store, 0, "bare").get("html")) == 0


def test_hostile_names_stay_names(monkeypatch, store):
    """They are escaped for HTML."""
    names = ("<img src=x onerror=alert(1)>", "[link](http://x)", "$a$", ":red[b]")
    planted_run(store, plan=Plan(names, noise=2.5))
    page = drawn(monkeypatch, store, 1)
    assert "<img" not in html(page)
    assert html(page).startswith('<p class="lb-why">')


@pytest.mark.parametrize("k", [25])
def test_of_many_classes_the_nearest_twenty_are_listed(monkeypatch, store, k):
    """The others are counted; the rival is always there."""
    planted_run(store, plan=Plan([f"class {i}" for i in range(k)], n_train=75, n_test=100, noise=2.0))
    page = drawn(monkeypatch, store, 1)
    assert "Not shown, as their images are farther away: 4 classes." in page.caption[-1].value
