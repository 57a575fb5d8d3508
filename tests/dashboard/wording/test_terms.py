"""Terms that explain themselves."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wording.terms import TERMS, term


class _Read(HTMLParser):
    """Collect tags with their attributes, and what stands in the word."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.word, self.inside = [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "dfn"

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.word += data if self.inside else ""


@pytest.mark.parametrize("name", TERMS)
def test_every_term_has_one_sentence_and_a_link_and_takes_the_focus(name):
    """The sentence is said to screen readers, too; the link goes to a page of its own."""
    meaning, read = TERMS[name], _Read(term(name))
    assert meaning.sentence.endswith(".")
    assert ". " not in meaning.sentence
    links = [told for tag, told in read.tags if tag == "a"]
    assert [(link["href"], link["target"]) for link in links] == [(meaning.link, "_blank")]
    assert meaning.link.startswith("https://")
    (word,) = (told for tag, told in read.tags if tag == "dfn")
    assert (word["tabindex"], word["aria-description"]) == ("0", meaning.sentence)
    assert read.word == name


@given(st.text(min_size=1).filter(lambda text: "\r" not in text and "\0" not in text))
def test_any_text_stands_as_it_is_and_adds_no_tags(text):
    """What a sentence calls the term is escaped."""
    read = _Read(term("margin", text))
    assert read.word == text
    assert [tag for tag, _ in read.tags] == ["span", "dfn", "span", "a"]


def test_a_term_that_nobody_explained_is_refused():
    """A sentence cannot promise an explanation that is not there."""
    with pytest.raises(ValueError, match=r"term must be one of margin, .* Got 'entropy'"):
        term("entropy")
