"""What people say of labels, sent by a browser or by a stranger."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.applications import Starlette

from dashboard.run.data import RunData
from dashboard.server import tickets
from dashboard.server.routes import file_routes, verdicts
from dashboard.server.routes.addresses import JUDGE, NOBODY, VERDICTS
from pipeline.api import images_of, open_verdicts
from tests.asgi import ask
from tests.dashboard.server.routes.test_routes import get
from tests.planted import Plan, planted_run

JSON = {"content-type": "application/json"}


@pytest.fixture
def dataset(store):
    """A planted run's data set: 24 test images, 60 training images."""
    planted_run(store, plan=Plan(n_test=24))
    return RunData(store, "planted").artefact("dataset")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.fixture
def post(app, dataset):
    """Post an action; ``post(kind="undo")``, or anything with ``body``."""

    def posted(*edits, kind="record", who="Ann", id_=None, signed=NOBODY, body=None, headers=JSON):
        said = {"id": id_ or uuid4().hex, "kind": kind, "who": who, "edits": list(edits)}
        path = f"/{JUDGE.address(dataset, signed)}"
        content = json.dumps(said).encode() if body is None else body
        return ask(app, path, method="POST", body=[content], headers=headers)

    return posted


@pytest.fixture
def told(app, dataset):
    """Ask for what is said."""
    return lambda query="": json.loads(get(app, f"{VERDICTS.address(dataset)}{query}").body)


def edit(image, verdict="keep", judged="", tags=(), note="", based_on=0):
    """Make an edit as the page does."""
    return {
        "image": image,
        "verdict": verdict,
        "judged": judged,
        "tags": list(tags),
        "note": note,
        "based_on": based_on,
    }


def test_what_is_said_is_recorded_and_told(post, told, store, dataset):
    """By the images' places, of both splits; since a change, only what came after it."""
    answer = post(edit(3, "wrong", "cross", ["odd"], "a note"), edit(30))
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    first = json.loads(answer.body)["images"]["3"]
    assert (first["verdict"], first["judged"], first["tags"], first["note"]) == (
        "wrong",
        "cross",
        ["odd"],
        "a note",
    )
    assert (first["who"], first["version"]) == ("Ann", 1)
    change = told()["change"]
    assert set(told()["images"]) == {"3", "30"}
    assert told(f"?since={change}")["images"] == {}
    post(edit(5, "unsure"))
    assert set(told(f"?since={change}")["images"]) == {"5"}
    images = images_of(dataset)
    assert open_verdicts(store).state(images).records[images.keys[30]].judgement.verdict == "keep"


def test_the_same_action_twice_is_one(post, told):
    """A browser that has not heard the answer sends it again."""
    action = uuid4().hex
    answers = [post(edit(3), id_=action) for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert told()["images"]["3"]["version"] == 1


def test_who_has_not_seen_the_latest_is_told_it(post, told):
    """409 with what is there, and nothing is changed."""
    post(edit(3))
    answer = post(edit(3, "wrong"), edit(4), who="Bob")
    assert answer.status == 409
    there = json.loads(answer.body)["images"]
    assert (there["3"]["who"], there["3"]["verdict"]) == ("Ann", "keep")
    assert set(told()["images"]) == {"3"}
    assert post(edit(3, "wrong", based_on=1), who="Bob").status == 200


def test_undo_and_redo_are_of_the_person(post, told):
    """Each takes back their own; with nothing to take back nothing is told."""
    post(edit(3))
    assert json.loads(post(kind="undo", who="Bob").body)["images"] == {}
    assert json.loads(post(kind="undo").body)["images"]["3"]["verdict"] == ""
    assert json.loads(post(kind="redo").body)["images"]["3"]["verdict"] == "keep"


@pytest.mark.parametrize(
    "wrong",
    [
        {"image": 84}, {"image": -1}, {"image": True}, {"image": "3"}, {"verdict": "perhaps"}, {"verdict": 3},
        {"judged": "bar", "verdict": "keep"}, {"tags": "odd"}, {"tags": [3]}, {"tags": ["x" * 51]}, {"note": None},
        {"note": "x" * 2001}, {"based_on": -1}, {"based_on": 1.5}, {"note": "\x00"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(post, told, wrong):
    """And nothing is recorded."""
    answer = post({**edit(3), **wrong})
    assert (answer.status, answer.headers["content-type"].startswith("text/plain")) == (422, True)
    assert told()["images"] == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b"[" * 100_000, 400),
        (b'{"kind": "record", "id": 3}', 422),
        (b"x" * (verdicts.MOST_BYTES + 1), 413),
    ],
)
def test_other_bodies_are_refused(post, body, status):
    """No JSON, another shape, too deep, too long."""
    assert post(body=body).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON | {"sec-fetch-site": "cross-site"}, 403), (JSON | {"sec-fetch-site": "same-site"}, 403),
        (JSON | {"origin": "https://evil.test", "host": "lazy.test"}, 403),
        ({"content-type": "text/plain"}, 415), ({}, 415),
        (JSON | {"sec-fetch-site": "same-origin", "origin": "https://lazy.test", "host": "inner:8501"}, 200),
        (JSON | {"origin": "http://lazy.test:8501", "host": "lazy.test:8501"}, 200),
    ],
)  # fmt: skip
def test_other_sites_cannot_judge(post, headers, status):
    """Only the dashboard's own page, also behind a proxy."""
    assert post(edit(3), headers=headers).status == status


def test_where_people_sign_in_the_name_is_theirs(post, told, dataset, app, monkeypatch):
    """The address has it under the ticket's seal: another name needs another ticket, and nobody is refused."""
    for module in (tickets, verdicts):
        monkeypatch.setattr(module, "sign_in_configured", lambda: True)
    monkeypatch.setattr(tickets, "_secret", lambda: b"secret")
    address = tickets.with_ticket(JUDGE.address(dataset, "Zoë".encode().hex()))
    path, _, query = address.partition("?")
    body = [json.dumps({"id": uuid4().hex, "kind": "record", "who": "Ann", "edits": [edit(3)]}).encode()]
    answer = ask(app, f"/{path}", method="POST", query=query, body=body, headers=JSON)
    assert json.loads(answer.body)["images"]["3"]["who"] == "Zoë"
    other = JUDGE.address(dataset, b"Ann".hex())
    assert ask(app, f"/{other}", method="POST", query=query, body=body, headers=JSON).status == 403
    nobody, _, own = tickets.with_ticket(JUDGE.address(dataset, NOBODY)).partition("?")
    assert ask(app, f"/{nobody}", method="POST", query=own, body=body, headers=JSON).status == 422


def test_a_database_that_cannot_be_used_says_so_without_its_path(post, store, dataset):
    """A file that is no database: 503, which the browser tries again."""
    where = open_verdicts(store).where
    Path(where).write_bytes(b"no database" * 1000)
    answer = post(edit(3))
    assert answer.status == 503
    assert where not in answer.body.decode()
    assert "database of verdicts" in answer.body.decode()
