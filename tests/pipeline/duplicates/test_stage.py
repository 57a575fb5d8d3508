"""Which images are found to be the same: planted copies are, others are not, whatever the set."""

import numpy as np
import pytest
from PIL import ImageDraw

from cache import Store
from cache.keys import stage_key
from pipeline.compute.rows import ArrayRows
from pipeline.duplicates.pictures import _shrunk
from pipeline.duplicates.result import Duplicates
from pipeline.duplicates.stage import DuplicatesStage
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.stages.contract import ensure
from tests.pipeline.duplicates.pictures import KINDS, copy, picture
from tests.planted import planted_run


def small(pictures):
    """Give what the stage looks at of pictures of any size."""
    return np.concatenate([_shrunk(np.asarray(one)[np.newaxis]) for one in pictures])


def described(pictures):
    """Describe pictures by their coarse colours, as float32."""
    return ArrayRows(np.array([np.asarray(one.resize((8, 8)), np.float32).ravel() / 255 for one in pictures]))


def found_in(pictures, progress=lambda *_: None):
    """Find duplicates among pictures."""
    return DuplicatesStage().find(described(pictures), small(pictures), progress)


def members(groups):
    """List the groups of two or more."""
    return [np.flatnonzero(groups == group).tolist() for group in np.flatnonzero(np.bincount(groups) > 1)]


def test_copies_are_found_and_nothing_else(rng):
    """Of each kind; each in a group of its own with what it was made from."""
    originals = [picture(rng) for _ in range(120)]
    copies = [copy(originals[i], KINDS[i % 4]) for i in range(40)]
    found = found_in([*originals, *copies])
    assert members(found.same) == [[i, 120 + i] for i in range(40)]


def test_a_picture_with_a_detail_is_not_the_same_but_nearly(rng):
    """A face with another mouth is a variant of a drawing."""
    originals = [picture(rng) for _ in range(60)]
    changed = originals[7].copy()
    ImageDraw.Draw(changed).rectangle((40, 30, 50, 40), fill="white")
    found = found_in([*originals, changed])
    assert members(found.same) == []
    assert members(found.near) == [[7, 60]]


def test_pictures_that_look_the_same_but_lie_far_apart_are_not_the_same(rng):
    """Both must agree."""
    pictures = [picture(rng) for _ in range(50)]
    rows = rng.normal(size=(52, 30)).astype(np.float32)
    seen = small([*pictures, pictures[3], pictures[4]])
    rows[51] = rows[4] + np.float32(1e-3)
    rows[50] = -9 * rows[3]
    assert members(DuplicatesStage().find(ArrayRows(rows), seen).same) == [[4, 51]]


def test_the_same_groups_hold_in_any_order(rng):
    """A run whose files are named otherwise has the same duplicates."""
    originals = [picture(rng) for _ in range(80)]
    pictures = [*originals, *(copy(originals[i], KINDS[i % 4]) for i in range(20))]
    order = rng.permutation(100)
    here, there = found_in(pictures).same, found_in([pictures[i] for i in order]).same
    np.testing.assert_array_equal(here[order][:, None] == here[order], there[:, None] == there)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 300])
def test_images_that_are_all_equal_are_one_group(rng, n):
    """However many; a single one is in no group."""
    found = found_in([picture(rng)] * n)
    assert not found.same.any()
    assert not found.near.any()


def test_two_different_images_are_two(rng):
    """There is nothing else to tell by."""
    assert found_in([picture(rng), picture(rng)]).same.tolist() == [0, 1]


def test_flat_pictures_are_the_same_only_if_their_features_are_close(rng):
    """Blank pages say nothing; black ones are no white ones."""
    plain = [np.full((30, 30, 3), level, np.uint8) for level in (0, 255, 255)]
    seen = np.concatenate(
        [small([picture(rng) for _ in range(30)]), *(_shrunk(one[np.newaxis]) for one in plain)]
    )
    rows = rng.normal(size=(33, 5)).astype(np.float32)
    rows[31] = rows[32]
    assert members(DuplicatesStage().find(ArrayRows(rows), seen).same) == [[31, 32]]


def test_without_pictures_equal_features_are_the_same(rng):
    """But for rounding; what is close is nearly the same."""
    rows = rng.normal(size=(200, 64)).astype(np.float32)
    rows[10], rows[11], rows[12] = rows[3], rows[4] * np.float32(1 + 1e-7), rows[5] + np.float32(0.1)
    found = DuplicatesStage().find(ArrayRows(rows), None)
    assert members(found.same) == [[3, 10], [4, 11]]
    assert members(found.near) == [[3, 10], [4, 11], [5, 12]]


def test_a_feature_that_is_no_number_is_refused(rng):
    """With its row."""
    rows = rng.normal(size=(9, 4)).astype(np.float32)
    rows[6, 2] = np.nan
    with pytest.raises(InvalidParameter, match="row 6"):
        DuplicatesStage().find(ArrayRows(rows), None)


def test_it_tells_how_far_it_is_and_stops_when_told_to(rng):
    """At every step."""
    pictures, steps = [picture(rng) for _ in range(20)], set()
    found_in(pictures, lambda done, total, what: steps.add(what))
    assert len(steps) > 3
    for step in steps:

        def stop(done, total, what, step=step):
            if what == step:
                raise Cancelled("Stop.")

        with pytest.raises(Cancelled):
            found_in(pictures, stop)


def written(store: Store, run, changes):
    """Give the keys of a run whose data set or features are changed; those made from them as well."""
    keys, new = dict(run.stages), {}
    for stage in ("dataset", "features"):
        old = store.artefact(stage, keys[stage])
        inputs = {name: new.get(name, key) for name, key in old.manifest.inputs.items()}
        identity = {"changed": str(sorted(changes)), "from": old.key}
        key = stage_key(stage, old.manifest.plugin, 1, identity, inputs)
        with store.writing(
            stage, plugin=old.manifest.plugin, version=1, identity=identity, inputs=inputs
        ) as draft:
            for name in old.manifest.files:
                array = old.array(name.removesuffix(".npy")).copy()
                changes.get((stage, name.removesuffix(".npy")), lambda _: None)(array)
                draft.save(name.removesuffix(".npy"), array)
            draft.facts.update(old.manifest.facts)
        new[stage] = key
    return keys | new


def test_a_runs_duplicates_are_kept_in_the_store(store, rng):
    """A test image is a copy of a training image, and one of another class has its picture too."""
    run, pictures = planted_run(store), [np.asarray(picture(rng, 16, 16)) for _ in range(140)]
    pictures[60 + 9] = pictures[5]
    pictures[60 + 30] = pictures[5]

    def paint(start):
        def into(array):
            array[:] = np.array(pictures[start : start + len(array)])

        return into

    def describe(start):
        def into(array):
            array[:] = described_all[start : start + len(array), : array.shape[1]]

        return into

    described_all = np.array(
        [one.astype(np.float32).mean(axis=(0, 1)).repeat(3) + one[0, 0].repeat(3) for one in pictures]
    )
    keys = written(
        store,
        run,
        {
            ("dataset", "train_images"): paint(0),
            ("dataset", "test_images"): paint(60),
            ("features", "train"): describe(0),
            ("features", "test"): describe(60),
        },
    )
    made = ensure(store, DuplicatesStage(), keys)
    assert ensure(store, DuplicatesStage(), keys).digest == made.digest
    found = Duplicates.of(made, store.artefact("dataset", keys["dataset"]))
    assert [group.images.tolist() for group in found.groups()] == [[5, 69, 90]]
    assert [found.labels_of(group) for group in found.across_labels()] == [[1, 2]]
    assert [group.images.tolist() for group in found.across_splits()] == [[5, 69, 90]]
    assert np.flatnonzero(found.is_leaked()).tolist() == [69, 90]
