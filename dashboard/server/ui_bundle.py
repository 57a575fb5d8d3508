"""The components' front end: the files of ``dashboard/ui/`` as they were when the process first read them."""

from __future__ import annotations

import functools
import hashlib
import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parents[1] / "ui"
SERVED = (".js", ".css")
SHEETS = {
    "map": (
        *("map/map.css", "cards/card.css", "tools/export.css", "filters/filters.css", "legend/legend.css"),
        *("list/list.css", "tools/minimap.css", "list/panel.css", "cards/pins.css", "list/sums.css"),
        *("guests/guests.css", "tools/toolbar.css", "tools/window.css"),
    ),
    "pair": ("pair/pair.css",),
    "curve": ("curve/curve.css",),
    "labels": ("labels/labels.css",),
}
"""The style sheets of each component with markup of its own, in the order in which they apply."""

SHARED = {"class_table": ("tables/table.css",), "history_table": ("tables/table.css",)}
"""The style sheets that widgets share, each before the widget's own."""

_DOCUMENTATION = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(rb'\bfrom "(\.{1,2}/[a-z_./]+\.js)"')


@functools.cache
def contents() -> Mapping[str, bytes]:
    """Give the path and content of every module and style sheet, and of a module for each component's markup."""
    found = (path for path in FOLDER.rglob("*") if path.suffix in SERVED)
    files = {path.relative_to(FOLDER).as_posix(): _undocumented(path) for path in found}
    files |= {f"{name}/{name}_shell.js": _shell(name, sheets) for name, sheets in SHEETS.items()}
    return MappingProxyType(dict(sorted(files.items())))


def _undocumented(path: Path) -> bytes:
    """Read a module without comments that have lines of their own, a third of its bytes; lines keep their numbers."""
    return _DOCUMENTATION.sub(lambda comment: b"\n" * comment[0].count(b"\n"), path.read_bytes())


def _shell(component: str, sheets: Sequence[str]) -> bytes:
    """Write a component's markup and style as a module: what a browser keeps need not travel with every script run."""
    style = "\n".join(map(_text, sheets))
    parts = {"markup": _text(f"{component}/{component}.html"), "style": style}
    return "".join(f"export const {name} = {json.dumps(part)};\n" for name, part in parts.items()).encode()


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def style(widget: str) -> str:
    """Join the style sheets of a component of ``widgets/``."""
    sheets = (*SHARED.get(widget, ()), f"widgets/{widget}.css")
    return "".join(contents()[sheet].decode() for sheet in sheets)


@functools.cache
def version() -> str:
    """Give 12 hex digits that change with any file: modules import each other, so they change together."""
    state = hashlib.sha256()
    for name, content in contents().items():
        state.update(f"{name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:12]


@functools.cache
def modules(entry: str) -> tuple[str, ...]:
    """List a module and all that it imports, directly or not, nearest first.

    Only what is needed at once: a part that is fetched later, by ``import("./part.js")``, is not among them.
    """
    found = [entry]
    for name in found:  # grows meanwhile
        folder = posixpath.dirname(name)
        imports = (posixpath.join(folder, match.decode()) for match in _IMPORT.findall(contents()[name]))
        found += [path for path in dict.fromkeys(map(posixpath.normpath, imports)) if path not in found]
    return tuple(found)


def loader(entry: str) -> str:
    """Write the code that mounts a component; its modules' folder is named by their content, so versions never mix.

    Parameters
    ----------
    entry : str
        Path of the module whose default export mounts the component.
    """
    return (
        f'const module = await import(new URL("lazybones/ui/{version()}/{entry}", document.baseURI));\n'
        "export default (mount) => module.default(mount);\n"
    )
