"""Bundles: a run goes out as a folder or a zip and comes back the same."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

from cache import ArtefactCorrupt, ArtefactMissing, Store, StoreError
from cache.bundle import pack
from cache.maintenance import problems, remove_stale, taken
from cache.roots import open_store
from pipeline.cli.main import main
from tests.cache.making import a_run, assert_helps, flip, make
from tests.cache.processes import start
from tests.planted import Plan, planted_run

PLAN = Plan(n_train=30, n_test=24)


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The system's temporary folder, for this test alone."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def _contents(store, run):
    return {
        (stage, name): artefact.path(name).read_bytes()
        for stage, key in run.stages.items()
        for artefact in [store.artefact(stage, key)]
        for name in artefact.manifest.files
    }


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_runs_come_back_as_they_were(store, tmp_path, name):
    """Every byte of every file, every manifest, and nothing besides."""
    runs = [planted_run(store, "one", plan=PLAN), planted_run(store, "two", plan=PLAN, extractor="hog")]
    planted_run(store, "three", plan=PLAN, extractor="other")
    size = pack(store, ["one", "two"], tmp_path / name)
    there = open_store(tmp_path / name)
    assert there.run_names() == ["one", "two"]
    for run in runs:
        assert there.run(run.name) == run
        assert _contents(there, run) == _contents(store, run)
        for stage, key in run.stages.items():
            assert there.artefact(stage, key).manifest == store.artefact(stage, key).manifest
            assert there.artefact(stage, key).digest == store.artefact(stage, key).digest
    assert len(there.artefacts()) == len({key for run in runs for key in run.stages.values()})
    assert problems(there) == []
    files = [path for path in [tmp_path / name, *(tmp_path / name).rglob("*")] if path.is_file()]
    assert size == sum(path.stat().st_size for path in files)


@pytest.mark.parametrize("bare", [False, True])
def test_what_was_made_on_top_of_a_run_goes_along_unless_told(store, tmp_path, bare):
    """A live fit, for example; that of a run which is not packed stays."""
    run, other = planted_run(store, "one", plan=PLAN), planted_run(store, "two", plan=PLAN, extractor="hog")
    live = make(store, rows=24, inputs={"features": run.stages["features"]})
    make(store, rows=24, inputs={"features": other.stages["features"]})
    pack(store, ["one"], tmp_path / "bundle", bare=bare)
    there = set(open_store(tmp_path / "bundle").artefacts())
    assert there - set(run.stages.items()) == (set() if bare else {("projection", live.key)})


def test_shared_artefacts_are_packed_once(store, tmp_path):
    """Two runs on the same images hold them together."""
    planted_run(store, "one", plan=PLAN)
    planted_run(store, "two", plan=PLAN, extractor="hog")
    pack(store, ["one", "two"], tmp_path / "bundle")
    assert len(list((tmp_path / "bundle" / "artefacts" / "dataset").iterdir())) == 1


def test_new_fits_on_a_zip_go_to_a_scratch_folder(store, tmp_path):
    """They are found again when the zip is opened again; the zip stays as it is."""
    store.save_run(a_run(make(store)))
    pack(store, ["first"], tmp_path / "bundle.zip")
    before = (tmp_path / "bundle.zip").read_bytes()
    there = open_store(tmp_path / "bundle.zip")
    assert there.scratch
    new = make(there, version=2)
    assert open_store(tmp_path / "bundle.zip").has("projection", new.key)
    assert (tmp_path / "bundle.zip").read_bytes() == before


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_an_existing_target_is_kept(store, tmp_path, name):
    """Nothing of somebody's is overwritten: neither a file, nor a folder, nor a link to nowhere."""
    store.save_run(a_run(make(store)))
    (tmp_path / name).write_text("mine")
    (tmp_path / f"link-{name}").symlink_to(tmp_path / "nowhere")
    for target in (tmp_path / name, tmp_path / f"link-{name}"):
        with pytest.raises(StoreError) as caught:
            pack(store, ["first"], target)
        assert_helps(caught.value, target)
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_damaged_artefact_is_not_packed(store, tmp_path, name):
    """And nothing half-packed stays."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    flip(artefact.folder / "test.npy")
    with pytest.raises(ArtefactCorrupt) as caught:
        pack(store, ["first"], tmp_path / "out" / name)
    assert_helps(caught.value, artefact.folder / "test.npy")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_run_is_not_packed(store, tmp_path):
    """The message lists those there are."""
    store.save_run(a_run(make(store)))
    with pytest.raises(ArtefactMissing, match="first"):
        pack(store, ["second"], tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_a_run_that_is_not_finished_is_not_packed(store, tmp_path):
    """The message names the command that finishes it; how far it is, is nobody's business."""
    store.save_run(a_run(make(store), finished=False))
    with pytest.raises(StoreError, match="must be finished") as caught:
        pack(store, ["first"], tmp_path / "bundle")
    assert caught.value.remedy == a_run(make(store)).command
    assert not (tmp_path / "bundle").exists()


def test_only_what_the_manifest_lists_is_packed(store, tmp_path):
    """A link that somebody laid into a folder must not carry a private file into a public bundle."""
    (tmp_path / "id_rsa").write_text("private")
    artefact = make(store)
    store.save_run(a_run(artefact))
    (artefact.folder / "extra.npy").symlink_to(tmp_path / "id_rsa")
    (artefact.folder / "notes.txt").write_text("private")
    (artefact.folder / "deep").mkdir()
    pack(store, ["first"], tmp_path / "bundle")
    pack(store, ["first"], tmp_path / "bundle.zip")
    packed = sorted(path.name for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    assert packed == ["first.json", "manifest.json", "test.npy"]
    assert open_store(tmp_path / "bundle.zip").run_names() == ["first"]


def test_files_from_before_1980_are_packed(store, tmp_path):
    """Some containers set every time to 1970, which a zip cannot hold."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    for path in artefact.folder.iterdir():
        os.utime(path, (0, 0))
    pack(store, ["first"], tmp_path / "bundle.zip")
    assert open_store(tmp_path / "bundle.zip").has("projection", artefact.key)


def test_a_bundle_of_a_bundle_is_the_same(store, tmp_path):
    """Packing what was packed."""
    run = planted_run(store, "one", plan=PLAN)
    pack(store, ["one"], tmp_path / "first.zip")
    pack(open_store(tmp_path / "first.zip"), ["one"], tmp_path / "second")
    assert _contents(Store(tmp_path / "second"), run) == _contents(store, run)


def _packing(store, target, monkeypatch):
    """Pack a run in a process that stops in the middle of it; give it, once it does."""
    ready, go = os.pipe(), os.pipe()

    def stop(*args, **kwargs):
        os.write(ready[1], b"x")
        os.read(go[0], 1)

    monkeypatch.setattr("cache.bundle._finish", stop)
    child = start(lambda: pack(store, ["one"], target))
    os.read(ready[0], 1)
    return child


def test_what_a_killed_bundle_leaves_is_removed_wherever_it_lies(store, tmp_path, monkeypatch, capsys):
    """By `clean`, which says how much it was; not while somebody is at it, and nothing that only looks like it."""
    planted_run(store, "one", plan=PLAN)
    (tmp_path / "out").mkdir()
    child = _packing(store, tmp_path / "out" / "one.zip", monkeypatch)
    (left,) = (tmp_path / "out").iterdir()
    assert remove_stale(store) == []
    child.kill()
    assert taken(store) > taken(Store(tmp_path / "none")) + 10_000
    like = tmp_path / "out" / ".one.zip.tmp-abcdef01"
    shutil.copytree(left, like)
    (store.root / "bundles" / "abcdef01").write_bytes(os.fsencode(like))
    (like / "mine").write_text("mine")
    assert main(["clean", "--cache", str(store.root)]) == 0
    said = capsys.readouterr().out
    assert f"removed {left}" in said
    assert " 0 B freed" not in said
    assert list((tmp_path / "out").iterdir()) == [like]
    assert list((store.root / "bundles").iterdir()) == []
    assert main(["clean", "--cache", str(store.root)]) == 0
    assert "Nothing to remove." in capsys.readouterr().out


NOTES = {
    "relative": b".x.tmp-abcdef01",
    "another": b"/tmp",
    "long": b"/" + b"x" * 5000,
    "no path": b"\0",
    "empty": b"",
}


@pytest.mark.parametrize("name", NOTES)
def test_a_note_that_came_from_anywhere_removes_nothing(store, tmp_path, monkeypatch, name):
    """It goes itself, and nothing else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".x.tmp-abcdef01" / "runs").mkdir(parents=True)
    (store.root / "bundles").mkdir(parents=True)
    (store.root / "bundles" / "abcdef01").write_bytes(NOTES[name])
    assert remove_stale(store) == []
    assert (tmp_path / ".x.tmp-abcdef01" / "runs").is_dir()
    assert list((store.root / "bundles").iterdir()) == []


def test_a_whole_bundle_leaves_nothing_but_itself(store, tmp_path):
    """Neither a note, nor a lock, nor a folder; also where it could not be packed."""
    planted_run(store, "one", plan=PLAN)
    (tmp_path / "out").mkdir()
    pack(store, ["one"], tmp_path / "out" / "one.zip")
    flip(store.artefact("projection", store.run("one").stages["projection"]).folder / "test.npy")
    with pytest.raises(ArtefactCorrupt):
        pack(Store(store.root), ["one"], tmp_path / "out" / "again")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["one.zip"]
    assert list((store.root / "bundles").iterdir()) == []
    assert [path.name for path in (store.root / "locks").iterdir()] == ["writers.lock"]


def test_a_bundle_is_not_cleaned(store, tmp_path, capsys):
    """A zip is never changed: that is said, instead of "Nothing to remove"."""
    planted_run(store, "one", plan=PLAN)
    pack(store, ["one"], tmp_path / "one.zip")
    assert main(["clean", "--all", "--cache", str(tmp_path / "one.zip")]) == 1
    assert "one.zip must be a folder that you may read and write, to be cleaned." in capsys.readouterr().err
