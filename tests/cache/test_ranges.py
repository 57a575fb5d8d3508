"""Values: which an array may hold, and that a well-sealed file with others is refused where it is first read."""

from __future__ import annotations

import numpy as np
import pytest

from cache import Artefact, ArtefactCorrupt
from cache.arrays import StoredArray
from cache.errors import LayoutError
from cache.maintenance import problems
from cache.ranges import ABOVE_0, AT_ONCE, Values, check_values
from cache.schema import STAGES
from tests.cache.making import assert_helps
from tests.cache.sealing import npy, reseal_file
from tests.planted import Plan, planted_run

PLAN = Plan(n_train=30, n_test=24)
SIZES = {"k": 4, "n_test": 24, "no_label": 0}


@pytest.fixture
def run(store):
    """A run with every stage."""
    return planted_run(store, "whole", plan=PLAN)


@pytest.mark.parametrize(
    ("stage", "name", "value", "must"),
    [
        ("dataset", "test_labels", -1, "values from 0 to 3. Got -1"),
        ("dataset", "train_labels", 4, "values from 0 to 3. Got 4"),
        ("classifier", "predicted_label", -3, "values from 0 to 3. Got -3"),
        ("classifier", "runner_up_label", 32767, "values from 0 to 3. Got 32767"),
        ("classifier", "C", 1e-9, r"values above 0, ascending. Got 1e-09 after 1.0"),
        ("validation", "accuracy", 5, "values from 0 to 1. Got 5.0"),
        ("neighbours", "indices", -5, "values from 0 to 23. Got -5"),
        ("neighbours", "indices", 24, "values from 0 to 23. Got 24"),
        ("projection", "test", np.inf, "finite values. Got inf"),
        ("faithfulness", "preserved", 255, "values from 0 to 20. Got 255"),
    ],
)
def test_a_value_out_of_range_is_refused_where_it_is_read(store, run, stage, name, value, must):
    """A well-sealed label that no class has would fail on a page, far from its cause; `verify` tells of it, too."""
    artefact = store.artefact(stage, run.stages[stage])
    array = artefact.array(name)
    array.flat[-1] = value
    folder = reseal_file(artefact.folder / f"{name}.npy", npy(array))
    opened = store.artefact(stage, run.stages[stage])
    with pytest.raises(ArtefactCorrupt, match=rf"{stage}/{name}\.npy must have {must}") as caught:
        opened.array(name)
    assert_helps(caught.value, folder)
    assert [(found.path, found.error.message) for found in problems(store)] == [
        (folder, caught.value.message)
    ]


def test_a_thumbnail_that_is_a_page_is_refused(store, run):
    """A browser that was sent it would show, or run, what somebody wrote."""
    artefact = store.artefact("thumbnails", run.stages["thumbnails"])
    reseal_file(artefact.folder / "sheet_0.webp", b"<!doctype html><script>alert(1)</script>" + b" " * 99)
    with pytest.raises(
        ArtefactCorrupt, match=r"sheet_0\.webp must be a WebP file of 80 x 80 pixels. Got another"
    ):
        store.artefact("thumbnails", run.stages["thumbnails"]).path("sheet_0.webp")


def test_results_of_other_images_are_refused(store, run):
    """Each whole by itself: what a result was made from says how many images and classes there are."""
    other = planted_run(store, "other", plan=Plan(n_train=30, n_test=25))
    theirs, ours = (store.artefact("neighbours", one.stages["neighbours"]) for one in (other, run))
    for name in ("indices", "distances"):
        reseal_file(ours.folder / f"{name}.npy", npy(theirs.array(name)), {"n_test": 25})
    with pytest.raises(ArtefactCorrupt, match=r"as many in n_test as what it was made from, 24\. Got 25"):
        store.artefact("neighbours", ours.key).array("indices")


def test_without_the_store_an_artefact_is_judged_by_itself(store, run):
    """Its finite values, and what its own dimensions bound; nobody then knows how many classes there are."""
    artefact = store.artefact("classifier", run.stages["classifier"])
    array = artefact.array("predicted_label")
    array[0, 0] = 99
    folder = reseal_file(artefact.folder / "predicted_label.npy", npy(array))
    assert Artefact(folder).array("predicted_label")[0, 0] == 99
    array[0, 0] = -1
    reseal_file(folder / "predicted_label.npy", npy(array))
    with pytest.raises(ArtefactCorrupt, match="values of 0 or more"):
        Artefact(folder).array("predicted_label")


def test_values_are_checked_once_per_process(store, run, monkeypatch):
    """As the SHA-256 is: a second reader waits for nothing."""
    store.artefact("projection", run.stages["projection"]).array("test")
    monkeypatch.setattr("cache.artefact.check_values", lambda *_: pytest.fail("looked at again"))
    store.artefact("projection", run.stages["projection"]).array("test")


def test_opening_reads_no_array(store, run, monkeypatch):
    """A run of a million images opens at once: what arrays hold is checked when a page wants them."""
    monkeypatch.setattr("cache.artefact.check_values", lambda *_: pytest.fail("an array was read"))
    monkeypatch.setattr("cache.artefact.sha256", lambda *_: pytest.fail("a file was read"))
    for stage, key in run.stages.items():
        store.artefact(stage, key)


def _check(tmp_path, array, values):
    path = tmp_path / "array.npy"
    np.save(path, array)
    check_values("array", StoredArray(path, ""), values, SIZES)


@pytest.mark.parametrize(
    ("array", "values"),
    [
        ([0, 3], Values(low=0, below="k")),
        ([-1, 3], Values(low=-1, below="k")),
        ([5e-324, 1.0], Values(low=ABOVE_0, rising="strict")),
        ([0.0, np.nan, 1.0], Values(low=0, high=1, nan=True)),
        ([np.nan], Values(nan=True)),
        ([], Values(low=0)),
        ([1, 1, 2], Values(rising="equal")),
        ([[0, 9], [1, 99]], (Values(low=0, high=1), Values(low=9))),
        (["a", "ä", "\U0010ffff"], Values()),
        ([7, 9_999], Values(low=0, below="unknown")),
    ],
)
def test_values_in_range_pass(tmp_path, array, values):
    """Their ends are in it; a size that nobody knows bounds nothing."""
    _check(tmp_path, np.array(array), values)


@pytest.mark.parametrize(
    ("array", "values"),
    [
        ([0, 4], Values(low=0, below="k")),
        ([0.0], Values(low=ABOVE_0)),
        ([np.inf], Values(nan=True)),
        ([np.nan, -np.inf], Values(nan=True)),
        ([1.0, np.nan], Values(low=0)),
        ([1, 1], Values(rising="strict")),
        ([2, 1], Values(rising="equal")),
        ([[2, 9]], (Values(low=0, high=1), Values(low=9))),
        (["a\ud800"], Values()),
    ],
)
def test_values_out_of_range_are_told(tmp_path, array, values):
    """With the one that is wrong."""
    with pytest.raises(LayoutError, match=r"array must have .*\. Got .+\."):
        _check(tmp_path, np.array(array), values)


def test_a_value_is_found_wherever_it_is(tmp_path):
    """Files are read in pieces: also at the ends of one, and in order from one to the next."""
    for place in (0, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 5):
        array = np.arange(2 * AT_ONCE + 6, dtype=np.int32)
        _check(tmp_path, array, Values(low=0, rising="strict"))
        array[place] = -7
        for values in (Values(low=0), Values(rising="strict")) if place else (Values(low=0),):
            with pytest.raises(LayoutError, match="Got -7"):
                _check(tmp_path, array, values)


def test_a_character_that_is_none_is_told(tmp_path):
    """Four bytes of a text may be any number."""
    path = tmp_path / "array.npy"
    np.save(path, np.array(["ab"]))
    path.write_bytes(path.read_bytes()[:-4] + b"\xff\xff\xff\x7f")
    with pytest.raises(LayoutError, match=r"Unicode's characters. Got number 2,147,483,647"):
        check_values("array", StoredArray(path, ""), Values(), SIZES)


def test_order_is_that_of_the_file(tmp_path):
    """Rows one after another; a file that has columns so is refused where order counts."""
    path = tmp_path / "array.npy"
    np.save(path, np.asfortranarray(np.arange(6).reshape(2, 3)))
    with pytest.raises(LayoutError, match="must be stored row by row"):
        check_values("array", StoredArray(path, ""), Values(rising="equal"), SIZES)


def test_every_array_of_fractions_and_indices_has_a_range():
    """Only pixels, colours and truth values may be anything that their type can be."""
    free = {
        (stage, name) for stage, forms in STAGES.items() for name, form in forms.items() if not form.values
    }
    assert free == {
        ("dataset", "train_images"),
        ("dataset", "test_images"),
        ("colours", "colours"),
        ("hitrate", "confused"),
    }
