"""A run made anew with the labels that people have mended."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from cache import Store
from cache.maintenance import problems
from pipeline.cli.main import main
from pipeline.extractors.pixels import Pixels
from pipeline.verdicts.corrections import corrections_of
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import Edit, Judgement


def made(store, capsys, *words):
    """Type `run`, and open what it made."""
    code = main(["run", *words, "--json", "--cache", str(store.root)])
    told = capsys.readouterr()
    assert code == 0, told.err
    data = json.loads(told.out)
    run = store.run(data["run"])
    return run, data, {stage: store.artefact(stage, key) for stage, key in run.stages.items()}


def judge(store, run, said):
    """Record what is said of images, by their names."""
    images = images_of(store.artefact("dataset", run.stages["dataset"]))
    keys = dict(zip(images.ids, images.keys, strict=True))
    open_verdicts(store).record(images, [Edit(keys[name], one) for name, one in said.items()], "ann")


@pytest.fixture
def npz(tmp_path, rng):
    """Images of three classes, dark, grey and bright, in two splits."""
    y = np.arange(90) % 3
    x = (60 * y[:, None, None] + rng.integers(0, 60, (90, 8, 8))).astype(np.uint8)
    np.savez(tmp_path / "set.npz", x_train=x[:60], y_train=y[:60], x_test=x[60:], y_test=y[60:])
    return tmp_path / "set.npz"


QUICK = ("--extractor", "pixels", "--projection", "pca")


@pytest.fixture
def kept(tmp_path):
    """A store of the test's own."""
    return Store(tmp_path / "kept")


def test_a_corrected_run_has_the_labels_that_people_gave(kept, npz, capsys, monkeypatch):
    """Without the images that were left out; nothing is described again, and what of it is tested on is told."""
    run, _, before = made(kept, capsys, "--source", f"npz:{npz}", *QUICK, "--name", "base", "--C", "0.1")
    judge(
        kept,
        run,
        {
            "x_train/0": Judgement("wrong", "1"),
            "x_train/1": Judgement("excluded"),
            "x_train/2": Judgement("keep"),
            "x_test/4": Judgement("wrong", "a new class"),
            "x_test/5": Judgement("excluded"),
            "x_test/6": Judgement("wrong"),
            "x_test/7": Judgement("unsure"),
        },
    )
    monkeypatch.setattr(Pixels, "load", lambda *_: pytest.fail("an image was described again"))
    run, data, after = made(kept, capsys, "--corrected", "base")
    assert (run.name, run.C) == ("base-corrected", 0.1)
    assert "--source corrected" in run.command
    assert "--of base" in run.command
    dataset = after["dataset"]
    assert dataset.manifest.facts["class_names"] == ["0", "1", "2", "a new class"]
    for split, changed in (("train", {0: 1}), ("test", {4: 3})):
        rows = np.delete(
            np.arange(len(before["dataset"].array(f"{split}_ids"))), 1 if split == "train" else 5
        )
        labels = before["dataset"].array(f"{split}_labels").copy()
        for row, label in changed.items():
            labels[row] = label
        assert dataset.array(f"{split}_labels").tolist() == labels[rows].tolist()
        for stage, name in (("dataset", f"{split}_images"), ("dataset", f"{split}_ids"), ("features", split)):
            assert (after[stage].array(name) == before[stage].array(name)[rows]).all()
    assert dataset.manifest.facts["corrected"] == {
        "relabelled": {"train": 1, "test": 1},
        "excluded": {"train": 1, "test": 1},
    }
    assert data["notes"] == [
        "Corrected: 2 labels changed, 2 images left out.",
        "Of these, 2 corrections changed the test split: accuracies before and after are of different test labels.",
        "1 new class: 'a new class'.",
        "1 label called wrong without another class: left as before.",
    ]
    assert problems(kept) == []


def test_files_that_are_judged_out_of_fold_stay_what_they_are(kept, tmp_path, capsys, rng, monkeypatch):
    """Pictures, folds and places; a class can be mended for good, and the mended run be corrected again."""
    for number in range(40):
        path = tmp_path / "pets" / ("cat", "dog")[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 20, 3), np.uint8)).save(path)
    run, _, before = made(
        kept, capsys, "--source", "folder", "--path", str(tmp_path / "pets"), *QUICK, "--folds", "4"
    )
    judge(kept, run, {"cat/00.png": Judgement("wrong", "dog"), "dog/01.png": Judgement("excluded")})
    monkeypatch.setattr(Pixels, "load", lambda *_: pytest.fail("an image was described again"))
    again, _, after = made(kept, capsys, "--corrected", run.name, "--name", "mended")
    old, new = before["dataset"], after["dataset"]
    assert (new.manifest.dims["n_test"], new.manifest.facts["train_in_test"]) == (39, [0, 39])
    there = np.flatnonzero(old.array("test_ids") != "dog/01.png")
    for name in ("test_folds", "train_folds", "test_rows", "test_ids"):
        assert (new.array(name) == old.array(name)[there]).all()
    labels = dict(zip(new.array("test_ids").tolist(), new.array("test_labels").tolist(), strict=True))
    assert (labels["cat/00.png"], labels["cat/02.png"]) == (1, 0)
    assert (new.array("train_labels") == new.array("test_labels")).all()
    assert problems(kept) == []
    judge(kept, again, {"cat/02.png": Judgement("excluded")})
    _, _, third = made(kept, capsys, "--corrected", "mended")
    assert third["dataset"].manifest.dims["n_test"] == 38


def test_a_run_of_another_that_has_the_name_stays(kept, npz, capsys):
    """Nobody asked to replace it: the corrected run has a number, and keeps it when it is made again."""
    plain = ("--source", f"npz:{npz}", *QUICK)
    run, *_ = made(kept, capsys, *plain, "--name", "base")
    own, *_ = made(kept, capsys, *plain, "--C", "1", "--name", "base-corrected")
    for name in ("x_train/0", "x_train/3"):
        judge(kept, run, {name: Judgement("wrong", "1")})
        again, _, after = made(kept, capsys, "--corrected", "base")
        assert again.name == "base-corrected-2"
    assert after["dataset"].manifest.facts["corrected"]["relabelled"]["train"] == 2
    assert kept.run("base-corrected") == own


def refused(kept, capsys, *words):
    """Type what is refused; give the message."""
    assert main(["run", *words, "--cache", str(kept.root)]) == 1
    return capsys.readouterr().err


def test_what_cannot_be_corrected_says_why(kept, npz, capsys):
    """No verdicts, no run, other options, all images left out."""
    run, *_ = made(kept, capsys, "--source", f"npz:{npz}", *QUICK, "--name", "base")
    assert "Labels of base must have corrections" in refused(kept, capsys, "--corrected", "base")
    assert "run must be one of base" in refused(kept, capsys, "--corrected", "nothing")
    assert "--corrected must come with --name alone. Got it with --C" in refused(
        kept, capsys, "--corrected", "base", "--C", "1"
    )
    assert "of of corrected must be a run" in refused(kept, capsys, "--source", "corrected")
    assert "evaluation of corrected must be as in the run" in refused(
        kept, capsys, "--source", "corrected", "--of", "base", "--evaluation", "folds"
    )
    judge(kept, run, {f"x_test/{row}": Judgement("excluded") for row in range(30)})
    assert "Corrections must leave an image of each split" in refused(kept, capsys, "--corrected", "base")


def test_what_was_said_of_a_picture_is_never_taken_for_said_of_its_copy(kept, tmp_path, rng, capsys):
    """Neither where one of two is left out, nor where two in two classes change places, nor in a run after that."""
    y = np.arange(60) % 3
    x = (60 * y[:, None, None] + rng.integers(0, 60, (60, 8, 8))).astype(np.uint8)
    x[36] = x[33]
    x[35] = x[34]
    np.savez(tmp_path / "set.npz", x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])
    run, _, _ = made(kept, capsys, "--source", f"npz:{tmp_path / 'set.npz'}", *QUICK, "--name", "base")
    said = {
        "x_test/3": Judgement("excluded"),
        "x_test/4": Judgement("wrong", "2"),
        "x_test/5": Judgement("wrong", "1"),
    }
    judge(kept, run, said)
    again = {"x_test/4": Judgement("wrong", "1"), "x_test/6": Judgement("keep")}
    for name, then in (("base", again), ("base-corrected", {})):
        corrected, _, stages = made(kept, capsys, "--corrected", name)
        images = images_of(stages["dataset"])
        assert len(set(images.keys)) == len(images)
        assert not corrections_of(images, open_verdicts(kept).state(images))
        if then:
            judge(kept, corrected, then)
    assert not problems(kept)
