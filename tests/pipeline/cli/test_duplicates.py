"""``duplicates``: what it says of a folder, in words and as JSON."""

import json

import numpy as np
import pytest

from pipeline.cli import main
from tests.pipeline.duplicates.pictures import copy, picture
from tests.planted import planted_run


@pytest.fixture
def call(capsys):
    """Run a command; give its exit code and output."""

    def run(*words):
        code = main.main([str(word) for word in words])
        return code, capsys.readouterr().out

    return run


def test_a_folders_duplicates_are_told(tmp_path, rng, call):
    """A picture in two classes, one in training and test, and two names for one class."""
    folder, store = tmp_path / "pictures", tmp_path / "store"
    for split, n in (("train", 8), ("test", 5)):
        for name in ("cat", "Cat", "dog\n"):
            (folder / split / name).mkdir(parents=True)
            for number in range(n):
                picture(rng).save(folder / split / name / f"{split} {name.strip()} {number}.png")
    original = picture(rng)
    original.save(folder / "train" / "cat" / "first.png")
    copy(original, "jpeg").save(folder / "train" / "dog\n" / "second.png")
    copy(original, "scaled").save(folder / "test" / "cat" / "third.png")
    run = (
        "run",
        "--source",
        "folder",
        "--path",
        folder,
        "--extractor",
        "hog",
        "--projection",
        "pca",
        "--name",
        "own",
    )
    assert call(*run, "--penalties", "0.1", "--cache", store)[0] == 0
    code, said = call("duplicates", "own", "--cache", store)
    assert code == 0
    assert "42 images: 1 picture is there more than once, 3 images in all." in said
    assert "Under several labels: 1 picture." in said
    assert "Judged images of which a copy is learnt from: 1." in said
    assert "Names of classes that are alike: 'Cat', 'cat'." in said
    assert "dog\\n" in said
    code, said = call("duplicates", "own", "--cache", store, "--json")
    data = json.loads(said)
    (group,) = data["same"]
    assert [image["id"].split("/")[-1] for image in group["images"]] == [
        "first.png",
        "second.png",
        "third.png",
    ]
    assert [image["split"] for image in group["images"]] == ["train", "train", "test"]
    assert (group["labels"], group["leaked"]) == (["cat", "dog\\n"], True)
    assert data["leakage"]["n_leaked"] == 1
    assert data["names_alike"] == [["Cat", "cat"]]


def test_a_run_without_a_classifier_has_no_accuracy_to_tell(store, call):
    """The test images that were painted like training images are listed all the same."""
    planted_run(store, "plain", labelled=False)
    code, said = call("duplicates", "plain", "--cache", store.root)
    assert code == 0
    assert "Under several labels: 0 pictures." in said
    assert "Accuracy" not in said
    assert "train/0058" in said
    assert json.loads(call("duplicates", "plain", "--cache", store.root, "--json")[1])["leakage"] is None


@pytest.mark.real_data
@pytest.mark.slow
def test_pictures_of_clipart_that_stand_in_two_classes_are_listed(tmp_path, real_data, call):
    """Billiard balls in games and sports, caps in clothing and sports, cameras in computers and tools."""
    words = ("--extractor", "hog", "--projection", "pca", "--penalties", "0.1", "--name", "clipart")
    call("run", "--source", "folder", "--path", real_data / "clipart", *words, "--cache", tmp_path)
    found = json.loads(call("duplicates", "clipart", "--cache", tmp_path, "--json")[1])["same"]
    across = {
        frozenset(image["id"] for image in group["images"]) for group in found if len(group["labels"]) > 1
    }
    for name, *classes in (
        ("9_ball_jarno_vasamaa", "games", "sports"),
        ("9ball_form_jarno_vasama", "games", "sports"),
        ("baseball_cap_ganson", "clothing", "sports"),
        ("digital_camera_nicu_bucu_01", "computers", "tools"),
    ):
        assert {f"{folder}/{name}.png" for folder in classes} in across
    assert np.isclose(len(across), 25, atol=2)
