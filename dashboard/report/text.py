"""Sentences of the pages, which are HTML, as plain words of which some stand out."""

from __future__ import annotations

from html.parser import HTMLParser

from dashboard.report.model import Words

LONGEST = 36
"""Letters of a name: paper has no room for more, and nothing to press that shows them."""


def words_of(html: str) -> Words:
    """Take the words out of HTML that a page shows: names in bold stay so, and what explains a term is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.found)


def plain(text: str) -> Words:
    """Give a text in which nothing stands out; no words for none."""
    return ((text, False),) if text else ()


def printable(text: str) -> str:
    """Put a mark in the place of what cannot be printed: bytes of a path that are no letters, and what acts on text."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def short(name: str, longest: int = LONGEST) -> str:
    """Cut a name that is too long for its place; one from right to left stays isolated from what is around it."""
    if len(name) <= longest:
        return name
    end = "…\u2069" if name.endswith("\u2069") else "…"
    return f"{name[: longest - len(end)].rstrip()}{end}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._bold = 0
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out or ("class", "lb-meaning") in attrs:
            self._left_out += 1
        self._bold += tag in ("b", "strong")

    def handle_endtag(self, tag: str) -> None:
        self._left_out = max(self._left_out - 1, 0)
        self._bold -= tag in ("b", "strong")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            bold = self._bold > 0
            self.found.append((short(data) if bold else data, bold))
