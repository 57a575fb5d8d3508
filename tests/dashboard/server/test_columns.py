"""The bytes that the browser reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.server.columns import (
    NO_MARGIN,
    STEPS,
    digest,
    encode_columns,
    encode_labels,
    encode_points,
    margin_range,
    quantise_margin,
    quantise_positions,
)

FINITE = st.floats(-1e6, 1e6, width=32)
ANY_MARGIN = st.floats(-1e3, 1e3, width=32) | st.just(np.nan) | st.just(np.inf)


@given(arrays(np.float32, st.tuples(st.integers(1, 40), st.just(2)), elements=FINITE))
def test_positions_keep_their_shape(positions):
    """Quantised positions are the projection, scaled alike on both axes, to half a step."""
    got = quantise_positions(positions).astype(np.float64)
    exact = positions.astype(np.float64)
    extent = max(float(np.ptp(exact, axis=0).max()), 0.0)
    scale = 65_535 / extent if extent else 0.0
    expected = (exact - (exact.min(axis=0) + exact.max(axis=0)) / 2) * scale + 65_535 / 2
    assert np.abs(got - expected).max() <= 0.5 + 1e-6


def test_the_longer_axis_spans_the_whole_range():
    """The map uses all 65,536 positions of its longer axis, and the other axis is centred."""
    positions = quantise_positions(np.array([[0, 0], [4, 1], [2, 0.5]]))
    assert positions[:, 0].tolist() == [0, 65_535, 32_768]
    assert positions[:, 1].min() + positions[:, 1].max() == 65_535


@pytest.mark.parametrize("n", [1, 5])
def test_points_in_one_place_lie_in_the_middle(n):
    """One point, or all in one place: no division by zero."""
    assert np.all(quantise_positions(np.full((n, 2), 3.25)) == 32_768)


def test_no_points_give_no_bytes():
    """An empty split is encoded as nothing."""
    assert encode_points(np.zeros((0, 2)), np.zeros(0, dtype=np.int16), 3) == b""


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_positions_that_are_not_finite_are_refused(bad):
    """A projection that did not converge must not be drawn as if it had."""
    with pytest.raises(ValueError, match="finite"):
        quantise_positions(np.array([[0, 0], [bad, 1]]))


@given(arrays(np.float32, st.integers(1, 60), elements=ANY_MARGIN))
def test_margins_come_back_to_half_a_step(margin):
    """What the browser computes from a step is the margin; what is not finite stays none."""
    low, high = margin_range(margin)
    steps = quantise_margin(margin, low, high)
    known = np.isfinite(margin)
    back = low + steps[known].astype(np.float64) / STEPS * (high - low)
    assert np.all(steps[~known] == NO_MARGIN)
    assert np.all(steps[known] <= STEPS)
    assert np.abs(back - margin[known]).max(initial=0) <= (high - low) / STEPS / 2 + 1e-9


def test_margins_without_a_number_have_an_empty_range():
    """All NaN: a range of nothing, and no warning turned error."""
    assert margin_range(np.full(3, np.nan)) == (0.0, 0.0)


def test_one_range_covers_several_margins():
    """The lowest and highest of all of them; a column without a number adds nothing."""
    assert margin_range(np.array([1.0, 2.0]), np.array([np.nan, -3.0]), np.full(1, np.inf)) == (-3.0, 2.0)


@pytest.mark.parametrize(("n_classes", "width"), [(2, 1), (255, 1), (256, 2), (1000, 2)])
def test_labels_take_two_bytes_over_255_classes(n_classes, width):
    """The highest value of either width means "none", so 255 classes are the most for a byte."""
    labels = np.array([0, n_classes - 1, -1])
    got = np.frombuffer(encode_labels(labels, n_classes), dtype=f"<u{width}")
    assert got.tolist() == [0, n_classes - 1, 256**width - 1]


def test_a_label_beyond_the_classes_is_refused():
    """A damaged label must not come out as another class."""
    with pytest.raises(ValueError, match="below 3"):
        encode_labels(np.array([0, 3]), 3)


def test_points_lie_column_after_column(rng):
    """x, y, label: the offsets that columns.js reads."""
    positions, labels = rng.normal(size=(7, 2)), rng.integers(0, 4, 7)
    data = encode_points(positions, labels, 4)
    assert len(data) == 7 * 5
    quantised = quantise_positions(positions)
    assert np.array_equal(np.frombuffer(data, "<u2", 7), quantised[:, 0])
    assert np.array_equal(np.frombuffer(data, "<u2", 7, 14), quantised[:, 1])
    assert np.array_equal(np.frombuffer(data, "u1", 7, 28), labels)


def test_columns_lie_one_after_the_other(rng):
    """predicted, runner-up, margin, difference: the offsets that columns.js reads."""
    predicted, runner_up = rng.integers(0, 300, (2, 5))
    margin, ahead = rng.normal(size=(2, 5)).astype(np.float32)
    data = encode_columns(predicted, runner_up, margin, ahead, 300)
    assert len(data) == 5 * 8
    assert np.array_equal(np.frombuffer(data, "<u2", 5), predicted)
    assert np.array_equal(np.frombuffer(data, "<u2", 5, 10), runner_up)
    steps = np.frombuffer(data, "<u2", 5, 20)
    assert np.array_equal(steps, quantise_margin(margin, *margin_range(margin, ahead)))
    back = steps + np.frombuffer(data, "<u2", 5, 30)  # wraps round, as in the browser
    assert np.array_equal(back, quantise_margin(ahead, *margin_range(margin, ahead)))


@given(arrays(np.float32, st.integers(1, 60), elements=ANY_MARGIN))
def test_a_runner_up_margin_that_says_nothing_new_is_zero(margin):
    """Where the prediction is right both margins are one: those bytes are all zero, and compress to nothing."""
    n = len(margin)
    data = encode_columns(np.zeros(n, int), np.zeros(n, int), margin, margin, 3)
    assert data[-2 * n :] == bytes(2 * n)


def test_columns_of_different_lengths_are_refused():
    """Arrays that do not belong together are not sent."""
    with pytest.raises(ValueError, match=r"one length\. Got 2, 3, 2, 2"):
        encode_columns(np.zeros(2, int), np.zeros(3, int), np.zeros(2), np.zeros(2), 4)
    with pytest.raises(ValueError, match="shape"):
        encode_points(np.zeros((2, 2)), np.zeros(3, int), 4)


def test_a_digest_tells_its_parts_apart():
    """Twelve hex digits; order and boundaries of the parts count."""
    digests = {digest("ab", "c"), digest("a", "bc"), digest("c", "ab"), digest("abc")}
    assert len(digests) == 4
    assert all(len(text) == 12 and int(text, 16) >= 0 for text in digests)
