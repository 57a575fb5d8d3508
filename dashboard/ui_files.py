"""The components' front end: the files of ``dashboard/ui/`` as they were when the process first read them."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "ui"
SERVED = (".js", ".css")
_IMPORT = re.compile(rb'\bfrom "\./([a-z_]+\.js)"')


@functools.cache
def contents() -> Mapping[str, bytes]:
    """Give the name and content of every module and style sheet."""
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in SERVED)
    return MappingProxyType({path.name: path.read_bytes() for path in files})


@functools.cache
def text(name: str) -> str:
    """Read a fragment of HTML or CSS that is sent with its component."""
    return (FOLDER / name).read_text(encoding="utf-8")


@functools.cache
def styles(component: str) -> str:
    """Join a component's style sheets: ``<component>.css`` first, then ``<component>_<part>.css``."""
    sheet = re.compile(rf"{component}(_[a-z_]+)?\.css")
    return "\n".join(text(name) for name in contents() if sheet.fullmatch(name))


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
        imports = (match.decode() for match in _IMPORT.findall(contents()[name]))
        found += [name for name in dict.fromkeys(imports) if name not in found]
    return tuple(found)
