"""The list that a drawer walks through."""

import numpy as np

from dashboard.images.drawer import place_in


def test_the_first_list_that_has_the_image_is_walked():
    """Its place there, from 0; none where no list has it."""
    first, second = np.array([4, 8, 2]), [9, 8, 7]
    place, rows = place_in(8, [first, second])
    assert (place, rows is first) == (1, True)
    assert place_in(7, [first, second]) == (2, second)
    assert place_in(5, [first, second, []]) is None
