"""Sentences of the pages lose their markup, and no word of theirs."""

from dashboard.report.text import LONGEST, plain, printable, short, words_of
from dashboard.wording.escaping import html, shown
from dashboard.wording.terms import term
from tests.hostile_names import NAMES


def test_names_in_bold_stay_so():
    """A sentence is words, some of which stand out."""
    assert words_of("<b>cat</b> and <b>dog</b>: 3 of 4.") == (
        ("cat", True), (" and ", False), ("dog", True), (": 3 of 4.", False)
    )  # fmt: skip


def test_what_explains_a_term_is_left_out():
    """Paper cannot be pressed: the word stays, its meaning and the link go."""
    said = words_of(f"their {term('margin')} is below <b>-1</b>.")
    assert "".join(text for text, _ in said) == "their margin is below -1."
    assert said[-2] == ("-1", True)


def test_any_name_comes_through():
    """What HTML escapes is a name again; one that is too long is cut."""
    for name in NAMES:
        ((said, bold),) = words_of(f"<b>{html(name)}</b>")
        assert bold
        assert said == short(name)
        assert len(said) <= LONGEST


def test_a_name_from_right_to_left_ends_where_it_ends():
    """However long it is: what follows runs from left to right."""
    name = shown("مرحبا " * 20)
    assert short(name).endswith("…\u2069")
    assert len(short(name)) <= LONGEST


def test_what_cannot_be_printed_is_marked():
    """Bytes of a path that are no letters, controls, marks that turn a line round."""
    assert printable("a\udce4b\x01c\u202ed 猫") == "a\ufffdb\ufffdc\ufffdd 猫"


def test_nothing_is_no_words():
    """So that no empty paragraph is written."""
    assert plain("") == ()
    assert plain("one") == (("one", False),)
