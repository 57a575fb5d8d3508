"""Runs: a name and the keys of its results, in a file nobody needs to trust."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactCorrupt, ArtefactMissing, Run, SchemaTooNew, StoreError
from cache.runs import COMMAND, read_run, write_run
from tests.cache.making import a_run, assert_helps, flip, make, rewrite
from tests.cache.test_keys import HEX

NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,79}", fullmatch=True)
PLAIN = st.text(st.characters(codec="utf-8"), max_size=40)
WORDS = st.lists(st.from_regex(r"[a-zA-Z0-9=./ -]{1,12}", fullmatch=True), max_size=4)
STAGES = st.dictionaries(st.from_regex(r"[a-z]{1,32}", fullmatch=True), HEX, max_size=7)


@pytest.fixture
def path(store):
    """The file of a run in a store."""
    store.save_run(a_run(make(store)))
    return store.root / "runs" / "first.json"


def _command(words):
    import shlex

    return shlex.join([*COMMAND.split(), "run", *words])


@given(
    name=NAMES,
    title=PLAIN,
    C=st.floats(min_value=1e-300, allow_infinity=False, allow_nan=False),
    stages=STAGES,
    words=WORDS,
    created=PLAIN,
)
def test_a_run_comes_back_as_it_was(tmp_path_factory, name, title, C, stages, words, created):
    """Whatever its name, title, penalty, keys and command."""
    run = Run(name, title, C, stages, _command(words), created)
    path = tmp_path_factory.getbasetemp() / f"{name}.json"
    write_run(path, run)
    assert read_run(path) == run
    path.unlink()


def test_saving_again_replaces(store, path):
    """The name is the run's identity."""
    store.save_run(a_run(make(store), title="Another"))
    assert store.run("first").title == "Another"
    assert store.run_names() == ["first"]


@pytest.mark.parametrize("position", range(0, 400, 13))
def test_a_flipped_bit_is_refused(path, position):
    """Anywhere in the file."""
    flip(path, position % path.stat().st_size)
    with pytest.raises((ArtefactCorrupt, SchemaTooNew)) as caught:
        read_run(path)
    assert_helps(caught.value, path)


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_truncated_run_is_refused(path, size):
    """Half a file is no file."""
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ArtefactCorrupt) as caught:
        read_run(path)
    assert_helps(caught.value, path)
    assert "clean --corrupt" in caught.value.remedy


def test_a_newer_run_says_so(store, path):
    """Through the store as well."""
    rewrite(path, schema=2)
    with pytest.raises(SchemaTooNew) as caught:
        store.run("first")
    assert_helps(caught.value, path)


BAD = [
    {"name": "second"},
    {"name": "../first"},
    {"name": 1},
    {"C": 0},
    {"C": -1.0},
    {"C": True},
    {"C": "0.1"},
    {"C": None},
    {"C": 10**400},
    {"stages": []},
    {"stages": {"projection": "../../etc/passwd"}},
    {"stages": {"projection": "0" * 39}},
    {"stages": {"../x": "0" * 40}},
    {"stages": {"projection": 7}},
    {"title": None},
    {"created": 2026},
    {"command": "rm -rf ~"},
    {"command": "python -m pipeline run; rm -rf ~"},
    {"command": "python -m pipeline run $(rm -rf ~)"},
    {"command": "python -m pipeline run\nrm -rf ~"},
    {"command": "python -m pipeline run 'open quote"},
    {"command": "python -m pipelines run"},
    {"command": "python -m pipeline run '\u202e'"},
    {"command": ["python"]},
    {"surprise": 1},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_a_run_with_other_values_is_refused(path, changes):
    """Well sealed, but not what it must be; above all, a command somebody might type."""
    rewrite(path, **changes)
    with pytest.raises(ArtefactCorrupt) as caught:
        read_run(path)
    assert_helps(caught.value, path)


@pytest.mark.parametrize("changes", [change for change in BAD if "surprise" not in change], ids=str)
def test_what_would_not_be_read_is_not_written(store, changes):
    """The same rules on the way in."""
    run = a_run(make(store), **changes)
    if changes == {"name": "second"}:  # a good name, of another file
        with pytest.raises(StoreError, match="A run must have"):
            write_run(store.root / "first.json", run)
        return
    with pytest.raises(StoreError, match="A run must have"):
        store.save_run(run)
    assert store.run_names() == []


def test_an_unknown_run_is_answered_with_those_there_are(store, path):
    """So that a mistyped name is seen at once."""
    with pytest.raises(ArtefactMissing, match=r"must be one of first\. Got 'frist'") as caught:
        store.run("frist")
    assert caught.value.remedy == "python -m pipeline status"
    for name in ("../../etc/passwd", "", "FIRST", "first\n"):
        with pytest.raises(ArtefactMissing):
            store.run(name)


def test_only_files_with_a_runs_name_are_listed(store, path):
    """Drafts and other people's files are not runs; a folder of a run's name is a damaged one, which is told."""
    for name in ("first.json.tmp-0123abcd", "UPPER.json", ".hidden.json", "notes.txt"):
        (path.parent / name).write_text("{}")
    (path.parent / "folder.json").mkdir()
    assert store.run_names() == ["first", "folder"]
    with pytest.raises(ArtefactCorrupt, match="a folder in the place of a plain file"):
        store.run("folder")


def test_a_run_file_is_readable_to_people(path):
    """Plain JSON, one field a line, letters as they are."""
    text = path.read_text()
    assert "Digits · HOG" in text
    assert json.loads(text)["C"] == 0.1
