import gzip
import tarfile

import pytest

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs import tarballs
from pipeline.inputs.tarballs import read_members
from tests.pipeline.inputs.hostile import archive, member

WANTED = ("a", "b")


def test_only_the_wanted_files_are_read(tmp_path):
    """Other members are left alone, and a wanted one that is not there is left out."""
    path = archive(tmp_path / "x.tgz", member("folder/a", b"A"), member("folder/c", b"C"))
    assert read_members(path, WANTED, 10) == {"a": b"A"}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(member("../outside", b"x"), id="parent"),
        pytest.param(member("folder/../../outside", b"x"), id="parent-inside"),
        pytest.param(member("/outside", b"x"), id="absolute"),
        pytest.param(member("..\\outside", b"x"), id="backslash"),
        pytest.param(member("link", type=tarfile.SYMTYPE, linkname="/etc/passwd"), id="symlink"),
        pytest.param(member("link", type=tarfile.LNKTYPE, linkname="a"), id="hard-link"),
        pytest.param(member("a", type=tarfile.SYMTYPE, linkname="/etc/passwd"), id="wanted-symlink"),
        pytest.param(member("device", type=tarfile.CHRTYPE), id="device"),
        pytest.param(member("pipe", type=tarfile.FIFOTYPE), id="named-pipe"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_hostile_member_is_refused_by_name_and_nothing_is_written(tmp_path, bad, first):
    """Wherever it stands in the archive, the error names the archive and the member."""
    members = [bad, member("folder/a", b"A")] if first else [member("folder/a", b"A"), bad]
    folder = tmp_path / "inside"
    folder.mkdir()
    path = archive(folder / "x.tgz", *members)
    with pytest.raises(UnsafeInput, match="must hold") as caught:
        read_members(path, WANTED, 10)
    assert str(path) in str(caught.value)
    assert repr(bad[0].name) in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == [folder, path]


def test_a_wanted_file_must_not_be_too_large(tmp_path):
    """The size cap names the member."""
    path = archive(tmp_path / "x.tgz", member("folder/a", b"A" * 11))
    with pytest.raises(UnsafeInput, match=r"'folder/a' .* at most 10 bytes. Got 11 bytes"):
        read_members(path, WANTED, 10)


def test_a_wanted_file_must_not_come_twice(tmp_path):
    """Two files of one name leave open which is meant."""
    path = archive(tmp_path / "x.tgz", member("one/a", b"A"), member("two/a", b"B"))
    with pytest.raises(UnsafeInput, match="'two/a' again"):
        read_members(path, WANTED, 10)


def test_an_archive_must_not_unpack_to_too_much(tmp_path, monkeypatch):
    """A small archive of a large emptiness is refused before it fills the memory."""
    monkeypatch.setattr(tarballs, "MAX_UNPACKED", 1 << 20)
    path = archive(tmp_path / "x.tgz", *(member(f"c{i}", bytes(1 << 19)) for i in range(4)))
    assert path.stat().st_size < 1 << 14
    with pytest.raises(UnsafeInput, match="unpack to at most"):
        read_members(path, WANTED, 10)


def test_an_archive_must_not_claim_a_vast_name(tmp_path, monkeypatch):
    """A member whose header promises gigabytes of name is refused before they are read."""
    monkeypatch.setattr(tarballs, "MAX_UNPACKED", 1 << 20)
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    path = tmp_path / "x.tgz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + b"n" * (2 << 20)))
    with pytest.raises(UnsafeInput, match="unpack to at most"):
        read_members(path, WANTED, 10)


def test_an_archive_must_not_have_too_many_members(tmp_path, monkeypatch):
    """Millions of empty files would take for ever."""
    monkeypatch.setattr(tarballs, "MAX_MEMBERS", 3)
    path = archive(tmp_path / "x.tgz", *(member(f"c{i}") for i in range(4)))
    with pytest.raises(UnsafeInput, match="at most 3 members"):
        read_members(path, WANTED, 10)


def test_an_archive_cut_short_is_an_error_that_names_it(tmp_path, rng):
    """A truncated archive is noticed, wherever it ends."""
    whole = archive(
        tmp_path / "x.tgz", member("a", rng.bytes(5000)), member("b", rng.bytes(5000))
    ).read_bytes()
    for length in (0, 10, 3000, len(whole) - 20):
        (tmp_path / "cut.tgz").write_bytes(whole[:length])
        with pytest.raises(SourceError, match=r"cut.tgz must be a complete .tar.gz"):
            read_members(tmp_path / "cut.tgz", WANTED, 9999)


def test_what_is_no_archive_is_an_error_that_names_it(tmp_path):
    """Neither a text, nor a folder, nor nothing is an archive."""
    (tmp_path / "text.tgz").write_text("hello")
    for name in ("text.tgz", "absent.tgz", "."):
        with pytest.raises(SourceError, match=r"must be a .*\.tar\.gz archive"):
            read_members(tmp_path / name, WANTED, 10)
