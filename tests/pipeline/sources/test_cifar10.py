import dataclasses
import pickle

import numpy as np
import pytest

from pipeline.errors import DownloadError, InvalidParameter, SourceError, UnsafeInput
from pipeline.inputs.files import bytes_digest
from pipeline.sources.cifar10 import OFFICIAL, Cifar10
from tests.pipeline.inputs.hostile import (
    CLASSES,
    META,
    archive_of,
    batch,
    cifar10_files,
    member,
    python2_pickle,
)
from tests.pipeline.inputs.hostile import archive as write_archive
from tests.pipeline.inputs.server import Site, serving


@pytest.fixture
def files(rng):
    """Three small files like those of CIFAR-10."""
    return cifar10_files(rng)


@pytest.fixture
def folder(tmp_path, files):
    """A folder of them."""
    return write_folder(tmp_path / "batches", files)


def write_folder(path, files):
    """Write files into a folder."""
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def same(one, other):
    """Say whether two datasets have the same images, labels, ids and names."""
    splits = zip((one.train, one.test), (other.train, other.test), strict=True)
    arrays = [(getattr(a, key), getattr(b, key)) for a, b in splits for key in ("images", "labels", "ids")]
    return one.class_names == other.class_names and all(np.array_equal(a, b) for a, b in arrays)


def test_images_labels_and_names_come_out_as_they_were_written(tmp_path, rng):
    """Channels, rows, order and labels survive the file format."""
    train, images, labels = batch(7, rng)
    files = {"data_batch_1": train, "test_batch": batch(5, rng)[0], "batches.meta": META}
    dataset = Cifar10(data_dir=write_folder(tmp_path / "x", files)).load()
    np.testing.assert_array_equal(dataset.train.images, images)
    np.testing.assert_array_equal(dataset.train.labels, labels)
    assert dataset.train.ids[6] == "data_batch_1/6"
    assert dataset.test.ids[0] == "test_batch/0"
    assert dataset.class_names == tuple(name.decode() for name in CLASSES)


def test_every_place_the_files_may_be_gives_the_same(tmp_path, files, folder):
    """The folder, its parent, the archive, and the archive's folder give one dataset and one identity."""
    parent = write_folder(tmp_path / "parent" / "cifar-10-batches-py", files).parent
    archive = archive_of(tmp_path / "any-name.tar.gz", files)
    (tmp_path / "downloads").mkdir()
    archive_of(tmp_path / "downloads" / "cifar-10-python.tar.gz", files)
    sources = [Cifar10(data_dir=place) for place in (folder, parent, archive, tmp_path / "downloads")]
    assert all(same(source.load(), sources[0].load()) for source in sources[1:])
    assert all(source.identity() == sources[0].identity() for source in sources[1:])


def test_the_identity_follows_the_content(folder):
    """One other byte in one file is another dataset."""
    before = Cifar10(data_dir=folder).identity()
    content = (folder / "test_batch").read_bytes()
    (folder / "test_batch").write_bytes(content[:-1000] + bytes([content[-1000] ^ 1]) + content[-999:])
    assert Cifar10(data_dir=folder).identity() != before


def test_files_that_change_between_two_looks_are_noticed(folder, files, rng):
    """What is loaded is what the key was made of."""
    source = Cifar10(data_dir=folder)
    source.identity()
    (folder / "test_batch").write_bytes(batch(5, rng)[0])
    with pytest.raises(SourceError, match="must not change"):
        source.load()


def test_limit_keeps_the_first_of_each_split(folder):
    """A limit changes the identity, and is no error where there are fewer images."""
    whole, part = Cifar10(data_dir=folder), Cifar10(data_dir=folder, limit=6)
    np.testing.assert_array_equal(part.load().train.images, whole.load().train.images[:6])
    assert len(part.load().test) == 5
    assert part.identity() != whole.identity()


def batches(rng, *numbers):
    """Give files with these training batches, each of as many images as its number."""
    files = {"test_batch": batch(5, rng)[0], "batches.meta": META}
    return files | {f"data_batch_{number}": batch(number, rng)[0] for number in numbers}


@pytest.mark.parametrize(
    ("written", "numbers"), [("1", [1]), ("1-5", [1, 2, 3, 4, 5]), ("3,1", [1, 3]), ("2-3,3", [2, 3])]
)
def test_batches_are_joined_in_their_order(tmp_path, rng, written, numbers):
    """One after the other, each image named by its batch; the order in which they are written does not matter."""
    folder = write_folder(tmp_path / "x", batches(rng, 1, 2, 3, 4, 5))
    dataset = Cifar10(data_dir=folder, batches=written).load()
    assert dataset.train.ids.tolist() == [f"data_batch_{n}/{row}" for n in numbers for row in range(n)]
    alone = Cifar10(data_dir=folder, batches=str(numbers[-1])).load().train.images
    np.testing.assert_array_equal(dataset.train.images[-numbers[-1] :], alone)
    assert len(dataset.test) == 5
    assert set(dataset.facts["files"]) == {f"data_batch_{n}" for n in numbers} | {
        "test_batch",
        "batches.meta",
    }
    limited = Cifar10(data_dir=folder, batches=written, limit=2).load()
    assert len(limited.train) == min(2, len(dataset.train))


def test_the_first_batch_alone_keeps_its_key(tmp_path, rng):
    """Results of before stay: other batches beside it change nothing, and are not read."""
    files = batches(rng, 1)
    alone = Cifar10(data_dir=write_folder(tmp_path / "x", files)).identity()
    assert alone == {
        "sha256": {name: bytes_digest(content, "sha256") for name, content in files.items()},
        "limit": None,
    }  # fmt: skip
    more = write_folder(tmp_path / "y", files | {"data_batch_2": b"damaged"})
    assert Cifar10(data_dir=more).identity() == alone
    assert Cifar10(data_dir=more, batches="1,2").identity() != alone


def test_a_missing_batch_is_named(tmp_path, rng):
    """With what is there, and what to type."""
    folder = write_folder(tmp_path / "x", batches(rng, 1, 3))
    with pytest.raises(
        SourceError, match=r"must contain data_batch_2\. Got a folder with .*data_batch_3.*\nTry"
    ):
        Cifar10(data_dir=folder, batches="1-3").load()


@pytest.mark.parametrize("written", ["", "0", "6", "1-6", "3-1", "1,", "a", "1 2", "1-2-3", "٣", 1, None])
def test_what_is_no_list_of_batches_is_refused(written):
    """In one sentence, with an example."""
    with pytest.raises(
        InvalidParameter, match="batches of cifar10 must be numbers from 1 to 5, for example 1-5"
    ):
        Cifar10(batches=written)


def test_memory_is_looked_at_before_anything_is_read(tmp_path, monkeypatch):
    """What five batches take is said, and what there is."""
    monkeypatch.setenv("LAZYBONES_MEMORY", "100MB")
    with pytest.raises(
        SourceError, match=r"Memory for 60,000 images of cifar10 must be 737 MB\. Got \d+ MB.*\nTry"
    ):
        Cifar10(data_dir=tmp_path / "nowhere", batches="1-5").prepare()


def test_facts_say_that_other_files_are_not_official(folder):
    """Nobody takes other images for CIFAR-10."""
    facts = Cifar10(data_dir=folder).load().facts
    assert not facts["official"]
    assert "not the official files" in facts["title"]
    assert facts["files"]["test_batch"]["size"] == (folder / "test_batch").stat().st_size


@pytest.mark.parametrize("missing", ["data_batch_1", "test_batch", "batches.meta"])
def test_a_missing_file_is_named_with_what_is_there(tmp_path, files, missing):
    """In a folder or an archive, the error says which file lacks, what there is, and what to type."""
    del files[missing]
    folder = write_folder(tmp_path / "x", files)
    archive = archive_of(tmp_path / "x.tar.gz", files)
    for place in (folder, archive):
        with pytest.raises(SourceError, match=f"must contain {missing}") as caught:
            Cifar10(data_dir=place).load()
        assert all(name in str(caught.value) for name in files)
        assert str(caught.value).endswith("\nTry: the same command again, without --data-dir")


def test_a_folder_without_batches_is_told_with_what_is_there(tmp_path):
    """An empty folder, another folder, or no folder: each is said as it is."""
    (tmp_path / "holiday.jpg").write_text("")
    (tmp_path / "empty").mkdir()
    for place, found in (
        (tmp_path, "holiday.jpg"),
        (tmp_path / "empty", "nothing in it"),
        (tmp_path / "no", "nothing"),
    ):
        with pytest.raises(SourceError, match=f"must be a folder with data_batch_1.*{found}"):
            Cifar10(data_dir=place).load()


def test_a_path_the_file_system_refuses_is_our_own_error(tmp_path):
    """What the operating system says reaches the user as a sentence with a command."""
    with pytest.raises(
        SourceError, match=r"must be readable.*\nTry: the same command again, without --data-dir"
    ):
        Cifar10(data_dir=tmp_path / ("x" * 300)).load()


def test_a_batch_that_tries_to_run_code_is_refused(tmp_path, files, folder):
    """The error names the file and what it tried; nothing was run."""
    trace = tmp_path / "it-ran"
    (folder / "test_batch").write_bytes(
        b"\x80\x02cos\nsystem\n(U" + bytes([len(str(trace)) + 6]) + f"touch {trace}".encode() + b"tR."
    )
    with pytest.raises(UnsafeInput, match=r"test_batch must mention numpy arrays only\. Got 'os\.system'"):
        Cifar10(data_dir=folder).load()
    assert not trace.exists()


def test_every_hostile_or_broken_file_comes_with_a_command_that_helps(tmp_path, files, folder):
    """Errors raised far below the source still say what to type next."""
    hostile = write_archive(tmp_path / "hostile.tar.gz", member("../x", b"x"))
    (tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    (folder / "test_batch").write_bytes(b"\x80\x02cos\nsystem\n.")
    for place in (hostile, tmp_path / "broken.tar.gz", folder):
        with pytest.raises(SourceError, match="\nTry: the same command again, without --data-dir"):
            Cifar10(data_dir=place).load()


def test_an_archive_that_leads_outside_is_refused(tmp_path, files):
    """The whole archive is refused, even if the batches in it are good."""
    inside = [member(f"cifar-10-batches-py/{name}", content) for name, content in files.items()]
    archive = write_archive(tmp_path / "x.tar.gz", *inside, member("../../outside", b"x"))
    with pytest.raises(
        UnsafeInput, match=r"x.tar.gz must hold paths inside itself only. Got '../../outside'"
    ):
        Cifar10(data_dir=archive).load()


def test_a_batch_that_is_too_large_is_refused(folder, monkeypatch):
    """The cap is on the file, before it is read."""
    monkeypatch.setattr("pipeline.sources.cifar10.OFFICIAL", dataclasses.replace(OFFICIAL, max_bytes=1000))
    with pytest.raises(UnsafeInput, match="data_batch_1 must be at most 1,000 bytes"):
        Cifar10(data_dir=folder).load()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (python2_pickle({b"labels": [1]}), "entry 'data'"),
        (python2_pickle({b"data": np.zeros((1, 3072), np.uint8)}), "entry 'labels'"),
        (python2_pickle({b"data": np.zeros((1, 3000), np.uint8), b"labels": [1]}), r"\(n, 3072\)"),
        (python2_pickle({b"data": b"xx", b"labels": [1]}), r"\(n, 3072\)"),
        (python2_pickle({b"data": np.zeros((1, 3072), np.uint8), b"labels": [1, 2]}), "999 an image"),
        (python2_pickle({b"data": np.zeros((1, 3072), np.uint8), b"labels": [b"1"]}), "999 an image"),
        (python2_pickle({b"data": np.zeros((1, 3072), np.uint8), b"labels": [10]}), r"must be in 0\.\.9"),
        (pickle.dumps([1, 2], protocol=2), "pickled dict"),
    ],
)
def test_a_batch_of_another_form_is_an_error(folder, content, told):
    """Whatever is wrong inside a batch is said in our own words."""
    (folder / "data_batch_1").write_bytes(content)
    with pytest.raises(SourceError, match=told):
        Cifar10(data_dir=folder).load()


def test_a_truncated_batch_is_an_error_that_names_it(folder):
    """An incomplete copy is noticed."""
    content = (folder / "test_batch").read_bytes()
    (folder / "test_batch").write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match="test_batch must be a complete pickle"):
        Cifar10(data_dir=folder).load()


@pytest.fixture
def published(tmp_path, files, monkeypatch):
    """A server that publishes the small files as if they were CIFAR-10, and an empty folder of downloads."""
    monkeypatch.setenv("LAZYBONES_DOWNLOADS", str(tmp_path / "downloads"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    content = archive_of(tmp_path / "served.tar.gz", files).read_bytes()
    with serving(Site(content)) as site:
        digest = bytes_digest(content, "md5")
        remote = dataclasses.replace(OFFICIAL.remote, url=site.url, size=len(content), digest=digest)
        members = {name: bytes_digest(data, "md5") for name, data in files.items()}
        changed = dataclasses.replace(OFFICIAL, remote=remote, members=members)
        monkeypatch.setattr("pipeline.sources.cifar10.OFFICIAL", changed)
        yield site


def test_without_a_folder_the_official_archive_is_downloaded_once(published, folder):
    """The first use downloads, the second asks nobody; both equal the files themselves."""
    seen = []
    first = Cifar10().load(lambda *step: seen.append(step))
    again = Cifar10()
    assert len(published.asked) == 1
    assert seen[-1] == (len(published.content), len(published.content), "bytes")
    assert first.facts["official"]
    assert same(first, Cifar10(data_dir=folder).load())
    assert same(first, again.load())
    assert again.identity() == Cifar10(data_dir=folder).identity()


def test_damaged_unpacked_files_are_unpacked_again(published, tmp_path):
    """A flipped byte among the unpacked files is mended from the archive, without a download."""
    before = Cifar10().load()
    path = tmp_path / "downloads" / "cifar-10-batches-py" / "test_batch"
    content = path.read_bytes()
    path.write_bytes(content[:-500] + bytes([content[-500] ^ 1]) + content[-499:])
    assert same(Cifar10().load(), before)
    assert path.read_bytes() == content
    assert len(published.asked) == 1


def test_another_archive_at_the_official_address_is_refused(published):
    """A wrong MD5 names both sums and the way around."""
    published.content = bytes([published.content[0] ^ 1]) + published.content[1:]
    with pytest.raises(DownloadError, match=r"must have MD5 \w{32}\. Got \w{32}.*--data-dir"):
        Cifar10().load()


def test_the_official_archive_is_the_one_of_toronto():
    """Address, length and checksums are the published ones."""
    assert OFFICIAL.remote.url == "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
    assert OFFICIAL.remote.size == 170_498_071
    assert OFFICIAL.remote.digest == "c58f30108f718f92721af3b95e74349a"


@pytest.mark.real_data
def test_the_real_files_give_ten_thousand_and_ten_thousand(real_data):
    """The real batches have their size, order and balance; their names are the official ones."""
    dataset = Cifar10(data_dir=real_data).load()
    assert dataset.train.images.shape == dataset.test.images.shape == (10_000, 32, 32, 3)
    assert dataset.class_names == tuple(name.decode() for name in CLASSES)
    np.testing.assert_array_equal(np.bincount(dataset.test.labels), [1000] * 10)
    assert dataset.test.labels[:5].tolist() == [3, 8, 8, 0, 6]
    assert dataset.facts["files"]["batches.meta"]["official"]
    assert not dataset.facts["official"]


@pytest.mark.real_data
def test_the_real_files_read_as_pickle_itself_reads_them(real_data):
    """On the real file, the interpreter of plain pickles agrees with Python's own pickle."""
    path = real_data / "cifar-10-batches-py" / "test_batch"
    theirs = pickle.loads(path.read_bytes(), encoding="bytes")
    ours = Cifar10(data_dir=real_data).load().test
    rows = ours.images.transpose(0, 3, 1, 2).reshape(10_000, 3072)
    np.testing.assert_array_equal(rows, theirs[b"data"])
    assert ours.labels.tolist() == theirs[b"labels"]
