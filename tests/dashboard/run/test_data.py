"""A run's arrays come from the store as they were written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cache import ArtefactCorrupt, ArtefactMissing, Store
from cache.making import Making, write_making
from dashboard.run.data import RunData, colours_of, image_ids, neighbours_of, pixels
from dashboard.run.features import default_run, other_run
from dashboard.run.predictions import cell_rows
from pipeline.colours.palette import PALETTE
from tests.planted import PATH, Plan, linear, planted_run


@pytest.fixture
def data(store) -> RunData:
    """The arrays of a planted run."""
    planted_run(store)
    return RunData(store, "planted")


def test_predictions_are_the_row_of_the_asked_penalty(data):
    """Each C on the path has its own row of every array."""
    path = data.artefact("classifier")
    for row, C in enumerate(PATH):
        said = data.predictions(linear(C))
        assert (said.C, said.row) == (C, row)
        for name, array in (
            ("predicted_label", said.predicted),
            ("runner_up_label", said.runner_up),
            ("votes", said.votes),
            ("runner_up_votes", said.runner_up_votes),
            ("margin", said.margin),
            ("runner_up_margin", said.runner_up_margin),
        ):
            np.testing.assert_array_equal(array, path.array(name)[row])
        assert said.accuracy == np.mean(path.array("predicted_label")[row] == data.test_labels)
        assert said.train_accuracy == np.mean(path.array("train_predicted_label")[row] == data.train_labels)


def test_without_a_penalty_the_runs_own_is_used(store):
    """A run remembers the C it was made with."""
    planted_run(store, C=10.0)
    assert RunData(store, "planted").own_predictions.C == 10.0


def test_a_penalty_nobody_fitted_has_no_predictions(data):
    """The page says so instead of showing another C's numbers as if they were this one's."""
    assert data.predictions(linear(0.37)) is None


def test_colours_are_those_of_the_run(data):
    """As they were stored, whatever the palette is today."""
    stored = data.artefact("colours").array("colours").tolist()
    assert [[*bytes.fromhex(colour[1:])] for colour in colours_of(data)] == stored


@pytest.mark.parametrize("k", [2, 23])
def test_a_run_without_colours_has_the_palettes(store, k):
    """In the order of the classes, from the beginning again where there are more."""
    planted_run(store, plan=Plan([f"class {i}" for i in range(k)], n_train=k), without=("colours",))
    assert colours_of(RunData(store, "planted")) == [*PALETTE, *PALETTE][:k]


def test_colours_of_other_classes_are_as_if_they_were_not_there(store):
    """Somebody put the stages of two runs together."""
    few, many = (planted_run(store, f"of-{k}", plan=Plan("abcdefg"[:k])) for k in (3, 7))
    store.save_run(replace(many, stages={**many.stages, "colours": few.stages["colours"]}))
    assert colours_of(RunData(store, "of-7")) == list(PALETTE[:7])


@pytest.mark.parametrize("keep", [0, -1])
def test_damaged_colours_are_as_if_they_were_not_there(store, keep):
    """The page goes on with the palette: another size, and another content of the same size."""
    run = planted_run(store)
    file = store.artefact("colours", run.stages["colours"]).folder / "colours.npy"
    content = file.read_bytes()
    file.write_bytes(b"" if keep == 0 else content[:-1] + bytes([content[-1] ^ 1]))
    data = RunData(Store(store.root), "planted")
    assert colours_of(data) == list(PALETTE[: data.n_classes])


def test_a_live_fit_is_found(data):
    """What the Retrain page fitted, every page shows."""
    from pipeline.retraining.retrainer import retrain

    artefact, row = retrain(data.store, data.run, linear(0.37))
    said = data.predictions(linear(0.37))
    assert (said.C, said.row, said.artefact.key) == (0.37, row, artefact.key)
    assert said.accuracy > 0.5


def test_a_run_whose_own_penalty_is_off_the_path_shows_the_nearest(store):
    """A run is never without predictions."""
    planted_run(store, C=0.3)
    assert RunData(store, "planted").own_predictions.C == 0.1


@pytest.mark.parametrize(("true", "predicted"), [(None, None), (2, None), (None, 1), (2, 1), (3, 3)])
def test_rows_are_the_cell_of_the_matrix(data, true, predicted):
    """Filters choose exactly the images of a true and a predicted class."""
    said = data.own_predictions
    rows = cell_rows(said, true, predicted)
    expected = [
        row
        for row in range(data.n_test)
        if true in (None, data.test_labels[row]) and predicted in (None, said.predicted[row])
    ]
    assert rows.tolist() == expected


def test_images_are_read_in_the_asked_order(data):
    """Rows give the pixels and names of just these images."""
    images = data.artefact("dataset").array("test_images")
    np.testing.assert_array_equal(pixels(data, "test", [5, 2, 5]), images[[5, 2, 5]])
    assert image_ids(data, "test", [5, 2]) == ["test/0005", "test/0002"]


def test_neighbours_are_those_of_the_row(data):
    """The nearest images come first, and an image is not its own neighbour."""
    indices, distances = neighbours_of(data, 7)
    assert indices.shape == distances.shape == (20,)
    assert np.all(np.diff(distances) >= 0)
    assert 7 not in indices


def test_the_baseline_is_the_simplest_run_of_the_same_images(store):
    """HOG comes before raw pixels, and runs of other images do not count."""
    planted_run(store, "rich")
    planted_run(store, "elsewhere", extractor="hog", plan=Plan(seed=9))
    assert other_run(RunData(store, "rich")) is None
    planted_run(store, "pixels", extractor="pixels")
    assert other_run(RunData(store, "rich")).run.name == "pixels"
    planted_run(store, "hog", extractor="hog")
    assert other_run(RunData(store, "rich")).run.name == "hog"
    assert other_run(RunData(store, "hog")).run.name == "pixels"
    assert other_run(RunData(store, "pixels")).run.name == "hog"


def test_a_baseline_is_compared_with_the_run_it_is_the_baseline_of(store):
    """One that is there is found from both sides; of others, the newest."""
    planted_run(store, "hog", extractor="hog")
    assert other_run(RunData(store, "hog")) is None
    planted_run(store, "rich")
    assert other_run(RunData(store, "hog")).run.name == "rich"


def test_the_start_page_shows_the_richest_features(store):
    """A baseline made later, or a damaged run, is not what a visitor sees first."""
    planted_run(store, "m-rich")
    planted_run(store, "z-hog", extractor="hog")
    (store.root / "runs" / "zz-broken.json").write_text("{")
    assert default_run(store, store.run_names()) == "m-rich"
    assert default_run(store, ["z-hog", "zz-broken"]) == "z-hog"
    with store.locked("run", "z-hog"):
        assert default_run(store, store.run_names()) == "z-hog"


def test_a_corrected_run_is_not_opened_while_it_is_made(store):
    """Somebody makes it from a page; who opens the link meanwhile wants the run that is there."""
    planted_run(store, "pets")
    write_making(
        store, Making("pets-corrected", "python -m pipeline run --source corrected --of pets", "Pets", ())
    )
    with store.locked("run", "pets-corrected"):
        assert default_run(store, ["pets", "pets-corrected"]) == "pets"


def test_a_damaged_sibling_does_not_hide_the_baseline(store):
    """One broken file spoils one run."""
    planted_run(store, "rich")
    planted_run(store, "hog", extractor="hog")
    (store.root / "runs" / "broken.json").write_text("{")
    assert other_run(RunData(store, "rich")).run.name == "hog"


def test_a_stage_the_run_does_not_have_is_named(store):
    """The error names the stage, and the command that makes it."""
    planted_run(store, without=("neighbours",))
    with pytest.raises(ArtefactMissing, match="neighbours") as caught:
        neighbours_of(RunData(store, "planted"), 0)
    assert "python -m pipeline run" in caught.value.remedy


def test_damage_after_opening_is_noticed(data):
    """Images are opened anew at each call: a file cut short meanwhile is an error, not a crash."""
    pixels(data, "test", [0])
    path = data.artefact("dataset").folder / "test_images.npy"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ArtefactCorrupt, match=r"test_images\.npy"):
        pixels(data, "test", [0])
