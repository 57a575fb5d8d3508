"""No row of a grid ends with a tile alone."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALL = """({ columnsOf }, [tiles, fit]) =>
  Array.from({ length: tiles }, (_, n) => Array.from({ length: fit }, (_, most) => columnsOf(n + 1, most + 1)))"""


def test_last_rows_are_at_least_half_full_where_that_can_be(run):
    """By trying them all: the most columns that do, of those that fit or a few less; one row is left as it is."""
    tiles, fit = 130, 13
    found = run(ALL, "widgets/grid_columns", [tiles, fit])
    for n in range(1, tiles + 1):
        for most in range(1, fit + 1):
            few = [columns for columns in range(most, 0, -1) if 10 * columns >= 6 * most and n > most]
            good = [columns for columns in few if 2 * (n % columns or columns) >= columns]
            assert found[n - 1][most - 1] == (good[0] if good else most), (n, most)
    assert [found[n - 1][7 - 1] for n in (5, 48, 22, 50)] == [7, 7, 6, 5]
