"""The list of suspects, what it is worth, and the command that prints both."""

import json

import numpy as np
import pytest

from cache.belonging import Belongings
from pipeline.cli.main import main
from pipeline.compute.rows import ArrayRows
from pipeline.errors import InvalidParameter
from pipeline.labels.estimate import estimate_wrong
from pipeline.labels.hit_rate import HitRateStage, keys_of_hit_rate, planted_places, promise, read_hit_rate
from pipeline.labels.planting import plant
from pipeline.labels.pool import TEST, TRAIN
from pipeline.labels.ridge import judge
from pipeline.labels.suspects import SuspectsStage, rank_of, read_suspects, without_equals
from pipeline.stages.contract import ensure
from tests.planted import Plan, planted_run


def test_every_image_of_both_splits_has_a_place(store):
    """Training images first; each place once; the highest score has the first."""
    run = planted_run(store)
    suspects = read_suspects(ensure(store, SuspectsStage(), run.stages))
    assert suspects.split.tolist() == [TRAIN] * 60 + [TEST] * 80
    assert suspects.row.tolist() == [*range(60), *range(80)]
    assert sorted(suspects.rank) == list(range(140))
    assert suspects.score[suspects.order[0]] == suspects.score.max()
    labels = np.concatenate(
        [store.artefact("dataset", run.stages["dataset"]).array(f"{s}_labels") for s in ("train", "test")]
    )
    assert (suspects.suggested != labels).all()


def test_suspects_and_hit_rate_belong_to_the_run(store):
    """Both are on top of it, the second by way of the first."""
    run = planted_run(store)
    suspects = ensure(store, SuspectsStage(), run.stages)
    worth = ensure(store, HitRateStage(), keys_of_hit_rate(run.stages))
    assert {("suspects", suspects.key), ("hitrate", worth.key)} <= set(Belongings(store).on_top(run))


def test_images_without_classes_are_refused(store):
    """With what is missing."""
    run = planted_run(store, labelled=False)
    with pytest.raises(InvalidParameter, match="class"):
        ensure(store, SuspectsStage(), run.stages)


def test_who_has_no_equal_outside_its_fold_comes_last():
    """However high its score."""
    labels, folds = np.array([0, 0, 1, 2, 2], np.int32), np.array([0, 1, 0, 1, 1], np.int16)
    alone = without_equals(labels, folds)
    assert alone.tolist() == [False, False, True, True, True]
    assert rank_of(np.array([1, 3, 9, 8, 8], np.float32), alone).tolist() == [1, 0, 2, 3, 4]


def test_half_is_planted_along_the_confusion_matrix(rng):
    """A class that is only ever taken for one other gets that one; no label stays; what may not be falsified does."""
    labels = rng.integers(0, 5, 3000).astype(np.int32)
    predicted = np.where(rng.random(3000) < 0.2, (labels + 1) % 5, labels).astype(np.int32)
    usable = np.arange(3000) % 3 > 0
    planting = plant(labels, predicted, usable)
    assert planting.rows.shape == (20, 30)
    for rows, labelling in zip(planting.rows, planting.labellings[1:], strict=True):
        assert set(np.flatnonzero(labelling != labels)) == set(rows)
        assert usable[rows].all()
        along = rows[planting.confused]
        np.testing.assert_array_equal(labelling[along], (labels[along] + 1) % 5)
    at_random = [
        (lab - labels)[rows[~planting.confused]] % 5
        for rows, lab in zip(planting.rows, planting.labellings[1:], strict=True)
    ]
    assert set(np.concatenate(at_random)) == {1, 2, 3, 4}
    np.testing.assert_array_equal(plant(labels, predicted, usable).labellings, planting.labellings)


@pytest.mark.parametrize("planted", [4, 20, 100])
@pytest.mark.parametrize("chance", [0.05, 0.3, 0.6, 0.95])
def test_a_promise_holds_for_another_planting(rng, planted, chance):
    """In 90 to 99 % of cases, or more where next to nothing can be found or missed."""
    held = []
    for _ in range(600):
        chances = np.clip(chance + 0.03 * rng.normal(size=(21, 1)), 0, 1)
        found = rng.random((21, planted)) < chances
        low_high = promise(found[:20])
        held.append(low_high.low <= found[20].mean() <= low_high.high)
    assert np.mean(held) >= 0.9
    if planted * min(chance, 1 - chance) > 5:
        assert np.mean(held) <= 0.99


@pytest.mark.slow
def test_what_is_promised_of_planted_data_sets_is_found(rng):
    """Errors are planted in 50 data sets; the promise, made without knowing which, holds what is found of them."""
    held = []
    for number in range(50):
        centres = rng.normal(size=(4, 8))
        truth = rng.integers(0, 4, 200).astype(np.int32)
        rows = ArrayRows((centres[truth] + 0.8 * rng.normal(size=(200, 8))).astype(np.float32))
        folds = (np.arange(200) % 10).astype(np.int16)
        along = np.argsort(((centres[:, None] - centres) ** 2).sum(axis=2), axis=1)[:, 1].astype(np.int32)
        planted = plant(truth, along[truth], np.ones(200, bool), seed=number)
        given, wrong = planted.labellings[1], planted.rows[0]
        judged = judge(rows, folds, given[None], 4)
        predicted = np.where(judged.lead[0] < 0, judged.suggested[0], given).astype(np.int32)
        places, _ = planted_places(rows, folds, given, predicted, 4, seed=100 + number)
        promised = promise(places < 10)
        found = np.mean(rank_of(judged.score[0], np.zeros(200, bool))[wrong] < 10)
        held.append(promised.low <= found <= promised.high)
    assert np.mean(held) >= 0.9


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1])
def test_wrong_labels_are_counted(rng, share):
    """Where the machine errs less the surer it is: the interval holds the truth, and is none where nothing is wrong."""
    lead = rng.exponential(0.4, 8000).astype(np.float32)
    errs = rng.random(8000) < 1 / (1 + np.exp(7 * lead - 0.3))
    wrong = rng.random(8000) < share
    lead = np.where(errs | wrong, -lead, lead)
    total, first = estimate_wrong(lead, lead, rank_of(-lead, np.zeros(8000, bool)))
    assert total.low <= wrong.sum() <= total.high
    assert abs(total.value - wrong.sum()) < 150
    assert first.low <= wrong[np.argsort(lead)[:50]].sum() <= first.high


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_wrong_labels_are_counted_among_the_first(rng, share):
    """From the features on: the interval holds how many of the first 50 are wrong."""
    labels = rng.integers(0, 5, 3000).astype(np.int32)
    rows = ArrayRows((labels[:, None] == np.arange(5)) * 1.4 + rng.normal(size=(3000, 5)).astype(np.float32))
    wrong = rng.random(3000) < share
    given = np.where(wrong, (labels + rng.integers(1, 5, 3000)) % 5, labels).astype(np.int32)
    folds = (np.arange(3000) % 5).astype(np.int16)
    judged = judge(rows, folds, given[None], 5)
    rank = rank_of(judged.score[0], np.zeros(3000, bool))
    first = estimate_wrong(judged.lead[0], judged.margin[0], rank)[1]
    assert first.low <= wrong[rank < 50].sum() <= first.high


def test_the_hit_rate_of_easy_data_is_high_and_of_noise_is_not(store):
    """What was falsified stands first, or anywhere."""
    plan = Plan(n_train=300, n_test=300)
    found = []
    for noise in (0.3, 30.0):
        run = planted_run(
            store, f"noise-{noise:g}", plan=Plan(**{**vars(plan), "noise": noise, "source": f"n{noise:g}"})
        )
        ensure(store, SuspectsStage(), run.stages)
        worth = read_hit_rate(ensure(store, HitRateStage(), keys_of_hit_rate(run.stages)))
        assert worth.low <= worth.found <= worth.high
        assert (worth.flipped, worth.times) == (10, 20)
        found.append(worth.found)
    assert found[0] > 0.9
    assert found[1] < 0.3


def test_the_command_prints_the_worth_and_the_list(store, capsys):
    """As words and as JSON; the head only."""
    planted_run(store)
    place = ["--cache", str(store.root)]
    assert main(["labels", "planted", "--top", "3", *place]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "falsified on purpose" in lines[1]
    assert lines[-4].split() == ["RANK", "ID", "SPLIT", "GIVEN", "SUGGESTED", "SCORE"]
    assert main(["labels", "planted", "--top", "3", "--json", *place]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["rank"] for row in data["suspects"]] == [1, 2, 3]
    assert data["images"] == 140
