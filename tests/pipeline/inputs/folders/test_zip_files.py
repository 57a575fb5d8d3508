import stat
import zipfile

import pytest

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.folders import zip_files
from pipeline.inputs.folders.zip_files import Archive
from pipeline.inputs.image_folders import read_inside, search

CAP = 1 << 20


def zipped(path, *names, **contents):
    """Make a zip file of small members."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, name))
    return path


def listed(path):
    """Give (path, class, split) of every file."""
    return [(file.path, file.class_name, file.split) for file in search(path).files]


def reasons(path):
    """Give what is never read, with the end of the reason."""
    return {name: reason.partition("Got ")[2] for name, reason in search(path).refused}


def test_a_zip_file_is_the_folder_that_it_was_made_of(tmp_path):
    """Classes, splits, empty classes, and what a system puts there."""
    found = zipped(
        tmp_path / "a.zip", "train/cat/1", "train/dog/deep/2", "val/cat/3", "val/bird/", "train/cat/.DS_Store",
        "__MACOSX/train/cat/._1", "train/cat/Thumbs.db",
    )  # fmt: skip
    assert listed(found) == [
        ("train/cat/1", "cat", "train"), ("train/dog/deep/2", "dog", "train"), ("val/cat/3", "cat", "test"),
    ]  # fmt: skip
    assert search(found).class_names == ("bird", "cat", "dog")
    assert read_inside(search(found).root, "train/dog/deep/2", CAP) == b"train/dog/deep/2"


@pytest.mark.parametrize("first", ["photos/", "./photos/", ""])
def test_a_folder_around_everything_is_looked_through(tmp_path, first):
    """As a file manager packs it; the paths are those of the folder."""
    found = search(
        zipped(tmp_path / "a.zip", f"{first}photos/cat/1", f"{first}photos/dog/2", "__MACOSX/photos/._cat")
    )
    top = "photos/" if first else ""
    assert [file.path for file in found.files] == [f"{top}cat/1", f"{top}dog/2"]
    assert found.root == tmp_path / "a.zip" / "photos"
    assert read_inside(found.root, f"{top}cat/1", CAP) == f"{first}photos/cat/1".encode()


def test_images_without_classes_may_be_packed(tmp_path):
    """With a folder around them or without."""
    assert listed(zipped(tmp_path / "a.zip", "1.jpg", "2.jpg")) == [("1.jpg", "", ""), ("2.jpg", "", "")]
    assert listed(zipped(tmp_path / "b.zip", "b/1.jpg", "b/2.jpg")) == [("1.jpg", "", ""), ("2.jpg", "", "")]


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../b", "c:/windows", "a//b", "a/./b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    """It is listed, and the others are read."""
    found = zipped(tmp_path / "a.zip", "cat/1", "dog/2", name)
    assert reasons(found) == {name: "one that leads elsewhere."}
    assert [path for path, _, _ in listed(found)] == ["cat/1", "dog/2"]


def member(name, mode=stat.S_IFREG | 0o644, system=3):
    """Give a member's head as some program wrote it."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = system, mode << 16
    return info


def test_links_and_devices_are_refused(tmp_path):
    """Wherever they lead; what is no Unix file has no such kind."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member("cat/link", stat.S_IFLNK | 0o777), "/etc/passwd")
        archive.writestr(member("cat/pipe", stat.S_IFIFO | 0o644), "")
        archive.writestr(member("cat/dos", stat.S_IFLNK | 0o777, system=0), "plain")
        archive.writestr(member("dog\\2", system=0), "plain")
    assert reasons(tmp_path / "a.zip") == dict.fromkeys(["cat/link", "cat/pipe"], "a link or a device.")
    assert [path for path, _, _ in listed(tmp_path / "a.zip")] == ["cat/dos", "dog/2"]


def test_what_is_encrypted_or_packed_otherwise_is_refused(tmp_path):
    """One by one."""
    path = zipped(tmp_path / "a.zip", "cat/1", "dog/2")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("dog/3", "text", zipfile.ZIP_LZMA)
    assert reasons(path) == {"cat/1": "one that needs a password.", "dog/3": "another method."}


def test_of_two_of_one_name_the_last_counts(tmp_path):
    """As for whoever unpacks it; that is told."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("cat/1", "first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("cat/1", "last")
        archive.writestr("dog/1", "")
    assert reasons(tmp_path / "a.zip") == {"cat/1": "it again: the last one counts."}
    assert read_inside(tmp_path / "a.zip", "cat/1", CAP) == b"last"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("café/1".encode(), "café/1"),
        ("日本/1".encode(), "日本/1"),
        (b"caf\x82/1", "café/1"),
        (b"a\nb/1", "a\nb/1"),
    ],
)
def test_names_in_any_encoding_can_be_read(tmp_path, written, read):
    """UTF-8 that nobody declared, as macOS writes it; else the encoding of old."""
    path = tmp_path / "a.zip"
    zipped(path, "x" * len(written), "dog/2", **{"x" * len(written): "content"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(written), written))
    found = search(path)
    assert read in [file.path for file in found.files]
    assert read_inside(found.root, read, CAP) == b"content"


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path, monkeypatch):
    """One that says so, and a member that is larger than a picture may be."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cat/1", bytes(4 << 20))
    assert len(read_inside(tmp_path / "a.zip", "cat/1", 4 << 20)) == 4 << 20
    with pytest.raises(UnsafeInput, match=r"'cat/1' must be at most 1,048,576 bytes\. Got more\."):
        read_inside(tmp_path / "a.zip", "cat/1", CAP)
    monkeypatch.setattr(zip_files, "SMALL", 1 << 20)
    with pytest.raises(UnsafeInput, match=r"at most 200 times its own size\. Got 1 files of 4,194,304 bytes"):
        Archive(tmp_path / "a.zip")


def test_a_member_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    """What it says is all that is ever unpacked."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cat/1", bytes(1 << 20))
    content = (tmp_path / "a.zip").read_bytes()
    size = (1 << 20).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(SourceError, match=r"'cat/1' must be whole in its archive\. Got: Bad CRC"):
        read_inside(tmp_path / "a.zip", "cat/1", CAP)


def test_a_damaged_member_is_refused_alone(tmp_path):
    """The others can be read."""
    path = zipped(tmp_path / "a.zip", "cat/1", "dog/2", **{"cat/1": "content"})
    path.write_bytes(path.read_bytes().replace(b"content", b"contend"))
    with pytest.raises(SourceError, match=r"'cat/1' must be whole in its archive\. Got: Bad CRC"):
        read_inside(path, "cat/1", CAP)
    assert read_inside(path, "dog/2", CAP) == b"dog/2"


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_file_or_has_nothing_in_it_is_an_error(tmp_path, content):
    """Or a picture in place of a folder of them."""
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SourceError, match=r"must be a zip file that can be read\. Got: |must have images"):
        search(tmp_path / "a.zip")


def test_a_long_name_is_refused(tmp_path):
    """All names of a data set are as long as the longest."""
    found = zipped(tmp_path / "a.zip", "cat/" + "x" * 60_000, "dog/2", "cat/1")
    assert reasons(found) == {("cat/" + "x" * 60_000)[:1000]: "60,004."}


def test_no_file_in_an_archive_is_an_error(tmp_path):
    """Nor is one beside the folder that was noted."""
    path = zipped(tmp_path / "a.zip", "photos/cat/1", "photos/dog/1", "out")
    for root, name in ((path / "photos", "../out"), (path, "nothing"), (path / "photos" / "cat", "2")):
        with pytest.raises(SourceError, match=r"must be a file in its archive\. Got none\."):
            read_inside(root, name, CAP)


def test_an_archive_that_changes_is_opened_again(tmp_path):
    """Else it is read once."""
    path = zipped(tmp_path / "a.zip", "cat/1", "dog/1")
    assert zip_files.open_archive(path) is zip_files.open_archive(path)
    path.unlink()
    zipped(path, "cat/2")
    assert zip_files.open_archive(path).files == ("cat/2",)
    path.unlink()
    with pytest.raises(SourceError, match=r"must be a zip file that can be read\. Got: No such file"):
        zip_files.open_archive(path)
