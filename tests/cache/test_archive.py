"""Zips from strangers: unpacked as a bundle, or refused without a trace."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactCorrupt, Store, StoreError
from cache.archive import MAX_FILES, unpack
from cache.bundle import pack
from cache.locks import locked
from tests.cache.making import a_run, assert_helps, make
from tests.cache.processes import start

FILE = f"artefacts/projection/{'0' * 40}/test.npy"


@pytest.fixture
def bundle(store, tmp_path):
    """A zip as the pipeline packs it."""
    store.save_run(a_run(make(store)))
    pack(store, ["first"], tmp_path / "bundle.zip")
    return tmp_path / "bundle.zip"


@pytest.fixture
def folder(tmp_path):
    """Where to unpack."""
    (tmp_path / "unpacked").mkdir()
    return tmp_path / "unpacked"


def _zip(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def _refused(archive, folder):
    before = sorted(path for path in folder.parent.rglob("*") if not path.is_relative_to(folder))
    with pytest.raises(ArtefactCorrupt) as caught:
        unpack(archive, folder)
    assert_helps(caught.value, archive)
    assert "`bundle`" in caught.value.remedy
    assert [path.name for path in folder.iterdir() if path.name != "unpack.lock"] == []
    assert sorted(path for path in folder.parent.rglob("*") if not path.is_relative_to(folder)) == before


def test_a_bundle_is_unpacked_once(bundle, folder, monkeypatch):
    """The second time, what is there is used."""
    target = unpack(bundle, folder)
    assert Store(target).run_names() == ["first"]
    monkeypatch.setattr("cache.archive._write_members", lambda *_: pytest.fail("unpacked again"))
    assert unpack(bundle, folder) == target


def test_another_content_gets_another_folder(bundle, folder, store):
    """A server that was given a new bundle serves the new one."""
    before = unpack(bundle, folder)
    bundle.unlink()
    store.save_run(a_run(make(store, version=2), "second"))
    pack(store, ["second"], bundle)
    after = unpack(bundle, folder)
    assert (Store(before).run_names(), Store(after).run_names()) == (["first"], ["second"])


@pytest.mark.parametrize("loss", ["a file", "everything", "some bytes"])
def test_what_a_system_swept_is_unpacked_again(bundle, folder, loss):
    """Temporary folders lose files that nobody touched for days."""
    target = unpack(bundle, folder)
    path = next(target.glob("artefacts/*/*/test.npy"))
    {
        "a file": path.unlink,
        "everything": lambda: shutil.rmtree(target),
        "some bytes": lambda: os.truncate(path, 3),
    }[loss]()
    assert unpack(bundle, folder) == target
    for stage, key in Store(target).artefacts():
        assert list(Store(target).artefact(stage, key).verify())


@pytest.mark.parametrize(
    "name",
    [
        "../evil.npy",
        "artefacts/../../evil.npy",
        "/tmp/evil.npy",  # noqa: S108  # refused
        f"artefacts/projection/{'0' * 40}/../../../evil.npy",
        f"artefacts/projection/{'0' * 40}/deep/er.npy",
        f"artefacts/projection/{'0' * 39}/test.npy",
        f"artefacts/../{'0' * 40}/test.npy",
        f"artefacts/projection/{'0' * 40}/",
        f"./{FILE}",
        f"artefacts//projection/{'0' * 40}/test.npy",
        FILE.replace("/", "\\"),
        "C:/evil.npy",
        "runs/../evil.json",
        "runs/first",
        "runs/.json",
        "runs/first.json/",
        "runs/first.exe",
        "runs",
        "evil.json",
        ".bashrc",
        "runs/\u202efirst.json",
    ],
)
def test_a_member_with_another_place_is_refused(tmp_path, folder, name):
    """Before anything is written, also when it comes after good ones."""
    _refused(_zip(tmp_path / "evil.zip", (FILE, b"good"), (name, b"evil")), folder)


def test_a_link_is_refused(tmp_path, folder):
    """In a zip, a link is a file whose mode says so."""
    member = zipfile.ZipInfo(FILE)
    member.create_system = 3
    for mode in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK, stat.S_IFDIR):
        member.external_attr = (mode | 0o777) << 16
        _refused(_zip(tmp_path / "evil.zip", (member, b"/etc/passwd")), folder)


def test_a_member_that_comes_twice_is_refused(tmp_path, folder):
    """Nobody could say which was meant."""
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = _zip(tmp_path / "evil.zip", (FILE, b"one"), (FILE, b"two"))
    _refused(archive, folder)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_bound_are_refused(tmp_path, folder, method):
    """Python asks them for a piece and gets whatever the piece expands to."""
    _refused(_zip(tmp_path / "evil.zip", (FILE, b"\0" * 5000), method=method), folder)


def _patch(archive, offset_in_entry, content, *, local=None):
    """Overwrite a field in the first central directory entry, and optionally in the local header."""
    data = bytearray(archive.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + offset_in_entry : entry + offset_in_entry + len(content)] = content
    if local is not None:
        data[local : local + len(content)] = content
    archive.write_bytes(data)
    return archive


def test_an_encrypted_member_is_refused(tmp_path, folder):
    """Nobody is there to be asked for the password."""
    archive = _zip(tmp_path / "evil.zip", (FILE, b"secret"))
    _refused(_patch(archive, 8, struct.pack("<H", 1), local=6), folder)


@pytest.mark.parametrize("size", [65 * 2**20, 2**32 - 2])
def test_a_bomb_is_refused_by_what_it_declares(tmp_path, folder, size):
    """A few bytes that declare to be many."""
    archive = _zip(tmp_path / "bomb.zip", (FILE, b"\0" * 1000))
    _refused(_patch(archive, 24, struct.pack("<I", size)), folder)


def test_a_bomb_is_refused_by_its_total(tmp_path, folder, monkeypatch):
    """Many members, each of them small enough."""
    monkeypatch.setattr("cache.archive.SMALL", 3000)
    members = [(FILE.replace("test", f"file{i}"), b"\0" * 100_000) for i in range(40)]
    _refused(_zip(tmp_path / "bomb.zip", *members), folder)


def test_too_many_members_are_refused(tmp_path, folder):
    """Each costs a file, however small."""
    members = [(FILE.replace("test", f"file{i}"), b"") for i in range(MAX_FILES + 1)]
    _refused(_zip(tmp_path / "bomb.zip", *members, method=zipfile.ZIP_STORED), folder)


def test_a_bomb_that_declares_little_gives_no_byte_more(tmp_path, folder):
    """What a member unpacks to is bounded by what it declares; the checksum then tells."""
    archive = _zip(tmp_path / "bomb.zip", (FILE, b"\0" * 10_000_000))
    _refused(_patch(archive, 24, struct.pack("<I", 100)), folder)


def test_even_a_matching_checksum_gives_no_byte_more(tmp_path, folder):
    """An attacker can make the checksum fit the part that is unpacked; then that part is all there is."""
    import zlib

    archive = _zip(tmp_path / "bomb.zip", (FILE, b"\0" * 10_000_000))
    _patch(archive, 24, struct.pack("<I", 100))
    crc = struct.pack("<I", zlib.crc32(b"\0" * 100))
    _patch(archive, 16, crc, local=14)
    target = unpack(archive, folder)
    assert (target / FILE).stat().st_size == 100


def test_a_member_that_gives_less_than_it_declares_is_refused(tmp_path, folder):
    """Its checksum fits what there is, its size does not."""
    _refused(_patch(_zip(tmp_path / "short.zip", (FILE, b"\0" * 1000)), 24, struct.pack("<I", 2000)), folder)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The bytes of a bundle's zip."""
    base = tmp_path_factory.mktemp("packed")
    store = Store(base / "store")
    store.save_run(a_run(make(store)))
    pack(store, ["first"], base / "bundle.zip")
    return (base / "bundle.zip").read_bytes()


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.sampled_from([1.0, 0.99, 0.5]))
def test_a_damaged_zip_is_refused_or_gives_the_same(packed, tmp_path_factory, place, change, length):
    """Whatever byte of it changes, and wherever it is cut."""
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(packed)
    content[int(place * len(content))] ^= change
    (folder / "bundle.zip").write_bytes(content[: int(length * len(content))])
    try:
        _verify(Store(unpack(folder / "bundle.zip", folder)))
    except StoreError as error:
        assert_helps(error, folder)


def _verify(store):
    for stage, key in store.artefacts():
        for _ in store.artefact(stage, key).verify():
            pass


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\xff" * 18, b"\0" * 10_000])
def test_what_is_no_zip_is_refused(tmp_path, folder, content):
    """Empty, cut, something else."""
    (tmp_path / "evil.zip").write_bytes(content)
    _refused(tmp_path / "evil.zip", folder)


def test_an_empty_zip_is_an_empty_store(tmp_path, folder):
    """Strange, but harmless."""
    assert Store(unpack(_zip(tmp_path / "empty.zip"), folder)).run_names() == []


def _slow(unpacked):
    """Give a function for `_write_members` that takes its time and notes that it was called."""
    from cache.archive import _write_members

    def write(*arguments):
        with unpacked.open("a") as log:
            log.write("x")
        time.sleep(0.1)
        _write_members(*arguments)

    return write


def test_two_processes_that_unpack_at_once_share_one_copy(bundle, folder, tmp_path, monkeypatch):
    """Both get the folder, whole; the second waited for the first."""
    monkeypatch.setattr("cache.archive._write_members", _slow(tmp_path / "log"))

    def open_it():
        target = unpack(bundle, folder)
        _verify(Store(target))
        return target

    children = [start(open_it) for _ in range(3)]
    assert len({child.result() for child in children}) == 1
    assert (tmp_path / "log").read_text() == "x"


def test_a_killed_process_leaves_nothing_in_the_way(bundle, folder, tmp_path, monkeypatch):
    """The next one removes what it left and starts anew."""
    stop, go = os.pipe()

    def hang(source, sink):
        sink.write(b"half")
        os.write(go, b"x")
        time.sleep(60)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", hang)
        child = start(lambda: unpack(bundle, folder))
        os.read(stop, 1)
        child.kill()
    assert list(folder.glob("*.tmp-*"))
    target = unpack(bundle, folder)
    _verify(Store(target))
    assert list(folder.glob("*.tmp-*")) == []


def test_another_process_that_unpacks_is_waited_for(bundle, folder, monkeypatch):
    """Not one that was killed: the lock is gone with it."""
    ready, done = os.pipe(), os.pipe()

    def hold():
        with locked(folder / "unpack.lock"):
            os.write(ready[1], b"x")
            os.read(done[0], 1)

    child = start(hold)
    os.read(ready[0], 1)
    slept = []
    monkeypatch.setattr("time.sleep", lambda seconds: (slept.append(seconds), child.kill()))
    _verify(Store(unpack(bundle, folder)))
    assert len(slept) == 1
