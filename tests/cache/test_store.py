"""The store: what is written appears whole or not at all, and readers never wait."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cache import ArtefactCorrupt, ArtefactMissing, Store, StoreError
from cache.keys import stage_key
from tests.cache.making import a_run, assert_helps, flip, make, points, rewrite
from tests.cache.test_keys import OBJECTS
from tests.cache.test_sealed import _speakable

ADDRESS = {"plugin": "pca", "version": 1, "identity": {}, "inputs": {}}


def _folders(store):
    return sorted(path.name for path in store.root.glob("artefacts/*/*"))


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 20), st.just(2)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    ),
    OBJECTS.filter(_speakable),
)
def test_what_is_written_is_read(tmp_path_factory, array, facts):
    """Any numbers that its stage may have, and any facts that no reader relies on."""
    store = Store(tmp_path_factory.mktemp("store"))
    with store.writing("projection", **ADDRESS) as draft:
        draft.save("test", array)
        draft.facts.update(facts)
    artefact = store.artefact("projection", draft.key)
    np.testing.assert_array_equal(artefact.array("test"), array)
    assert artefact.manifest.facts == facts


@given(OBJECTS.filter(_speakable))
def test_any_identity_is_found_again(tmp_path_factory, identity):
    """The key of a manifest that was read is the key it was written under."""
    store = Store(tmp_path_factory.mktemp("store"))
    with store.writing("projection", **{**ADDRESS, "identity": identity}) as draft:
        draft.save("test", points())
    assert draft.key == stage_key("projection", **{**ADDRESS, "identity": identity})
    assert store.artefact("projection", draft.key).manifest.identity == identity


def test_facts_with_numbers_as_names_are_read_again(store):
    """JSON has only text for names; the digest must not trip over that."""
    with store.writing("projection", **ADDRESS) as draft:
        draft.save("test", points())
        draft.facts["per_class"] = {9: "nine", 10: "ten"}
    assert store.artefact("projection", draft.key).manifest.facts["per_class"] == {"9": "nine", "10": "ten"}


def test_nothing_is_there_before_the_block_ends(store):
    """And the whole of it right after."""
    with store.writing("projection", **ADDRESS) as draft:
        draft.save("test", points())
        assert not store.has("projection", draft.key)
        assert store.artefacts() == []
    assert store.artefacts() == [("projection", draft.key)]
    assert _folders(store) == [draft.key]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_nothing(store, error):
    """Its own error comes through as it is."""

    def fail(draft):
        draft.save("test", points())
        raise error

    with pytest.raises(error), store.writing("projection", **ADDRESS) as draft:
        fail(draft)
    assert store.artefacts() == []
    assert _folders(store) == []


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("other", points()),
        ("test", points().astype(np.float64)),
        ("test", points()[:, :1]),
        ("test", points()[0]),
    ],
)
def test_arrays_of_another_form_are_not_written(store, name, array):
    """The message names the file, what it must be and what it is."""
    with (
        pytest.raises(StoreError, match=r"projection.*must.*Got"),
        store.writing("projection", **ADDRESS) as draft,
    ):
        draft.save(name, array)
    assert store.artefacts() == []


def test_objects_are_not_written(store):
    """They would need pickle to be read."""
    with pytest.raises(ValueError, match="Object arrays"), store.writing("projection", **ADDRESS) as draft:
        draft.save("test", np.array([{}], dtype=object))


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "", ".x", "manifest.json", "a/b"])  # noqa: S108  # refused
def test_a_draft_takes_plain_names_only(store, name):
    """No file of an artefact is written anywhere else."""
    with pytest.raises(StoreError, match="plain name"), store.writing("projection", **ADDRESS) as draft:
        draft.path(name)


def test_writing_again_replaces_the_whole(store):
    """Files of the earlier one are gone; who reads it already keeps what was read."""
    before = make(store)
    mapped = before.array("test")
    with store.writing("projection", plugin="pca", version=1, identity={"rows": 7}, inputs={}) as draft:
        draft.save("test", points() + 1)
    assert draft.key == before.key
    np.testing.assert_array_equal(mapped, points())
    np.testing.assert_array_equal(store.artefact("projection", draft.key).array("test"), points() + 1)
    assert _folders(store) == [draft.key]


@pytest.mark.parametrize("obstacle", ["folder", "file", "link"])
def test_an_obstacle_at_the_target_is_replaced(store, tmp_path, obstacle):
    """A headless folder, a file, a link; what the link leads to stays."""
    (tmp_path / "mine").mkdir()
    target = store.root / "artefacts" / "projection" / stage_key("projection", **ADDRESS)
    target.parent.mkdir(parents=True)
    {
        "folder": lambda: (target / "deep").mkdir(parents=True),
        "file": target.touch,
        "link": lambda: target.symlink_to(tmp_path / "mine"),
    }[obstacle]()
    with store.writing("projection", **ADDRESS) as draft:
        draft.save("test", points())
    assert [path.name for path in (tmp_path / "mine").iterdir()] == []
    assert not target.is_symlink()
    list(store.artefact("projection", draft.key).verify())


def test_long_work_is_never_written_behind_a_link(store, tmp_path):
    """A folder from a stranger may hold a link where the chunks go."""
    (tmp_path / "mine").mkdir()
    key = stage_key("projection", **ADDRESS)
    partial = store.root / "artefacts" / "projection" / f"{key}.partial"
    partial.parent.mkdir(parents=True)
    partial.symlink_to(tmp_path / "mine")
    with store.writing("projection", **ADDRESS) as draft:
        (draft.partial / "parts").mkdir(parents=True)
        draft.save("test", points())
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize(
    ("stage", "key"),
    [
        ("projection", "0" * 40),
        ("projection", "../../../etc"),
        ("../x", "0" * 40),
        ("projection", ""),
        ("dreams", "x"),
    ],
)
def test_what_is_not_there_is_missing(store, stage, key):
    """A name that leads elsewhere is simply not there."""
    assert not store.has(stage, key)
    with pytest.raises(ArtefactMissing) as caught:
        store.artefact(stage, key)
    assert_helps(caught.value, store.root)


def test_fallbacks_are_read_and_never_written(store, tmp_path):
    """The first root wins; both are listed."""
    demo = Store(tmp_path / "demo")
    old = make(demo)
    demo.save_run(a_run(old, "demo"))
    before = sorted(path for path in demo.root.rglob("*"))
    both = Store(store.root, (demo.root,))
    new = make(both, version=2)
    both.save_run(a_run(new, "mine"))
    both.save_run(a_run(new, "demo", title="Mine, under the demo's name"))
    assert both.run_names() == ["demo", "mine"]
    assert both.run("demo").title == "Mine, under the demo's name"
    assert both.artefacts() == sorted([("projection", old.key), ("projection", new.key)])
    assert both.artefact("projection", old.key).folder.is_relative_to(demo.root)
    assert sorted(path for path in demo.root.rglob("*")) == before


def test_a_damaged_artefact_is_not_hidden_by_a_whole_one_elsewhere(store, tmp_path):
    """Nothing is repaired silently."""
    demo = Store(tmp_path / "demo")
    make(demo)
    both = Store(store.root, (demo.root,))
    mine = make(both)
    flip(mine.folder / "test.npy")
    with pytest.raises(ArtefactCorrupt):
        both.artefact("projection", mine.key).array("test")


def test_other_peoples_files_are_not_artefacts(store):
    """Only `<stage>/<key>/manifest.json` counts."""
    artefact = make(store)
    for name in (
        "artefacts/Dreams/x",
        f"artefacts/projection/{'g' * 40}",
        f"artefacts/projection/{artefact.key}.partial",
    ):
        (store.root / name).mkdir(parents=True)
        (store.root / name / "manifest.json").write_text("{}")
    assert store.artefacts() == [("projection", artefact.key)]


def test_a_run_in_a_damaged_store_can_still_be_listed(store):
    """Listing reads no file: the damage shows where it is."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    rewrite(artefact.folder / "manifest.json", schema=2)
    assert store.run_names() == ["first"]
    assert store.has("projection", artefact.key)
