"""Placing one more image on a map of t-SNE that stays as it is."""

import numpy as np
import pytest

from benchmarks.guests.__main__ import Laid, transformed
from pipeline.projections.tsne import TSNE
from pipeline.tsne.placing import FixedMap, _loss
from tests.pipeline.conftest import clouds


@pytest.fixture(scope="module")
def laid():
    """Six clouds on a map, with what it takes to place more."""
    features = clouds(np.random.default_rng(5), k=6, n=480, d=60, spread=0.5).train
    method = TSNE(perplexity=15)
    points, _ = method.project(features)
    return method, features, points, method.guide(features, points)


def left_out(laid, row):
    """Place an image of the map that the map does not know of."""
    method, _, points, guide = laid
    squared = ((guide["rows"].astype(float) - guide["rows"][row]) ** 2).sum(axis=1)
    squared[row] = np.inf
    fixed = FixedMap(points.astype(float), guide["widths"], float(guide["total"][0]), method.perplexity)
    return fixed.place(squared)


def test_an_image_that_was_left_out_lands_where_it_was(laid):
    """Its place is a minimum of the loss that the map was made by: far nearer than the mean of its neighbours."""
    _, features, points, _ = laid
    width = np.ptp(points, axis=0).max()
    off, mean = [], []
    for row in range(0, 480, 8):
        off.append(np.hypot(*(left_out(laid, row) - points[row])) / width)
        near = np.argsort(((features - features[row]) ** 2).sum(axis=1))[1:26]
        mean.append(np.hypot(*(points[near].mean(axis=0) - points[row])) / width)
    assert np.median(off) < 0.005
    assert np.median(off) < np.median(mean) / 5
    assert np.mean(off) < np.mean(mean)


def test_it_lands_nearer_than_with_opentsne(laid):
    """On the same map, by the same neighbours."""
    method, _, points, guide = laid
    fixed = FixedMap(points.astype(float), guide["widths"], float(guide["total"][0]), method.perplexity)
    known = Laid(points.astype(float), guide["rows"], fixed)
    rows = range(0, 480, 24)
    ours = [np.hypot(*(left_out(laid, row) - points[row])) for row in rows]
    theirs = [np.hypot(*(transformed(known, row) - points[row])) for row in rows]
    assert np.median(ours) < np.median(theirs) / 3
    assert np.quantile(ours, 0.95) < np.quantile(theirs, 0.95)


def test_an_image_of_the_map_lands_on_its_own_place(laid):
    """Within two hundredths of the map's width, though its own point repels it."""
    method, features, points, guide = laid
    placed = method.place(features[::10], features, points, guide)
    off = np.hypot(*(placed - points[::10]).T) / np.ptp(points, axis=0).max()
    assert np.mean(off < 0.02) > 0.95


def test_places_do_not_depend_on_who_else_is_placed(laid, rng):
    """One by one or together, and each time the same, to the last bit."""
    method, features, points, guide = laid
    guests = (features[:9] + rng.normal(size=(9, 60)) * 0.3).astype(np.float32)
    together = method.place(guests, features, points, guide)
    alone = [method.place(guest[np.newaxis], features, points, guide)[0] for guest in guests]
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(together, method.place(guests, features, points, guide))


def test_a_stranger_stays_on_the_map(laid, rng):
    """However far it is: nothing shoots out."""
    method, features, points, guide = laid
    strangers = (rng.normal(size=(20, 60)) * np.logspace(-3, 6, 20)[:, np.newaxis]).astype(np.float32)
    placed = method.place(strangers, features, points, guide)
    reach = np.ptp(points, axis=0).max()
    assert np.isfinite(placed).all()
    assert (np.abs(placed) < reach).all()


def test_the_slope_is_that_of_the_loss(rng):
    """Against finite differences."""
    points, pull = rng.normal(size=(40, 2)) * 5, rng.random(40) * (rng.random(40) < 0.4)
    loss = _loss(points, pull, np.ones(40, bool), 0.3)
    for place in rng.normal(size=(5, 2)) * 3:
        _, slope = loss(place)
        steps = [(loss(place + step)[0] - loss(place - step)[0]) / 2e-5 for step in np.eye(2) * 1e-5]
        np.testing.assert_allclose(slope, steps, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("n", [1, 2, 4, 5])
def test_few_images_have_places_too(rng, n):
    """Where a map is of the first components, so is the place."""
    features = rng.normal(size=(n, 70)).astype(np.float32)
    method = TSNE()
    points, _ = method.project(features)
    guide = method.guide(features, points)
    placed = method.place(features, features, points, guide)
    assert placed.shape == (n, 2)
    assert np.isfinite(placed).all()
    if n < 5:
        np.testing.assert_allclose(placed, points, atol=1e-4 * np.abs(points).max(initial=1))
