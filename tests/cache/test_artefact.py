"""Reading: nothing damaged is ever handed out."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Artefact, ArtefactCorrupt, ArtefactMissing, SchemaTooNew, Store, StoreError
from tests.cache.making import assert_helps, flip, make, points, rewrite


@pytest.fixture
def artefact(store):
    """A whole artefact, opened."""
    return make(store)


def _read(folder):
    artefact = Artefact(folder)
    return artefact.array("test")


def _refused(folder, path):
    with pytest.raises(ArtefactCorrupt) as caught:
        _read(folder)
    assert_helps(caught.value, path)
    assert "clean --corrupt" in caught.value.remedy


def test_arrays_come_back_as_they_were(artefact):
    """All of them, or some rows."""
    np.testing.assert_array_equal(artefact.array("test"), points())
    np.testing.assert_array_equal(artefact.rows("test")[2:4], points()[2:4])


def test_the_manifest_tells_where_it_comes_from(artefact):
    """Plug-in, parameters, seed, versions, dimensions, files."""
    manifest = artefact.manifest
    assert (manifest.stage, manifest.plugin, manifest.plugin_version) == ("projection", "pca", 1)
    assert (manifest.identity, manifest.seed, manifest.dims) == ({"rows": 7}, 3, {"n_test": 7})
    assert manifest.versions["numpy"] == np.__version__
    assert manifest.files.keys() == {"test.npy"}
    assert manifest.facts == {"method": "PCA"}
    assert manifest.created.endswith("+00:00")


@pytest.mark.parametrize("name", ["other", "../test", "manifest"])
def test_a_file_the_manifest_does_not_list_is_refused(artefact, name):
    """Even if there is one: only what has a checksum is read."""
    with pytest.raises(ArtefactCorrupt) as caught:
        artefact.array(name)
    assert_helps(caught.value, artefact.folder)


@pytest.mark.parametrize("size", [0, 1, 60, 100, 183])
def test_a_truncated_file_is_refused(artefact, size):
    """At opening, before anything maps it: a mapped file that is too short kills the process."""
    os.truncate(artefact.folder / "test.npy", size)
    _refused(artefact.folder, artefact.folder / "test.npy")


def test_a_file_truncated_after_opening_is_refused(artefact):
    """Each reading looks at the size again, so that no page maps what is no longer there."""
    artefact.array("test")
    os.truncate(artefact.folder / "test.npy", 130)
    with pytest.raises(ArtefactCorrupt) as caught:
        artefact.array("test")
    assert_helps(caught.value, artefact.folder / "test.npy")


def test_a_file_with_bytes_to_spare_is_refused(artefact):
    """Its size is part of the promise."""
    with (artefact.folder / "test.npy").open("ab") as file:
        file.write(b"\0")
    _refused(artefact.folder, artefact.folder / "test.npy")


@given(position=st.integers(0, 183))
def test_a_flipped_bit_in_an_array_is_refused(tmp_path_factory, position):
    """Anywhere in the file: its magic, its header, its numbers."""
    artefact = make(Store(tmp_path_factory.mktemp("store")))
    flip(artefact.folder / "test.npy", position)
    _refused(artefact.folder, artefact.folder)


def test_a_bit_flipped_after_a_first_read_is_noticed(store, artefact):
    """The store remembers what it has checked, but not beyond a change of the file."""
    store.artefact("projection", artefact.key).array("test")
    flip(artefact.folder / "test.npy")
    with pytest.raises(ArtefactCorrupt):
        store.artefact("projection", artefact.key).array("test")


def test_a_file_put_back_with_its_old_time_is_noticed(store, artefact):
    """`cp -p` and `rsync -t` keep the time of writing; the time of change they cannot."""
    path = artefact.folder / "test.npy"
    before = path.stat()
    store.artefact("projection", artefact.key).array("test")
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ArtefactCorrupt):
        store.artefact("projection", artefact.key).array("test")


def test_checksums_are_checked_once_per_process(store, artefact, monkeypatch):
    """A second read of the same file costs no second pass over it."""
    store.artefact("projection", artefact.key).array("test")
    monkeypatch.setattr("cache.artefact.sha256", lambda path: pytest.fail("hashed again"))
    store.artefact("projection", artefact.key).array("test")


def test_a_deleted_file_is_refused(artefact):
    """Already when the artefact is opened."""
    (artefact.folder / "test.npy").unlink()
    _refused(artefact.folder, artefact.folder / "test.npy")


def test_a_deleted_manifest_means_no_artefact(store, artefact):
    """Without it nobody knows what the files are."""
    (artefact.folder / "manifest.json").unlink()
    assert not store.has("projection", artefact.key)
    with pytest.raises(ArtefactMissing) as caught:
        store.artefact("projection", artefact.key)
    assert_helps(caught.value, store.root)


@pytest.mark.parametrize("position", range(0, 900, 37))
def test_a_flipped_bit_in_the_manifest_is_refused(artefact, position):
    """Every byte of it is under its digest."""
    path = artefact.folder / "manifest.json"
    flip(path, position % path.stat().st_size)
    with pytest.raises((ArtefactCorrupt, SchemaTooNew)) as caught:
        _read(artefact.folder)
    assert_helps(caught.value, path)


def test_a_newer_manifest_says_so(artefact):
    """The remedy is an update, not a repair."""
    rewrite(artefact.folder / "manifest.json", schema=7)
    with pytest.raises(SchemaTooNew) as caught:
        _read(artefact.folder)
    assert_helps(caught.value, artefact.folder / "manifest.json")


@pytest.mark.parametrize("name", ["test.npy", "manifest.json"])
def test_a_link_in_place_of_a_file_is_refused(artefact, tmp_path, name):
    """Even one that leads to the right bytes."""
    path = artefact.folder / name
    path.rename(tmp_path / name)
    path.symlink_to(tmp_path / name)
    _refused(artefact.folder, path)


def test_a_pipe_in_place_of_a_file_is_refused(artefact):
    """Reading it would wait for ever."""
    path = artefact.folder / "test.npy"
    path.unlink()
    os.mkfifo(path)
    _refused(artefact.folder, path)


@pytest.mark.parametrize(
    "name", ["../test.npy", "/etc/passwd", "a/../../x", ".hidden", "manifest.json", "", "test.npy\n", "a\\b"]
)
def test_a_manifest_cannot_name_files_elsewhere(artefact, name):
    """Also one that is sealed as it should be."""
    record = artefact.manifest.files["test.npy"]
    rewrite(artefact.folder / "manifest.json", files={"test.npy": record, name: record})
    _refused(artefact.folder, artefact.folder / "manifest.json")


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "features"},
        {"stage": ["projection"]},
        {"key": "0" * 40},
        {"plugin": "tsne"},
        {"plugin_version": "1"},
        {"identity": [["rows", 7]]},
        {"identity": {"rows": 8}},
        {"inputs": {"features": "../../x"}},
        {"facts": ["method"]},
        {"files": ["test.npy"]},
        {"files": {"test.npy": "x"}},
        {"files": {"test.npy": {"size": True, "sha256": "0"}}},
        {"files": {"test.npy": {"size": 184}}},
        {"files": {}},
        {"seed": "three"},
        {"seconds": "long"},
        {"versions": {"numpy": 2}},
        {"versions": None},
        {"created": 0},
        {"dims": {"n_test": 8}},
        {"dims": {}},
        {"surprise": 1},
    ],
    ids=str,
)
def test_a_manifest_with_other_values_is_refused(artefact, changes):
    """Well sealed, but not what it must be: no reader should meet it."""
    rewrite(artefact.folder / "manifest.json", **changes)
    _refused(artefact.folder, artefact.folder)


def test_an_artefact_under_another_key_is_refused(artefact):
    """A folder must hold what its name says."""
    other = artefact.folder.with_name("f" * 40)
    artefact.folder.rename(other)
    _refused(other, other / "manifest.json")


def test_a_dataset_without_class_names_is_refused(store):
    """The facts that readers rely on are part of the promise, when writing and when reading."""
    address = {"plugin": "digits", "version": 1, "identity": {}, "inputs": {}}
    arrays = {
        "images": np.zeros((2, 8, 8, 1), np.uint8),
        "labels": np.zeros(2, np.int16),
        "ids": np.array(["a", "b"]),
    }
    with pytest.raises(StoreError, match="class_names"), store.writing("dataset", **address) as draft:
        _save_both(draft, arrays)
    with store.writing("dataset", **address) as draft:
        _save_both(draft, arrays)
        draft.facts["class_names"] = ["zero"]
    folder = store.artefact("dataset", draft.key).folder
    rewrite(folder / "manifest.json", facts={"class_names": "zero"})
    with pytest.raises(ArtefactCorrupt) as caught:
        Artefact(folder)
    assert_helps(caught.value, folder)


def _save_both(draft, arrays):
    for split in ("train", "test"):
        for name, array in arrays.items():
            draft.save(f"{split}_{name}", array)


def test_the_digest_tells_contents_apart(store):
    """Equal for one artefact in every process; other content, other digest."""
    one = make(store)
    assert one.digest == Artefact(one.folder).digest
    assert len(one.digest) == 12
    flip(one.folder / "test.npy", 150)
    record = one.manifest.files["test.npy"]
    rewrite(one.folder / "manifest.json", files={"test.npy": {**record, "sha256": "0" * 64}})
    assert Artefact(one.folder).digest != one.digest


def test_verifying_reads_every_file_again(artefact):
    """A checksum remembered is not a checksum checked."""
    assert list(artefact.verify()) == ["test.npy"]
    flip(artefact.folder / "test.npy")
    with pytest.raises(ArtefactCorrupt):
        list(artefact.verify())
