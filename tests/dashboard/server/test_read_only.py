"""A server that only shows: no address starts work or writes, and no page offers it."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.jobs import permission as permissions
from dashboard.jobs.job import Job
from dashboard.jobs.permission import READ_ONLY, Permission, payer_of
from dashboard.jobs.visitor import Visitor
from dashboard.navigation import discover
from dashboard.run.data import RunData
from dashboard.run.mode import BUDGET, VARIABLE
from dashboard.server.routes import addresses, file_routes
from dashboard.server.routes.addresses import NOBODY, Kind
from tests.asgi import ask
from tests.planted import Plan, planted_run

FRAME = Path(__file__).parents[3] / "dashboard" / "frame.py"
KINDS = {kind.name: kind for kind in vars(addresses).values() if isinstance(kind, Kind)}
WORKS = {"grid", "poster", "guest", "guest-unjudged", "judge"}
"""Kinds of addresses that have something computed or saved."""
PAGES = [page.path for page in discover()]
NUMBERS = {"index": 0, "layout": "scatter", "size": 3000, "who": NOBODY}
BODIES = {
    "export": b"\x01" + bytes(2),
    "export-unjudged": b"\x01" + bytes(2),
    "guest": b"GIF89a",
    "guest-unjudged": b"GIF89a",
}


@pytest.fixture
def begun(monkeypatch):
    """List the titles of all jobs that begin."""
    titles = []
    begin = Job.begin
    monkeypatch.setattr(Job, "begin", lambda job: (titles.append(job.title), begin(job)))
    return titles


@pytest.fixture
def shown(store, monkeypatch):
    """A planted run that lacks much of what pages compute, and another, in a store that was only read before."""
    planted_run(store, plan=Plan(n_test=24, noise=2.5))
    planted_run(store, "rival", plan=Plan(n_test=24, noise=2.5), extractor="hog")
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    monkeypatch.setenv(VARIABLE, "read-only")
    return store


def lying(store):
    """Say what lies in a store: each file and folder, with its size and when it was changed."""
    return {(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in store.root.rglob("*")}


@pytest.fixture
def asked(shown):
    """Ask for the address of a kind as the pages do; gives the answer."""
    run, app = RunData(shown, "planted"), Starlette(routes=file_routes(store=lambda: shown))

    def part(name):
        if name in NUMBERS:
            return NUMBERS[name]
        return run.artefact("neighbours" if name == "others" else name)

    def ask_for(kind):
        address = kind.address(*(part(name) for name in kind.parts if name != "digest"))
        body = BODIES.get(kind.name, b"")
        headers = {"content-type": "application/octet-stream", "content-length": str(len(body))}
        if kind.name == "judge":
            said = {"id": uuid4().hex, "kind": "undo", "who": "Ann"}
            body, headers = json.dumps(said).encode(), {"content-type": "application/json"}
        labels = ".".join(["0", "1"])
        query = f"row=3&labels={labels}" if kind.method == "GET" else "session=ab"
        return ask(app, f"/{address}", method=kind.method, body=[body], headers=headers, query=query)

    return ask_for


@pytest.mark.parametrize("name", KINDS)
def test_no_address_starts_work_or_writes(asked, shown, begun, name):
    """What needs either is refused in a sentence; everything else is answered."""
    before = lying(shown)
    answer = asked(KINDS[name])
    assert begun == []
    assert lying(shown) == before
    if name in WORKS:
        assert (answer.status, answer.body.decode()) == (403, READ_ONLY)
        assert "retry-after" not in answer.headers
    else:
        assert answer.status == 200 or (name, answer.status) == ("values", 404), (
            answer.body
        )  # it has no table


@pytest.mark.parametrize("name", sorted(WORKS))
def test_who_has_spent_all_is_told_when_to_come_again(asked, monkeypatch, begun, name):
    """By the sentence, and by a header for programs."""
    spent = Permission()
    for module in ("jobs.queue", "server.routes.guests", "server.routes.verdicts"):
        monkeypatch.setattr(f"dashboard.{module}.permission", lambda: spent)
    monkeypatch.setenv(VARIABLE, "explore")
    monkeypatch.setenv(BUDGET, "10 20")
    spent.charge(Visitor("somebody else"), 21)
    answer = asked(KINDS[name])
    assert answer.status == 429
    assert "is some again in 60 minutes" in answer.body.decode()
    assert 3590 < int(answer.headers["retry-after"]) <= 3600
    assert begun == []


def opened(page, query=""):
    """Open a page."""
    app = AppTest.from_file(str(FRAME), default_timeout=60)
    app._page_hash = calc_hash(page if page != PAGES[0] else "")
    for name, value in (pair.split("=") for pair in query.split("&")):
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def sentences(app):
    """Give what a page says in boxes and small print."""
    return " ".join(element.value for element in (*app.info, *app.caption)).replace("\\", "")


def widgets(app):
    """List what can be used on a page, by its kind and name."""
    kinds = ("button", "selectbox", "radio", "select_slider", "button_group", "text_input", "number_input")
    found = [(kind, one) for kind in kinds for one in app.get(kind)]
    return {(kind, one.key or one.label): one for kind, one in found if not one.disabled}


def used(kind, one):
    """Use it: press it, or choose or type something else."""
    if kind == "button":
        return one.click()
    if kind == "text_input":
        return one.set_value("0.03")
    if kind == "number_input":
        return one.set_value(one.value + 1 if one.value < one.max else one.value - 1)
    others = [i for i, option in enumerate(one.options) if option != str(one.value)]
    if kind == "button_group":
        return one.select(one.options[others[-1]]) if others else None
    if kind == "select_slider":
        return one.set_value(next(int(size) for size in one.options if size.isdecimal()))
    return one.select_index(others[-1]) if others else None


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_no_page_offers_work_or_begins_it(shown, begun, page):
    """A setting, a map and a comparison that nobody has computed are asked for; every widget is used."""
    before = lying(shown)
    query = "run=planted&C=0.07&versus=rival&projection=tsne&perplexity=7"
    there = widgets(opened(page, query))
    assert not [name for kind, name in there if kind == "button" and name.startswith("compute ")]
    for kind, name in there:
        again = opened(page, query)
        one = widgets(again).get((kind, name))
        if one is not None and used(kind, one) is not None:
            again.run()
            assert not again.exception, (kind, name)
    assert begun == []
    assert lying(shown) == before


@pytest.mark.parametrize("page", ["separability", "retrain", "labels", "map"])
@pytest.mark.usefixtures("shown")
def test_a_page_says_why_something_is_not_computed(page):
    """And, where it was to be offered, how to have it: by the command that makes the run."""
    app = opened(page, "run=planted&C=0.07&projection=tsne&perplexity=7")
    assert READ_ONLY in sentences(app)
    if page != "labels":
        assert any("pipeline run" in code.value for code in app.code)


@pytest.mark.parametrize("page", ["separability", "retrain"])
@pytest.mark.usefixtures("shown")
def test_who_has_spent_all_reads_when_there_is_some_again(monkeypatch, page, begun):
    """In the place of the button."""
    monkeypatch.setenv(VARIABLE, "explore")
    monkeypatch.setenv(BUDGET, "10 1000")
    spent = Permission()
    for module in ("jobs.queue", "jobs.display"):
        monkeypatch.setattr(f"dashboard.{module}.permission", lambda: spent)
    monkeypatch.setattr(permissions, "payer_of", lambda visitor: payer_of(visitor) and "me")
    spent.charge(Visitor("me"), 11)
    app = opened(page, "run=planted&C=0.07")
    assert "Each visitor has 10 seconds of computing an hour here, and you have used yours." in sentences(app)
    assert not [button.label for button in app.button if str(button.key).startswith("compute ")]
    assert begun == []
