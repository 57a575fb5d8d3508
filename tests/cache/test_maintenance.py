"""Housekeeping: everything damaged is found, and nothing else is ever removed."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from cache import ArtefactCorrupt, ArtefactMissing, SchemaTooNew, Store, StoreError
from cache.errors import RunInconsistent
from cache.maintenance import (
    problems,
    remove_all,
    remove_corrupt,
    remove_on_top,
    remove_stale,
    remove_unreferenced,
    sizes,
    unreferenced,
)
from cache.making import Making, StageState, write_making
from tests.cache.making import COMMAND, a_run, assert_helps, flip, make, rewrite
from tests.planted import Plan, planted_run

WHOLE = Plan(n_train=30, n_test=24)


def _tree(folder):
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"
    }


def _truncate(artefact):
    os.truncate(artefact.folder / "test.npy", 9)


def _flip_array(artefact):
    flip(artefact.folder / "test.npy")


def _flip_manifest(artefact):
    flip(artefact.folder / "manifest.json", 50)


def _delete_array(artefact):
    (artefact.folder / "test.npy").unlink()


def _delete_manifest(artefact):
    (artefact.folder / "manifest.json").unlink()


def _link(artefact):
    path = artefact.folder / "test.npy"
    path.rename(path.parents[4] / "elsewhere.npy")
    path.symlink_to(path.parents[4] / "elsewhere.npy")


DAMAGE = [_truncate, _flip_array, _flip_manifest, _delete_array, _delete_manifest, _link]


def test_a_whole_store_has_no_problems(store):
    """A run with every stage, and progress that ends at the number of bytes there are."""
    planted_run(store, "whole", plan=WHOLE)
    told = []
    assert problems(store, lambda done, total, what: told.append((done, total, what))) == []
    assert len(told) == len(store.artefacts())
    assert told[-1] == (sum(usage.size for usage in sizes(store)),) * 2 + ("bytes",)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_removed(store, damage):
    """The damaged artefact goes; the whole one, and the run that says how to make it again, stay."""
    kept, damaged = make(store, version=2), make(store)
    store.save_run(a_run(damaged))
    damage(damaged)
    found = problems(store)
    assert damaged.folder in [problem.path for problem in found]
    for problem in found:
        assert_helps(problem.error, problem.path.stem)
    assert remove_corrupt(store) == [damaged.folder]
    assert store.artefacts() == [("projection", kept.key)]
    assert [(problem.path.name, problem.error.remedy) for problem in problems(store)] == [
        ("first.json", COMMAND)
    ]


def test_damage_is_found_even_where_it_was_checked_before(store):
    """Verifying reads the files again; it does not ask what the process remembers."""
    artefact = make(store)
    store.artefact("projection", artefact.key).array("test")
    flip(artefact.folder / "test.npy")
    assert [problem.path for problem in problems(store)] == [artefact.folder]


def test_a_damaged_run_is_found_and_removed(store):
    """Its artefacts are whole and stay."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    path = store.root / "runs" / "first.json"
    flip(path, 30)
    assert [(problem.path, type(problem.error)) for problem in problems(store)] == [(path, ArtefactCorrupt)]
    assert remove_corrupt(store) == [path]
    assert store.artefacts() == [("projection", artefact.key)]


def test_a_run_whose_artefacts_do_not_fit_is_found_and_removed(store):
    """Each is whole by itself."""
    planted_run(store, "one", plan=WHOLE)
    run = planted_run(store, "two", plan=Plan(n_train=30, n_test=25))
    other = store.run("one").stages["features"]
    store.save_run(a_run(make(store), "two", stages={**run.stages, "features": other}))
    path = store.root / "runs" / "two.json"
    assert [(problem.path, type(problem.error)) for problem in problems(store)] == [(path, RunInconsistent)]
    assert remove_corrupt(store) == [path]
    assert store.run_names() == ["one"]


def test_what_a_newer_version_wrote_is_told_and_kept(store):
    """It is not damaged; this version is old."""
    artefact = make(store)
    rewrite(artefact.folder / "manifest.json", schema=2)
    assert [type(problem.error) for problem in problems(store)] == [SchemaTooNew]
    assert remove_corrupt(store) == []
    assert artefact.folder.is_dir()


def test_what_cannot_be_read_now_is_told_and_kept(store, monkeypatch):
    """No permission, no memory, no file handles: the file may be good."""
    artefact = make(store)

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("cache.artefact.sha256", refuse)
    assert [type(problem.error) for problem in problems(store)] == [StoreError]
    assert remove_corrupt(store) == []
    assert artefact.folder.is_dir()


def test_a_fallback_is_checked_but_never_changed(tmp_path):
    """The committed demo lies inside the store's own folder, and is not the user's to clean."""
    root = tmp_path / "data"
    demo = Store(root / "demo")
    damaged, spare = make(demo), make(demo, version=2)
    demo.save_run(a_run(damaged))
    flip(damaged.folder / "test.npy")
    (demo.root / "artefacts" / "projection" / f"{spare.key}.partial").mkdir()
    flip(demo.root / "runs" / "first.json", 30)
    before = _tree(demo.root)
    store = Store(root, (demo.root,))
    assert {problem.path.name for problem in problems(store)} == {damaged.key, "first.json"}
    assert remove_corrupt(store) == remove_stale(store) == remove_all(store) == []
    (demo.root / "runs" / "first.json").unlink()
    assert remove_unreferenced(store) == []
    before.pop(demo.root / "runs" / "first.json")
    assert _tree(demo.root) == before


def test_nothing_behind_a_link_is_removed(store, tmp_path):
    """Neither behind a linked artefact, nor behind a linked folder of artefacts or runs."""
    elsewhere = Store(tmp_path / "elsewhere")
    for version in (1, 2):
        flip(make(elsewhere, version=version).folder / "test.npy")
    elsewhere.save_run(a_run(make(elsewhere, version=3)))
    flip(elsewhere.root / "runs" / "first.json", 30)
    make(store, version=4)
    source = elsewhere.root / "artefacts" / "projection"
    linked = next(path for path in source.iterdir())
    (store.root / "artefacts" / "projection" / linked.name).symlink_to(linked)
    (store.root / "artefacts" / "neighbours").symlink_to(source)
    (store.root / "runs").symlink_to(elsewhere.root / "runs")
    before = _tree(elsewhere.root)
    assert len(problems(store)) > 2
    remove_corrupt(store)
    remove_stale(store)
    remove_all(store)
    assert _tree(elsewhere.root) == before
    assert store.artefacts() == [] or all(stage == "neighbours" for stage, _ in store.artefacts())


def test_a_linked_artefact_that_is_damaged_is_unlinked(store, tmp_path):
    """The link is ours, what it leads to is not."""
    artefact = make(store)
    artefact.folder.rename(tmp_path / artefact.key)
    artefact.folder.symlink_to(tmp_path / artefact.key)
    flip(tmp_path / artefact.key / "test.npy")
    assert remove_corrupt(store) == [artefact.folder]
    assert sorted(path.name for path in (tmp_path / artefact.key).iterdir()) == ["manifest.json", "test.npy"]
    assert not artefact.folder.is_symlink()


def test_leftovers_of_interrupted_writers_are_removed(store):
    """Drafts, pieces, and drafts of runs; finished artefacts and other people's folders stay."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    folder = artefact.folder.parent
    stale = [folder / f"{artefact.key}.partial", folder / f"{'0' * 40}.tmp-0123abcd"]
    for path in stale:
        (path / "test").mkdir(parents=True)
        (path / "test" / "piece.npy").write_bytes(b"x" * 100)
    old = store.root / "runs" / "first.json.tmp-0123abcd"
    old.write_text("{")
    os.utime(old, (time.time() - 3600,) * 2)
    (store.root / "runs" / "first.json.tmp-4567cdef").write_text("{")  # may be a writer's, right now
    (folder / "mine").mkdir()
    assert sorted(remove_stale(store)) == sorted([*stale, old])
    assert (folder / "mine").is_dir()
    assert (store.root / "runs" / "first.json.tmp-4567cdef").is_file()
    assert problems(store) == []


@pytest.mark.parametrize("name", ["places/x", "digests/x", "making/first.json", "tables/x"])
def test_drafts_of_small_files_are_removed_wherever_they_are(store, name):
    """Once they are older than the writing of one takes."""
    make(store)
    old, new = (store.root / f"{name}.tmp-{end}" for end in ("0123abcd", "4567cdef"))
    for path in (old, new):
        path.parent.mkdir(exist_ok=True)
        path.write_text("{")
    os.utime(old, (time.time() - 3600,) * 2)
    assert old in remove_stale(store)
    assert not old.exists()
    assert new.exists() or name.startswith("making")  # of a run that nobody makes


def test_what_is_being_written_is_left_alone(store):
    """By none of the three that may work beside it."""
    with store.writing("projection", plugin="pca", version=1, identity={"rows": 7}, inputs={}) as draft:
        draft.save("test", np.zeros((7, 2), np.float32))
        draft.partial.mkdir()
        headless = draft.folder.with_name(draft.key)
        headless.mkdir()
        assert remove_stale(store) == remove_corrupt(store) == remove_all(store) == []
    assert store.has("projection", draft.key)


def test_damage_repaired_meanwhile_is_not_removed(store):
    """A writer may have replaced the artefact between the check and the removal."""
    artefact = make(store)
    flip(artefact.folder / "test.npy")
    assert remove_corrupt(store, lambda done, total, what: make(store)) == []
    assert problems(store) == []


def on_top(store, run, rows=24):
    """Lay out another map of a run, and judge it as if one could."""
    inputs = {"features": run.stages["features"]}
    other = make(store, rows=rows, inputs=inputs)
    judged = {**inputs, "neighbours": run.stages["neighbours"], "projection": other.key}
    with store.writing("faithfulness", plugin="ranks", version=1, identity={}, inputs=judged) as draft:
        draft.save("preserved", np.zeros(rows, np.uint8))
        draft.facts["k"] = 20
    return {("projection", other.key), ("faithfulness", draft.key)}


def test_what_was_made_on_top_of_a_run_goes_when_asked_and_only_then(store):
    """Another map and how faithful it is belong to the run: not called unneeded, and removed by their name."""
    run = planted_run(store, "whole", plan=WHOLE)
    before = set(store.artefacts())
    made = on_top(store, run)
    stray = make(store, version=9)
    assert unreferenced(store) == remove_unreferenced(store) == [stray.folder]
    assert set(store.artefacts()) == before | made
    assert {(path.parent.name, path.name) for path in remove_on_top(store)} == made
    assert set(store.artefacts()) == before
    assert problems(store) == []


def test_what_is_another_runs_own_is_no_addition_to_remove(store):
    """Two runs of the same features: the map of one is on top of the other, and stays."""
    run = planted_run(store, "whole", plan=WHOLE)
    ((_, other), _) = sorted(on_top(store, run), reverse=True)
    store.save_run(
        a_run(store.artefact("projection", other), "second", stages={**run.stages, "projection": other})
    )
    assert [path.parent.name for path in remove_on_top(store)] == ["faithfulness"]
    assert store.has("projection", other)


def test_what_is_on_top_of_a_run_and_does_not_fit_it_is_told(store):
    """A map of other images, whole by itself: verify names it, and what removes it."""
    run = planted_run(store, "whole", plan=WHOLE)
    made = on_top(store, run, rows=23)
    found = problems(store)
    assert {(problem.path.parent.name, problem.path.name) for problem in found} == made
    for problem in found:
        assert "n_test" in problem.error.message
    assert {problem.error.remedy for problem in found if isinstance(problem.error, RunInconsistent)} == {
        "python -m pipeline clean --on-top"
    }
    remove_on_top(store)
    assert problems(store) == []


def test_artefacts_of_no_run_are_removed(store):
    """What a run needs stays, and what that was computed from."""
    origin, live = make(store, version=2), make(store, version=3)
    used = make(store, inputs={"projection": origin.key})
    store.save_run(a_run(used))
    assert remove_unreferenced(store) == [live.folder]
    assert {key for _, key in store.artefacts()} == {origin.key, used.key}


def test_artefacts_of_a_run_in_a_fallback_are_needed(store, tmp_path):
    """The demo's run may be completed by artefacts in the user's own store."""
    demo = Store(tmp_path / "demo")
    artefact = make(store)
    demo.save_run(a_run(artefact))
    assert remove_unreferenced(Store(store.root, (demo.root,))) == []


@pytest.mark.parametrize("changes", [{"schema": 2}, {"C": -1}])
def test_nothing_is_called_unneeded_while_a_run_cannot_be_read(store, changes):
    """Nobody knows what it needs; the error says what to do first."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    rewrite(store.root / "runs" / "first.json", **changes)
    with pytest.raises((ArtefactCorrupt, SchemaTooNew)) as caught:
        remove_unreferenced(store)
    assert_helps(caught.value, store.root / "runs" / "first.json")
    assert store.has("projection", artefact.key)


def _interrupted(store, name="half"):
    """A run of one artefact that is there and one that is not."""
    there = make(store)
    store.save_run(a_run(there, name, stages={"projection": there.key, "features": "0" * 40}, finished=False))
    write_making(store, Making(name, COMMAND, "Half", (StageState("features", "hog", "working"),)))
    return there


def test_what_a_run_in_the_making_lacks_is_no_damage(store):
    """What it has is checked, and belongs to it."""
    there = _interrupted(store)
    assert problems(store) == []
    assert remove_unreferenced(store) == []
    flip(there.folder / "test.npy")
    assert [problem.path for problem in problems(store)] == [there.folder]


def test_an_interrupted_run_goes_with_what_else_was_left_and_one_under_way_stays(store):
    """Its whole artefacts stay; the same command finds them."""
    there = _interrupted(store, "half.way")
    with store.locked("run", "half.way"):
        assert remove_stale(store) == []
    assert {path.parent.name for path in remove_stale(store)} == {"making", "runs"}
    assert store.run_names() == []
    assert there.folder.is_dir()


def test_everything_is_removed_when_asked(store):
    """Runs, artefacts, drafts; nothing that is not the store's."""
    run = planted_run(store, "whole", plan=WHOLE)
    (store.root / "artefacts" / "features" / f"{'0' * 40}.partial").mkdir()
    (store.root / "notes.txt").write_text("mine")
    removed = remove_all(store)
    assert len(removed) == 1 + len(run.stages) + 1
    assert (store.run_names(), store.artefacts(), sizes(store)) == ([], [], [])
    assert (store.root / "notes.txt").read_text() == "mine"
    with pytest.raises(ArtefactMissing):
        store.run("whole")


def test_sizes_tell_bytes_of_finished_and_unfinished_artefacts(store, tmp_path):
    """In every root, by folder."""
    demo = Store(tmp_path / "demo")
    there, mine = make(demo), make(store, version=2)
    partial = mine.folder.with_name(f"{mine.key}.partial")
    partial.mkdir()
    (partial / "piece.npy").write_bytes(b"x" * 100)
    found = {usage.path: usage.size for usage in sizes(Store(store.root, (demo.root,)))}
    folders = (there.folder, mine.folder, partial)
    for folder in folders:
        assert found[folder] == sum(path.stat().st_size for path in folder.iterdir())
    assert len(found) == len(folders)


def test_an_empty_store_needs_no_care(store):
    """It need not even exist."""
    assert problems(store) == remove_corrupt(store) == remove_stale(store) == remove_unreferenced(store) == []
    assert remove_on_top(store) == []
    assert remove_all(store) == sizes(store) == []
    assert not store.root.exists()
