"""Names of classes that people may take for one."""

from pipeline.inputs.names import names_alike
from tests.hostile_names import NAMES


def test_case_spaces_and_punctuation_do_not_tell_names_apart():
    """Nor does how a character is encoded."""
    names = (
        "Fire truck",
        "cat",
        "fire-truck",
        "CAT ",
        "fire_truck",
        "straße",
        "STRASSE",
        "ﬁsh",
        "fish",
        "dog",
    )
    assert names_alike(names) == [(0, 2, 4), (1, 3), (5, 6), (7, 8)]


def test_signs_numbers_and_accents_tell_names_apart():
    """They mean something."""
    assert (
        names_alike(("C", "C++", "1.0", "10", "-1", "1", "résumé", "resume", "", "?", "!", "女", "男")) == []
    )


def test_hostile_names_are_different_names():
    """Whatever is in them; a name is alike its own copy with another space."""
    assert names_alike(NAMES) == []
    assert names_alike((*NAMES, f" {NAMES[0]}")) == [(0, len(NAMES))]
