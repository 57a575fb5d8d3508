"""The disk says no: full, read-only, or somebody else's."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from cache import Store, StoreError
from cache.bundle import pack
from cache.chunks import Chunks
from cache.disk import read_error, write_errors
from cache.files import write_atomically
from cache.roots import open_store
from pipeline.cli.main import main
from tests.cache.making import a_run, assert_helps, make
from tests.cache.processes import in_a_child

ADDRESS = {"plugin": "pixels", "version": 1, "identity": {}, "inputs": {}}
ROOM = 8192
BIG = np.zeros((1000, 4), np.float32)


@contextmanager
def _files_up_to(size):
    """Let no file grow beyond ``size`` bytes, as if the disk were full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _save(draft):
    draft.save("test", BIG)


def _write_bytes(draft):
    draft.path("notes.json").write_bytes(BIG.tobytes())


def _write_a_chunk(draft):
    chunks = Chunks(draft.partial / "test", 1000, 1000)
    for start, stop in chunks.missing():
        chunks.write_rows(start, stop, BIG[start:stop])


def _join_chunks(draft):
    chunks = Chunks(draft.partial / "test", 1000, 100)
    for start, stop in chunks.missing():
        chunks.write_rows(start, stop, BIG[start:stop])
    chunks.join(draft.path("test.npy"))


def _large_facts(draft):
    draft.save("train", BIG[:10])
    draft.save("test", BIG[:10])
    draft.facts["note"] = "x" * 2 * ROOM


@pytest.mark.parametrize("work", [_save, _write_bytes, _write_a_chunk, _join_chunks, _large_facts])
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(store, work):
    """Wherever it strikes: in an array, a file, a chunk, the join of chunks, the manifest."""
    with (
        _files_up_to(ROOM),
        pytest.raises(StoreError) as caught,
        store.writing("features", **ADDRESS) as draft,
    ):
        work(draft)
    assert_helps(caught.value, store.root)
    assert "must have room" in caught.value.message
    assert caught.value.remedy.startswith("df -h ")
    assert store.artefacts() == []
    assert not list(store.root.glob("artefacts/*/*.tmp-*"))


def test_finished_chunks_outlive_a_full_disk(store):
    """Once there is room again, nothing is computed twice."""
    with _files_up_to(ROOM), pytest.raises(StoreError), store.writing("features", **ADDRESS) as draft:
        _join_chunks(draft)
    with store.writing("features", **ADDRESS) as draft:
        chunks = Chunks(draft.partial / "test", 1000, 100)
        assert chunks.missing() == []
        chunks.join(draft.path("test.npy"))
        draft.save("train", BIG)
    np.testing.assert_array_equal(store.artefact("features", draft.key).array("test"), BIG)


def test_a_full_disk_keeps_the_run_there_was(store):
    """A run is replaced whole or not at all, and no draft of it stays."""
    artefact = make(store)
    store.save_run(a_run(artefact))
    with _files_up_to(100), pytest.raises(StoreError) as caught:
        store.save_run(a_run(artefact, title="Another"))
    assert_helps(caught.value, store.root)
    assert store.run("first").title == "Digits · HOG"
    assert [path.name for path in (store.root / "runs").iterdir()] == ["first.json"]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_full_disk_leaves_no_bundle(store, tmp_path, name):
    """Neither the folder nor the zip nor its working copy."""
    store.save_run(a_run(make(store)))
    (tmp_path / "out").mkdir()
    with _files_up_to(300), pytest.raises(StoreError) as caught:
        pack(store, ["first"], tmp_path / "out" / name)
    assert_helps(caught.value, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_bundle_is_not_unpacked_onto_a_full_disk(store, tmp_path, monkeypatch):
    """Noticed before writing where the zip tells, and while writing where it does not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store.save_run(a_run(make(store, rows=500)))
    pack(store, ["first"], tmp_path / "bundle.zip")
    with _files_up_to(1000), pytest.raises(StoreError, match="must have room") as caught:
        open_store(tmp_path / "bundle.zip")
    assert_helps(caught.value, tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**12, 10**12, 10))
    with pytest.raises(StoreError, match="bytes free") as caught:
        open_store(tmp_path / "bundle.zip")
    assert_helps(caught.value, tmp_path)
    assert not list(tmp_path.glob("lazybones-*/*/*.tmp-*"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
def test_every_call_may_find_the_disk_full(store, monkeypatch, number, call):
    """Full, over quota, or too large for the file system."""
    artefact = make(store)

    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StoreError, match="must have room"):
        make(store, version=2) if call != "replace" else store.save_run(a_run(artefact))


def test_a_draft_is_removed_when_the_disk_is_full(tmp_path, monkeypatch):
    """A file that could not be flushed is not left lying about."""

    def refuse(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "file", b"content")
    assert not list(tmp_path.iterdir())


def test_failures_elsewhere_are_not_blamed_on_the_store(store, tmp_path):
    """The block of a draft also reads sources and talks to servers."""
    for error in (
        PermissionError(13, "Permission denied", "/somewhere/else"),
        ConnectionResetError(104, "Reset"),
    ):
        with pytest.raises(OSError, match=error.strerror), write_errors(store.root):
            raise error


@pytest.fixture
def public():
    """A folder that every user of the machine may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    _set_modes(folder, 0o755)
    shutil.rmtree(folder)


def _set_modes(root, mode):
    for path in (root, *root.rglob("*")):
        if path.is_dir():
            path.chmod(mode)


def test_a_store_that_cannot_be_written_says_so(public):
    """Root, artefacts, lock: each refusal names the path and a way out."""
    make(Store(public / "store"))
    _set_modes(public / "store", 0o555)

    def refuse():
        return make(Store(public / "store"), version=2)

    with pytest.raises(StoreError) as caught:
        in_a_child(refuse, as_nobody=True)
    assert_helps(caught.value, public / "store")
    assert caught.value.remedy.startswith("the same command again, with --cache ")


def test_a_read_only_store_is_read_and_new_results_go_to_a_scratch_folder(public):
    """The dashboard of a hosted bundle can still fit another C."""
    there = make(Store(public / "store")).key
    _set_modes(public / "store", 0o555)
    scratch = public / "tmp"
    scratch.mkdir()
    scratch.chmod(0o777)

    def look():
        tempfile.tempdir = str(scratch)
        store = open_store(public / "store")
        new = make(store, version=2)
        return store.scratch, store.has("projection", there), new.folder

    is_scratch, has_old, folder = in_a_child(look, as_nobody=True)
    assert (is_scratch, has_old) == (True, True)
    assert folder.is_relative_to(scratch)
    assert len(list((public / "store").glob("artefacts/*/*"))) == 1


def test_a_file_that_may_not_be_read_is_not_called_corrupt(public):
    """Only its owner can tell, and `clean --corrupt` must leave it alone."""
    artefact = make(Store(public / "store"))
    (artefact.folder / "test.npy").chmod(0)

    def read():
        return len(Store(public / "store").artefact("projection", artefact.key).array("test"))

    with pytest.raises(StoreError) as caught:
        in_a_child(read, as_nobody=True)
    assert type(caught.value) is StoreError
    assert_helps(caught.value, artefact.folder / "test.npy")


@pytest.mark.parametrize(
    ("error", "corrupt"),
    [
        (OSError(errno.EIO, "Input/output error"), True),
        (ValueError("bad header"), True),
        (EOFError(), True),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (OSError(errno.EMFILE, "Too many open files"), False),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), False),
        (MemoryError(), False),
    ],
    ids=repr,
)
def test_only_the_files_own_faults_are_corruption(error, corrupt):
    """A machine in trouble must not make anybody delete a good file."""
    told = read_error(Path("x.npy"), error, "python -m pipeline clean --corrupt")
    assert ("--corrupt" in told.remedy) is corrupt
    assert_helps(told, "x.npy")


@pytest.mark.parametrize("closed", ["", "runs", "artefacts/projection"])
@pytest.mark.parametrize("how", ["", "--corrupt", "--all"])
def test_who_may_not_write_a_store_cannot_clean_it_and_is_told(public, capsys, closed, how):
    """Instead of "Nothing to remove": what nobody may look at looks as if it were not there."""
    store = Store(public / "store")
    store.save_run(a_run(make(store)))
    (store.root / "artefacts" / "projection" / f"{'0' * 40}.partial").mkdir()
    (public / "tmp").mkdir()
    for path in (public / "tmp", store.root, *store.root.rglob("*")):
        path.chmod(0o777)
    assert main(["verify", "--cache", str(store.root)]) == 0  # imports, which nobody may not
    (store.root / closed).chmod(0o311 if closed else 0o555)
    capsys.readouterr()

    def work():
        tempfile.tempdir = str(public / "tmp")
        return main(["clean", *how.split(), "--cache", str(store.root)]), capsys.readouterr()

    code, said = in_a_child(work, as_nobody=True)
    assert (code, said.out) == (1, "")
    assert f"{store.root / closed} must be a folder that you may read and write, to be cleaned." in said.err
    assert f"Try: ls -ld {store.root / closed}" in said.err
