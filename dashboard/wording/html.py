"""Terms and what is said of them, and sentences of the pages, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType

from markdown_it import MarkdownIt

from dashboard.wording.escaping import html
from dashboard.wording.terms import term

_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "escape"])
"""What sentences of the pages use of Markdown; nothing in a name can be more than text."""


def generator() -> str:
    """Name what writes a file, with its version; a checkout that is not installed has none."""
    try:
        return f"Lazybones {version('lazybones')}"
    except ModuleNotFoundError:
        return "Lazybones"


def told(markdown: str) -> str:
    """Turn a sentence of Markdown, as the app's pages have it, into HTML."""
    return str(_MARKDOWN.renderInline(markdown))


def definitions(
    rows: Iterable[Sequence[str]], style: str = "", explained: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Write a list of definitions; every text is escaped.

    Parameters
    ----------
    rows : iterable of sequences of str
        A term, and one text or more about it.
    style : str
        Class of the list in ``dashboard/styles/page.css``.
    explained : mapping of str to str
        Which terms explain themselves: as which of `dashboard.wording.terms`.
    """
    body = "".join(
        f"<div><dt>{term(explained[name], name) if name in explained else html(name)}</dt>"
        f"{''.join(f'<dd>{html(text)}</dd>' for text in texts)}</div>"
        for name, *texts in rows
    )
    return f'<dl class="{style}">{body}</dl>' if style else f"<dl>{body}</dl>"


def stat_cards(cards: Iterable[tuple[str, str, str]]) -> str:
    """Write a card for each number: what it is, the number, and a remark."""
    return definitions(cards, "lb-cards")
