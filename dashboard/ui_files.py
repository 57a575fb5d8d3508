"""The components' front end: the files of ``dashboard/ui/`` as they were when the process first read them."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "ui"
SERVED = (".js", ".css")
_IMPORT = re.compile(rb'\bfrom "\./([a-z_]+\.js)"')


@functools.cache
def contents() -> Mapping[str, bytes]:
    """Give the name and content of every module and style sheet, and of a module for each page of markup."""
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in SERVED}
    files |= {f"{page.stem}_shell.js": _shell(page.stem) for page in FOLDER.glob("*.html")}
    return MappingProxyType(dict(sorted(files.items())))


def _shell(component: str) -> bytes:
    """Write a component's markup and style as a module: what a browser keeps need not travel with every script run."""
    parts = {"markup": text(f"{component}.html"), "style": styles(component)}
    return "".join(f"export const {name} = {json.dumps(part)};\n" for name, part in parts.items()).encode()


@functools.cache
def text(name: str) -> str:
    """Read a fragment of HTML or CSS that is sent with its component."""
    return (FOLDER / name).read_text(encoding="utf-8")


@functools.cache
def styles(component: str) -> str:
    """Join a component's style sheets: ``<component>.css`` first, then ``<component>_<part>.css``."""
    sheet = re.compile(rf"{component}(_[a-z_]+)?\.css")
    names = sorted(path.name for path in FOLDER.glob("*.css"))
    return "\n".join(text(name) for name in names if sheet.fullmatch(name))


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


def loader(entry: str) -> str:
    """Write the code that mounts a component; its modules' folder is named by their content, so versions never mix.

    Parameters
    ----------
    entry : str
        Name of the module whose default export mounts the component.
    """
    return (
        f'const module = await import(new URL("lazybones/ui/{version()}/{entry}", document.baseURI));\n'
        "export default (mount) => module.default(mount);\n"
    )
