"""A number before what it counts: one, several, and nowhere written by hand."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from cache.counting import counted

PROJECT = Path(__file__).parents[2]
NOUNS = "images|pairs|classes|runs|points|folds|parts|results|artefacts|machines|neighbours|fits|matches"
BY_HAND = re.compile(rf"\}} (?!if )(?:\w+ )?({NOUNS})\b")
NEVER_ONE = (
    "MOST_",
    "MAX_",
    "{2 * k}",
    "{CLASSES:,}",
    "{k} neighbours",
    "{folds} training images",
    "{largest:,}",
    "points(",
    "{EXAMPLES}",
    "{ways}",
    "for images of the shape",
    "most_images:,}",
    "table.path.name} fits",
    "{interval(low, high, thousands)}",
    "{fixed(",
)
"""Numbers that are never one, or are no counts: "+1.00 points"."""
COMMENT = ("*", "/**", "//")


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "0 images"), (1, "1 image"), (np.int64(1), "1 image"), (2, "2 images"), (10_000, "10,000 images")],
)
def test_one_is_one_and_all_else_is_several(n, words):
    """Zero is several, and a numpy integer is a number."""
    assert counted(n, "image") == words


def test_a_word_may_have_a_plural_of_its_own():
    """Class, classes."""
    assert counted(1, "pair of classes", "pairs of classes") == "1 pair of classes"
    assert counted(45, "pair of classes", "pairs of classes") == "45 pairs of classes"


def test_no_number_is_put_before_a_plural_by_hand():
    """Every number in a sentence goes through one function, in Python and in the browser: no "over 1 pairs"."""
    files = [path for part in ("cache", "pipeline", "dashboard") for path in (PROJECT / part).rglob("*.py")]
    files += (PROJECT / "dashboard" / "ui").rglob("*.js")
    lines = [(path, line.strip()) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    found = [
        f"{path.relative_to(PROJECT)}: {line}"
        for path, line in lines
        if BY_HAND.search(line)
        and not line.startswith(COMMENT)
        and not any(word in line for word in NEVER_ONE)
    ]
    assert not found, "\n".join(found)
