"""Machines of pairs, kept for all sessions."""

import numpy as np
import pytest

from dashboard.why.supports import KeptSupports
from pipeline.api import PairSupport


def support(n):
    """Give a machine of n support vectors."""
    return PairSupport(np.arange(n, dtype=np.int32), np.ones(n, np.float32), 0.0)


def test_what_is_kept_has_an_end():
    """The one asked for least lately goes first, and what is left fits."""
    kept = KeptSupports(most_bytes=3000)
    for name in "abc":
        kept.put(name, support(100))
    assert kept.get("a")[0]
    kept.put("d", support(100))
    assert [kept.get(name)[0] for name in "abcd"] == [True, False, True, True]
    assert kept.nbytes <= 3000


def test_a_machine_that_cannot_be_is_known_to_be_none():
    """It is not asked for again."""
    kept = KeptSupports()
    kept.put("pair", None)
    assert kept.get("pair") == (True, None)
    assert kept.get("other") == (False, None)


@pytest.mark.parametrize("n", [1, 7])
def test_one_that_is_larger_than_all_is_kept_alone(n):
    """Better than none: its page needs it."""
    kept = KeptSupports(most_bytes=10)
    kept.put("a", support(n))
    kept.put("b", support(n))
    assert [kept.get(name)[0] for name in "ab"] == [False, True]
