"""What a page of a site is made of: nodes, which ``dashboard/ui/site/`` draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from dashboard.page.context import ViewContext
from dashboard.page.view_state import DEFAULT_PAGE
from dashboard.wording.escaping import html as escaped
from dashboard.wording.html import told

Node = Mapping[str, Any]
"""A part of a page, as JSON: ``is`` names its kind."""


def file_of(page: str) -> str:
    """Name the file of a page."""
    return "index.html" if page == DEFAULT_PAGE else f"{page}.html"


def address(page: str, query: Mapping[str, str]) -> str:
    """Give the address of a page of the site, relative to all others."""
    return f"{file_of(page)}?{urlencode(query)}" if query else file_of(page)


def linked(context: ViewContext, label: str, page: str, **changes: Any) -> str:
    """Write a link to a page, as HTML; it keeps the run, C and filters.

    Parameters
    ----------
    context : ViewContext
        The view that it starts from.
    label : str
        Its text, safe as HTML.
    page : str
        The page's path, for example ``"errors"``.
    **changes
        Attributes of `ViewState` to change on the way.
    """
    query = context.view.changed(**changes).to_query()
    return f'<a class="lb-go" href="{escaped(address(page, query))}">{label}</a>'


def html(*parts: str) -> Node:
    """Put HTML there, whose names are escaped."""
    return {"is": "html", "html": "".join(parts)}


def heading(title: str, lead: str) -> Node:
    """Begin a page: its title, and what it is about, as HTML."""
    return html(f'<h1>{title}</h1><p class="lb-lead">{lead}</p>')


def paragraph(*sentences: str, style: str = "") -> Node:
    """Put sentences of Markdown there."""
    style = f' class="{style}"' if style else ""
    return html(f"<p{style}>{told(' '.join(filter(None, sentences)))}</p>")


def table(rows: Iterable[Sequence[str]], titles: Sequence[str] = ()) -> Node:
    """Write a table of texts, whose first column names its rows."""
    head = "".join(f'<th scope="col">{escaped(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row">{escaped(first)}</th>{"".join(f"<td>{escaped(text)}</td>" for text in rest)}</tr>'
        for first, *rest in rows
    )
    return html(f'<div class="lb-scroll"><table class="lb-plain"><tr>{head}</tr>{body}</table></div>')


def columns(kind: str, *sides: Sequence[Node]) -> Node:
    """Put nodes beside each other, as ``dashboard/site/site.css`` says of the kind; on a phone below each other."""
    return {"is": "columns", "kind": kind, "of": [list(side) for side in sides]}


def part(
    name: str, data: Mapping[str, Any], goes: Mapping[str, Node] | None = None, chosen: Sequence[str] = ()
) -> Node:
    """Mount a component of ``dashboard/ui``.

    Parameters
    ----------
    name : str
        One of `dashboard.components.widget.HTML`, or ``curve`` or ``pair``.
    data : mapping
        What it is told, as in the app.
    goes : mapping of str to Node, optional
        Where each of its events leads; see `goes_to`.
    chosen : sequence of str, optional
        The parameters of the address that say which of its choices is the chosen one.
    """
    return {"is": "part", "name": name, "data": data, "goes": dict(goes or {}), "chosen": list(chosen)}


def goes_to(
    page: str,
    query: Mapping[str, str],
    *,
    drops: Sequence[str] = (),
    values: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Node:
    """Say where an event leads.

    Parameters
    ----------
    page : str
        The page's path.
    query : mapping of str to str
        Parameters to set; ``$`` stands for what the event says, ``$0`` and ``$1`` for its two parts, which are labels.
        What it does not say is taken out.
    drops : sequence of str
        Parameters to take out.
    values : mapping of str to mapping of str to str
        More parameters to set, by what the event says.
    """
    values = {name: dict(more) for name, more in values.items()}
    return {"file": file_of(page), "query": dict(query), "drops": list(drops), "values": values}


def words(by: Sequence[str], texts: Mapping[str, str], otherwise: str = "") -> Node:
    """Say a sentence for what the address says.

    Parameters
    ----------
    by : sequence of str
        Its parameters.
    texts : mapping of str to str
        HTML for each of their values, joined by ``|``.
    otherwise : str
        HTML for all others.
    """
    return {"is": "words", "by": list(by), "texts": dict(texts), "otherwise": otherwise}


def window(data: Mapping[str, Any]) -> Node:
    """Give a map the window; it is told what it is told in the app."""
    return {"is": "map", "data": data, "window": True, "start": {}, "always": {}}


def images(
    data: Mapping[str, Any], start: Mapping[str, str], always: Mapping[str, str] = MappingProxyType({})
) -> Node:
    """List the images that pass the filters of the address, beside what is chosen, with their map in small.

    Parameters
    ----------
    data : mapping
        What the map is told.
    start : mapping of str to str
        What the address says where it says nothing of which images they are.
    always : mapping of str to str
        What it says where it says nothing of the same parameter.
    """
    return {"is": "map", "data": data, "window": False, "start": dict(start), "always": dict(always)}
