"""The curve of accuracy against C: what it draws, and what a click on it gives."""

import numpy as np
import pytest

from dashboard.figures.path import BEST, IN_USE, LEGEND, OWN, TEST, TRAINING, VALIDATED, accuracy_figure
from dashboard.figures.theme import DARK, LIGHT
from dashboard.statistics.accuracy_path import AccuracyPath
from dashboard.statistics.cross_validation import cross_validation

C = np.array([0.01, 0.1, 0.3, 1.0])
PATH = AccuracyPath(
    C,
    np.array([0.7, 0.8, 0.79, 0.75]),
    np.array([0.75, 0.9, 0.95, 1.0]),
    np.array([False, False, True, False]),
)
FOLDS = cross_validation(C, np.array([[0.7, 0.72], [0.78, 0.8], [0.77, 0.83], [0.7, 0.7]]))


def draw(**more):
    """Draw the curve with C = 0.3 in use, in a run of C = 0.1."""
    figure = accuracy_figure(PATH, LIGHT, **({"chosen_C": 0.3, "own_C": 0.1, "validation": FOLDS} | more))
    return figure, {trace.name: trace for trace in figure.data}


def test_curves_hold_the_accuracies_they_were_given():
    """Test, training and cross-validated accuracy stand over their C."""
    _, traces = draw()
    for name, accuracy in ((TEST, PATH.test), (TRAINING, PATH.train), (VALIDATED, FOLDS.mean)):
        assert np.array_equal(traces[name].x, C)
        assert np.array_equal(traces[name].y, accuracy)


def test_lines_may_be_called_otherwise():
    """In the legend, and under the pointer."""
    _, traces = draw(called={TEST: "out of fold"})
    assert TEST not in traces
    assert "out of fold" in traces["out of fold"].text[0]


def test_every_point_of_every_curve_gives_its_C():
    """What a click reports is the exact C, not a rounded label."""
    _, traces = draw()
    for name in (TEST, TRAINING, VALIDATED):
        assert list(traces[name].customdata) == list(C)


def test_marks_stand_where_they_should():
    """A ring on the C in use, a triangle at the run's own, a star on the best mean."""
    figure, traces = draw()
    assert (list(traces[IN_USE].x), list(traces[IN_USE].y)) == ([0.3], [0.79])
    assert list(traces[OWN].x) == [0.1]
    assert (list(traces[BEST].x), list(traces[BEST].y)) == ([FOLDS.best_C], [FOLDS.mean.max()])
    assert figure.layout.shapes[0].x0 == 0.3


def test_band_is_one_standard_error_wide():
    """The band runs along the mean plus its error, and back along the mean minus it."""
    figure, _ = draw()
    (band,) = [trace for trace in figure.data if trace.fill]
    upper, lower = np.split(np.array(band.y), 2)
    assert np.allclose(upper, FOLDS.mean + FOLDS.standard_error)
    assert np.allclose(lower[::-1], FOLDS.mean - FOLDS.standard_error)


def test_live_fits_look_different():
    """A point that was fitted live is an open diamond, the others are dots."""
    _, traces = draw()
    assert list(traces[TEST].marker.symbol) == ["circle", "circle", "diamond-open", "circle"]
    assert ["live" in text for text in traces[TEST].text] == [False, False, True, False]


def test_curves_differ_without_their_colours():
    """Somebody who sees no colours tells the three curves apart by their dashes."""
    _, traces = draw()
    assert len({traces[name].line.dash for name in (TEST, TRAINING, VALIDATED)}) == 3


def test_run_without_validation_has_two_curves():
    """Without a validation stage there is neither band nor star."""
    figure, traces = draw(validation=None)
    assert set(traces) == {TEST, TRAINING, IN_USE, OWN}
    assert not [trace for trace in figure.data if trace.fill]


def test_legend_is_in_order():
    """Names in the legend are in the order of their importance, each once."""
    figure, _ = draw()
    named = sorted(
        (trace for trace in figure.data if trace.showlegend is not False), key=lambda t: t.legendrank
    )
    assert tuple(trace.name for trace in named) == LEGEND


def test_everything_drawn_fits_the_axis():
    """The lowest and the highest accuracy are inside the plot."""
    figure, _ = draw()
    low, high = figure.layout.yaxis.range
    assert low < min(PATH.test.min(), (FOLDS.mean - FOLDS.standard_error).min())
    assert high > PATH.train.max()


def test_path_of_one_point_can_be_drawn():
    """A run with a single C, right on everything, has an axis of some height."""
    one = AccuracyPath(np.array([0.1]), np.array([1.0]), np.array([1.0]), np.array([False]))
    low, high = accuracy_figure(one, DARK, chosen_C=0.1, own_C=0.1).layout.yaxis.range
    assert low < 1.0 < high


def test_C_in_use_off_the_curve_has_no_ring():
    """A classifier that is not among the points is still marked by the line."""
    figure, traces = draw(chosen_C=0.5)
    assert len(traces[IN_USE].x) == 0
    assert figure.layout.shapes[0].x0 == pytest.approx(0.5)
