import zipfile

import numpy as np
import pytest

from pipeline.errors import InvalidParameter, SourceError, UnsafeInput
from pipeline.inputs.npz import MAX_MEMBERS
from pipeline.sources.npz import Npz
from pipeline.stages.contract import ensure


@pytest.fixture
def arrays(rng):
    """Images and labels as `keras.datasets` gives them."""
    return {
        "x_train": rng.integers(0, 256, (9, 8, 6, 3), dtype=np.uint8),
        "y_train": np.arange(9)[:, np.newaxis] % 3,
        "x_test": rng.integers(0, 256, (5, 8, 6, 3), dtype=np.uint8),
        "y_test": np.arange(5, dtype=np.uint8) % 3,
    }


@pytest.fixture
def source(tmp_path, arrays):
    """Write arrays, some of them changed or left out, and give their source."""

    def made(save=np.savez, changes=None, **options):
        changed = {name: value for name, value in {**arrays, **(changes or {})}.items() if value is not None}
        save(tmp_path / "set.npz", **changed)
        return Npz(file=tmp_path / "set.npz", **options)

    return made


def test_images_labels_and_names_come_out_as_they_were_written(source, arrays):
    """Packed or not; labels in a column or in a row; other arrays in the file are not looked at."""
    for save in (np.savez, np.savez_compressed):
        made = source(save, {"history": np.array([{}], object)}, class_names="ant, bee,wasp")
        dataset = made.load()
        np.testing.assert_array_equal(dataset.train.images, arrays["x_train"])
        np.testing.assert_array_equal(dataset.train.labels, arrays["y_train"][:, 0])
        np.testing.assert_array_equal(dataset.test.labels, arrays["y_test"])
        assert dataset.class_names == ("ant", "bee", "wasp")
        assert dataset.test.ids[4] == "x_test/4"
    assert source().load().class_names == ("0", "1", "2")
    assert len(source(limit=2).load().train) == 2


def test_grey_images_and_fractions_are_pixels_too(source, arrays):
    """(n, h, w) has one channel; 0 to 1 becomes 0 to 255; other whole numbers are taken as they are."""
    grey = arrays["x_train"][..., 0]
    for train in (grey, grey[..., np.newaxis], grey / 255, (grey / 255).astype(np.float32), grey.astype(int)):
        images = source(changes={"x_train": train, "x_test": train[:5]}).load().train.images
        np.testing.assert_array_equal(images[..., 0], grey)
        assert images.shape == (9, 8, 6, 1)
    order = source(changes={"x_train": np.asfortranarray(arrays["x_train"])}).load()
    np.testing.assert_array_equal(order.train.images, arrays["x_train"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x_train": None}, r"must hold x_train\. Got y_train, x_test, y_test"),
        ({"x_train": np.zeros((9, 48))}, r"x_train must have the shape .* Got \(9, 48\)"),
        ({"x_train": np.zeros((9, 3, 8, 8))}, "x_train must have the shape"),
        ({"x_train": np.zeros((9, 8, 8, 4))}, "x_train must have the shape"),
        ({"x_train": np.zeros((0, 8, 8))}, "x_train must have the shape"),
        ({"x_train": np.full((9, 8, 8), 2.0)}, "x_train must be fractions from 0 to 1. Got values from 2 to 2"),
        ({"x_train": np.full((9, 8, 8), np.nan)}, "x_train must be fractions"),
        ({"x_train": np.full((9, 8, 8), -1)}, "x_train must be whole numbers from 0 to 255. Got values from -1"),
        ({"y_train": np.zeros(9)}, "y_train must be whole numbers"),
        ({"y_train": np.zeros((9, 3), int)}, "y_train must be whole numbers"),
        ({"y_train": np.full(9, -1)}, "y_train must be from 0 to 999. Got values from -1"),
        ({"y_train": np.full(9, 1 << 40)}, "y_train must be from 0 to 999"),
        ({"y_train": np.zeros(8, int)}, "one length. Got 9, 8 and 9"),
        (dict.fromkeys(("x_train", "y_train", "x_test", "y_test")) | {"data": np.zeros(1)},
         r"must hold arrays named x_train, .* Got data"),
        ({"x_train": np.array(["a"] * 9)}, "must hold numbers. Got <U1, which was not read"),
    ],
)  # fmt: skip
def test_what_is_of_another_form_is_an_error(source, changes, says):
    """In our own words: what it must be, and what it is."""
    with pytest.raises(SourceError, match=says):
        source(changes=changes).load()


def test_a_pickle_in_an_array_is_not_read(source, tmp_path):
    """An array of objects would run whatever its maker wished."""
    trace = tmp_path / "it-ran"

    class Evil:
        def __reduce__(self):
            return trace.write_text, ("x",)

    with pytest.raises(
        UnsafeInput, match=r"x_train\.npy in set\.npz must hold numbers\. Got object, which was not"
    ):
        source(changes={"x_train": np.array([Evil()], object)}).load()
    assert not trace.exists()


def rewritten(path, name, content, method=zipfile.ZIP_STORED):
    """Put another content into a .npz file."""
    with zipfile.ZipFile(path) as old:
        members = {member: old.read(member) for member in old.namelist()}
    members[name] = content(members[name])
    with zipfile.ZipFile(path, "w", method) as new:
        for member, bytes_ in members.items():
            new.writestr(member, bytes_)


def test_headers_that_lie_are_refused(source, tmp_path):
    """A shape of terabytes in a few bytes, or of less than there is; nonsense; a header without an end."""
    path = tmp_path / "set.npz"
    for old, new in ((b"(9, 8, 6, 3)", b"(9, 8, 6, 99999999999999)"), (b"(9, 8, 6, 3)", b"(8, 8, 6, 3)")):
        made = source()
        rewritten(path, "x_train.npy", lambda content, old=old, new=new: content.replace(old, new))
        with pytest.raises(UnsafeInput, match=r"x_train\.npy in set\.npz must "):
            made.load()
    for content in (b"", b"\x93NUMPY\x01\x00\xff\xff", b"\x93NUMPY\x09\x00" + bytes(200), b"hello" * 9):
        made = source()
        rewritten(path, "x_train.npy", lambda _, content=content: content)
        with pytest.raises(SourceError, match=r"set\.npz must "):
            made.load()


def test_a_bomb_is_refused_before_it_is_unpacked(source, tmp_path, monkeypatch):
    """What the archive says that it unpacks to is compared with the memory there is."""
    made = source()
    rewritten(tmp_path / "set.npz", "x_train.npy", lambda _: bytes(200 << 20), zipfile.ZIP_DEFLATED)
    assert (tmp_path / "set.npz").stat().st_size < 1 << 20
    monkeypatch.setenv("LAZYBONES_MEMORY", "500MB")
    with pytest.raises(SourceError, match=r"Memory for the arrays of set\.npz must be \d+ MB\. Got"):
        made.load()


def test_what_is_no_npz_is_an_error(source, tmp_path):
    """Text, half a file, a folder, nothing; too many members."""
    made = source()
    content = (tmp_path / "set.npz").read_bytes()
    for bad in (b"hello", b"", content[: len(content) // 2]):
        (tmp_path / "set.npz").write_bytes(bad)
        with pytest.raises(SourceError, match=r"set\.npz must be a complete \.npz file"):
            Npz(file=tmp_path / "set.npz").load()
    for place, got in ((tmp_path, "a folder with"), (tmp_path / "no.npz", "nothing there")):
        with pytest.raises(SourceError, match=rf"must be a \.npz file\. Got {got}"):
            Npz(file=place).identity()
    with pytest.raises(SourceError, match=r"file of npz must be a \.npz file\. Got none\.\nTry"):
        Npz().identity()
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as many:
        for number in range(MAX_MEMBERS + 1):
            many.writestr(f"{number}.npy", b"")
    with pytest.raises(UnsafeInput, match="at most 1,000 arrays"):
        made.load()


def test_a_file_that_changes_between_two_looks_is_noticed(source):
    """What is loaded is what the key was made of."""
    made = source()
    made.identity()
    source(changes={"y_test": np.zeros(5, int)})
    with pytest.raises(SourceError, match="must not change"):
        made.load()


def test_without_images_to_test_on_each_is_judged_out_of_fold(source, arrays, store, rng):
    """The default then; whoever asks for the split that is not there is told. Half of one is no split."""
    images = rng.integers(0, 256, (30, 8, 6, 3), dtype=np.uint8)
    alone = {"x_train": images, "y_train": np.arange(30) % 3, "x_test": None, "y_test": None}
    made = source(changes=alone)
    assert not made.has_split
    dataset = ensure(store, made, {})
    assert np.bincount(dataset.array("test_folds")).tolist() == [6] * 5
    np.testing.assert_array_equal(np.sort(dataset.array("test_images"), axis=0), np.sort(images, axis=0))
    assert dataset.manifest.facts["train_in_test"] == [0, 30]
    with pytest.raises(SourceError, match="evaluation of npz must be folds or holdout"):
        source(changes=alone, evaluation="split").identity()
    held = ensure(store, source(changes=alone, evaluation="holdout", test_size=0.2), {})
    assert held.array("test_labels").shape == (6,)
    with pytest.raises(SourceError, match="must hold x_test"):
        source(changes={"x_test": None}).load()


@pytest.mark.parametrize("names", ["a,a", "a,,b", "a\nb", "x" * 201, 5])
def test_names_that_cannot_be_told_apart_are_refused(names):
    """Empty, twice, too long, or no text."""
    with pytest.raises(InvalidParameter, match="class_names of npz must be"):
        Npz(class_names=names)


def test_fewer_names_than_classes_are_an_error(source):
    """The labels say how many there are."""
    with pytest.raises(SourceError, match=r"Labels of the train split must be in 0\.\.1\. Got 0\.\.2"):
        source(class_names="a,b").load()
