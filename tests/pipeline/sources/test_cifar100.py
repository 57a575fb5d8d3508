import numpy as np
import pytest

from pipeline.errors import InvalidParameter, SourceError
from pipeline.inputs.pickles import MAX_INSTRUCTIONS, load_plain_pickle
from pipeline.sources.cifar100 import OFFICIAL, Cifar100
from tests.pipeline.inputs.hostile import archive_of, cifar100_files, python2_pickle


@pytest.fixture
def files(rng):
    """Three small files like those of CIFAR-100."""
    return cifar100_files(rng)


@pytest.fixture
def folder(tmp_path, files):
    """A folder of them."""
    path = tmp_path / "cifar-100-python"
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def test_fine_and_coarse_classes_are_two_data_sets_of_the_same_images(folder):
    """A hundred classes, or the twenty that they are grouped into."""
    fine, coarse = Cifar100(data_dir=folder), Cifar100(data_dir=folder, granularity="coarse")
    a, b = fine.load(), coarse.load()
    np.testing.assert_array_equal(a.train.images, b.train.images)
    assert (len(a.class_names), len(b.class_names)) == (8, 4)
    np.testing.assert_array_equal(a.test.labels // 2, b.test.labels)
    assert a.train.ids[11] == "train/11"
    assert fine.identity() != coarse.identity()
    with pytest.raises(InvalidParameter, match="granularity of cifar100 must be one of fine, coarse"):
        Cifar100(granularity="medium")


def test_the_archive_and_its_folder_give_the_same(tmp_path, folder, files):
    """As the official one is made."""
    packed = archive_of(tmp_path / "any.tar.gz", files, folder="cifar-100-python")
    assert Cifar100(data_dir=packed).identity() == Cifar100(data_dir=folder).identity()
    assert Cifar100(data_dir=folder.parent).load().facts["title"] == "CIFAR-100 (not the official files)"


def test_a_file_without_labels_of_that_kind_is_an_error(folder):
    """Named with what was asked for."""
    (folder / "test").write_bytes(
        python2_pickle({b"data": np.zeros((1, 3072), np.uint8), b"fine_labels": [0]})
    )
    assert len(Cifar100(data_dir=folder).load().test) == 1
    with pytest.raises(SourceError, match=r"test must have an entry 'coarse_labels'.*\nTry: .*--data-dir"):
        Cifar100(data_dir=folder, granularity="coarse").load()


def test_the_official_archive_is_the_one_of_toronto():
    """Address, length and checksum are the published ones."""
    assert OFFICIAL.remote.url == "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
    assert (OFFICIAL.remote.size, OFFICIAL.remote.digest) == (169_001_437, "eb9058c3a382ffc7106e4002c42a8d85")


@pytest.mark.slow
def test_a_file_of_fifty_thousand_images_is_read():
    """As large as the official one, with as many labels and names."""
    n, fine = 50_000, np.arange(50_000) % 100
    content = python2_pickle({
        b"filenames": [b"bos_taurus_s_000507.png"] * n, b"batch_label": b"training batch 1 of 1",
        b"fine_labels": fine.tolist(), b"coarse_labels": (fine // 5).tolist(), b"data": np.zeros((n, 3072), np.uint8),
    })  # fmt: skip
    assert load_plain_pickle(content, "train")[b"data"].shape == (n, 3072)
    assert MAX_INSTRUCTIONS > 1_000_000
