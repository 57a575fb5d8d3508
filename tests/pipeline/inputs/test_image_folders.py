import os
import sys

import pytest

from pipeline.errors import SourceError
from pipeline.inputs.image_folders import search


def grown(root, *paths):
    """Make empty files, and folders where a path ends in "/"."""
    for path in paths:
        target = root / path
        (target if path.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            target.touch()
    return root


def found(folder):
    """Give (path, class, split) of every file."""
    return [(file.path, file.class_name, file.split) for file in search(folder).files]


def test_a_folder_a_class(tmp_path):
    """Files are of the folder at the top, however deep they lie; empty classes count."""
    grown(tmp_path, "cat/1.jpg", "cat/kittens/2.jpg", "dog/1.jpg", "fish/")
    assert found(tmp_path) == [
        ("cat/1.jpg", "cat", ""),
        ("cat/kittens/2.jpg", "cat", ""),
        ("dog/1.jpg", "dog", ""),
    ]
    assert search(tmp_path).class_names == ("cat", "dog", "fish")


@pytest.mark.parametrize("test", ["test", "val", "valid", "validation", "TEST"])
def test_folders_of_splits(tmp_path, test):
    """Where all folders at the top are called so, they are splits and the next ones classes."""
    grown(tmp_path, "train/cat/1.jpg", f"{test}/cat/2.jpg", "train/dog/3.jpg", f"{test}/bird/")
    assert {(path, split) for path, _, split in found(tmp_path)} == {
        ("train/cat/1.jpg", "train"),
        ("train/dog/3.jpg", "train"),
        (f"{test}/cat/2.jpg", "test"),
    }
    assert search(tmp_path).class_names == ("bird", "cat", "dog")


def test_with_a_test_folder_validation_images_are_for_training(tmp_path):
    """One split is tested on: test/ if it is there."""
    grown(tmp_path, "train/a/1", "val/a/2", "test/a/3")
    assert [(path, split) for path, _, split in found(tmp_path)] == [
        ("test/a/3", "test"), ("train/a/1", "train"), ("val/a/2", "train"),
    ]  # fmt: skip


def test_a_class_may_be_called_train(tmp_path):
    """Trains are a class where other folders lie beside them, and a file's name never makes a split."""
    grown(tmp_path, "train/1.jpg", "plane/photo of a train.jpg", "plane/test.jpg")
    assert {split for _, _, split in found(tmp_path)} == {""}
    assert search(tmp_path).class_names == ("plane", "train")


def test_what_a_system_puts_there_is_passed_over(tmp_path):
    """Hidden entries and system files are neither classes nor images."""
    grown(
        tmp_path, "cat/1.jpg", "cat/.DS_Store", "cat/Thumbs.db", ".ipynb_checkpoints/1.jpg", "__MACOSX/cat/1.jpg",
        "cat/desktop.ini", "cat/.hidden/2.jpg",
    )  # fmt: skip
    assert found(tmp_path) == [("cat/1.jpg", "cat", "")]


def test_a_file_beside_the_class_folders_has_no_class(tmp_path):
    """It is listed, so that it can be reported."""
    assert ("notes.txt", "", "") in found(grown(tmp_path, "cat/1.jpg", "notes.txt"))


def test_links_are_followed_inside_only(tmp_path):
    """To a file or folder elsewhere: never. In a circle: once."""
    outside = grown(tmp_path / "outside", "secret.jpg").resolve()
    root = grown(tmp_path / "root", "cat/1.jpg", "more/2.jpg")
    (root / "cat" / "file").symlink_to(outside / "secret.jpg")
    (root / "cat" / "folder").symlink_to(outside)
    (root / "cat" / "circle").symlink_to(root / "cat")
    (root / "cat" / "twin.jpg").symlink_to(root / "cat" / "1.jpg")
    (root / "cat" / "gone.jpg").symlink_to(root / "nowhere")
    assert found(root) == [("cat/1.jpg", "cat", ""), ("cat/twin.jpg", "cat", ""), ("more/2.jpg", "more", "")]
    assert [path for path, _ in search(root).refused] == ["cat/file", "cat/folder", "cat/gone.jpg"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text_can_be_written_down(tmp_path):
    """A class named in another encoding gets a readable name; its files keep the path that opens them."""
    grown(tmp_path, os.fsdecode(b"caf\xe9/1"), "tea/1")
    assert search(tmp_path).class_names == ("caf\\xe9", "tea")
    assert (tmp_path / search(tmp_path).files[0].path).is_file()


@pytest.mark.parametrize("paths", [("1.jpg", "2.jpg"), ("1.jpg", "empty/"), ("train/1.jpg", "test/2.jpg")])
def test_images_that_lie_in_no_class_folder_have_no_classes(tmp_path, paths):
    """One set of all of them."""
    grown(tmp_path, *paths)
    assert {(name, split) for _, name, split in found(tmp_path)} == {("", "")}
    assert (search(tmp_path).class_names, search(tmp_path).splits) == ((), ())


def test_one_folder_of_a_split_alone_is_no_split(tmp_path):
    """Its class folders are the classes, and nobody has chosen what to test on."""
    grown(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg")
    assert search(tmp_path).class_names == ("cat", "dog")
    assert {split for _, _, split in found(tmp_path)} == {""}


def test_a_folder_without_files_is_an_error_that_says_what_to_do(tmp_path):
    """And what is there instead."""
    with pytest.raises(
        SourceError, match=r"must have images.*Got a folder with empty.*\nTry: put the images"
    ):
        search(grown(tmp_path, "empty/"))


def test_no_folder_is_an_error(tmp_path):
    """A path with a slip of the pen, and a file."""
    with pytest.raises(
        SourceError, match=r"must be a folder of images, or a zip file of one\. Got .*: nothing"
    ):
        search(tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"must be a zip file that can be read"):
        search(grown(tmp_path, "file") / "file")


def test_too_many_classes_are_an_error(tmp_path, monkeypatch):
    """Before anything is read of them: a run of more cannot be opened."""
    monkeypatch.setattr("pipeline.inputs.image_folders.CLASSES", 2)
    with pytest.raises(SourceError, match=r"at most 2 class folders\. Got 3"):
        search(grown(tmp_path, "a/1", "b/1", "c/1"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_classes_that_differ_in_what_is_no_text_stay_two(tmp_path):
    """And control characters in a name cannot reach a terminal."""
    grown(tmp_path, os.fsdecode(b"cl\xff/1"), os.fsdecode(b"cl\xfe/1"), "evil\n\x1b[31m/1")
    assert search(tmp_path).class_names == ("cl\\xfe", "cl\\xff", "evil\\n\\x1b[31m")


def test_a_circle_of_links_is_no_file(tmp_path):
    """To itself, to each other, at the top and below."""
    root = grown(tmp_path, "cat/1.jpg", "dog/1.jpg")
    for link, to in (("loop", "loop"), ("cat/a", "b"), ("cat/b", "a"), ("dog/up", "..")):
        (root / link).symlink_to(to)
    assert ("cat/1.jpg", "cat", "") in found(root)
    assert search(root).class_names == ("cat", "dog")
    assert [path for path, _, _ in found(root)] == ["cat/1.jpg", "dog/1.jpg"]


def test_a_link_to_a_class_takes_nothing_from_it(tmp_path):
    """The images are in both: who made the link wanted that."""
    root = grown(tmp_path, "bbb/1.jpg", "ccc/1.jpg")
    (root / "aaa").symlink_to(root / "bbb")
    assert [(path, name) for path, name, _ in found(root)] == [
        ("aaa/1.jpg", "aaa"), ("bbb/1.jpg", "bbb"), ("ccc/1.jpg", "ccc"),
    ]  # fmt: skip


def test_what_lies_behind_a_link_that_leads_out_gives_no_class(tmp_path):
    """Neither as a class nor as a split: not a name of it is told."""
    outside = grown(tmp_path / "outside", "passwords/1.jpg")
    root = grown(tmp_path / "root", "train/a/1.jpg", "test/a/1.jpg")
    (root / "val").symlink_to(outside)
    assert search(root).class_names == ("a",)
    assert search(root).splits == ("test", "train")


def test_folders_that_are_too_deep_are_one_entry(tmp_path):
    """Nobody keeps images there; it is listed, not followed."""
    deep = tmp_path / "a" / "/".join(["d"] * 100)
    grown(deep, "1.jpg")
    grown(tmp_path, "b/1.jpg")
    assert [path.count("/") for path, _ in search(tmp_path).refused] == [63]


def test_a_folder_that_cannot_be_looked_into_is_an_error(tmp_path, monkeypatch):
    """For everybody but root, a matter of one missing permission."""

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    with pytest.raises(SourceError, match=r"Got something that cannot be looked at: Permission denied\."):
        search(tmp_path)
