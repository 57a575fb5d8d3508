"""Names from data sets, wherever they are shown or written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wording.escaping import csv, html, markdown, plotly, shown
from tests.test_rooms import sources


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("tabby cat", "tabby cat"),
        ("[x](http://e.vil)", r"\[x\]\(http\:\/\/e\.vil\)"),
        ("<img src=x>", r"\<img src\=x\>"),
        ("**bold** $x$ :red[a]", r"\*\*bold\*\* \$x\$ \:red\[a\]"),
        ("# heading\n- list", r"\# heading \- list"),
        ("naïve 猫", "naïve 猫"),
    ],
)
def test_markup_is_escaped_and_words_are_left(name, escaped):
    """Links, tags, formulas, colours and line breaks lose their meaning; letters stay."""
    assert markdown(name) == escaped


@given(st.text())
def test_nothing_is_lost_but_white_space(text):
    """Without the backslashes, and what keeps dashes apart, it is the same text again, in one line."""
    bare = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown(text).replace("\\-\u2060", "\\-"))
    assert bare.replace("\u2060", "") == " ".join(text.split()).replace("\u2060", "")


def test_plotly_gets_what_it_decodes():
    """Markup, formulas and templates lose their meaning; quotes, for which it has no entity, stay."""
    assert plotly('12" <b> & $x$ %{y}') == '12" &lt;b&gt; &amp; &#36;x&#36; &#37;{y}'


def test_html_is_escaped_in_attributes_too():
    """Both kinds of quotes."""
    assert html("\"<b>'&") == "&quot;&lt;b&gt;&#x27;&amp;"


@pytest.mark.parametrize("name", ["=1+1", "-5", "@x", "+1", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_a_spreadsheet_gets_no_formula(name):
    """What begins like one is text there."""
    assert csv(name) == f"'{name}"
    assert csv(f"x{name}") == f"x{name}"


@pytest.mark.parametrize(
    ("name", "as_shown"),
    [
        ("two\nlines", "two lines"),
        ("\u202etfel", "tfel"),
        ("\u2069\u202ex", "x"),
        ("a\x00b\x1b", "ab"),
        ("a\ud800b", "ab"),
        ("\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"),
        ('12" pizza 🦊', '12" pizza 🦊'),
    ],
)
def test_a_name_does_nothing_to_the_words_around_it(name, as_shown):
    """No line breaks, no controls, no half letters, and no other direction of what follows."""
    assert shown(name) == as_shown


def test_there_is_one_room_for_escaping():
    """Nobody else imports `html.escape`, and no page or figure quotes by itself."""
    found = [
        str(path)
        for path in sources(".py", tests=False)
        if re.search(r"^from html import|^import html|html\.escape|xml\.sax", path.read_text(), re.MULTILINE)
    ]
    assert [path.rsplit("/", 2)[-2:] for path in found] == [["wording", "escaping.py"]]
