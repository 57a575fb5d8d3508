"""Which ES module may import which: the order of the folders of ``dashboard/ui``, enforced."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import pytest

from dashboard.server import ui_bundle

ORDER = (
    {"dom", "data"},
    {"state", "space"},
    {"render", "session"},
    {"legend", "input", "rows"},
    {"filters", "cards", "tools"},
    {"list", "guests"},
    {"map"},
    {"pair"},
)
"""The rooms of the map from the ground up: a module imports from its own folder and from those of lower floors."""

APART = {
    "widgets": {"dom", "data", "space", "render", "session"},
    "curve": {"dom", "data", "render", "session", "widgets"},
    "verdicts": {"dom", "data"},
    "evidence": {"dom", "data"},
    "labels": {"dom", "data", "session", "verdicts", "evidence"},
    "page": set[str](),
    "site": {"dom", "data", "render", "session", "state", "map", "pair", "widgets", "curve"},
}
"""Rooms beside the map, and what they may import."""

FLOOR = {folder: floor for floor, folders in enumerate(ORDER) for folder in folders}
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)  # types, for example
_IMPORT = re.compile(r'\b(?:from|import)\s*\(?\s*"(\.{1,2}/[\w./]+)"')


def imports_of(path: str, source: str) -> Iterator[str]:
    """Find every module that a module imports, at once or later; what comments import are types."""
    for name in _IMPORT.findall(_COMMENT.sub("", source)):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def may_import(importer: str, imported: str) -> bool:
    """Tell whether a module of one folder may import one of another."""
    if importer == imported:
        return True
    if importer in APART:
        return imported in APART[importer]
    return FLOOR.get(imported, len(ORDER)) < FLOOR[importer]


def modules() -> dict[str, str]:
    """Read every module of the front end."""
    files = ui_bundle.contents().items()
    return {path: content.decode() for path, content in files if path.endswith(".js")}


def test_every_folder_has_its_floor():
    """A new folder must be put somewhere in the order."""
    assert {path.partition("/")[0] for path in modules()} <= FLOOR.keys() | APART.keys()


def test_modules_import_from_lower_floors_only():
    """No arrow goes up, not even of a part that is fetched late."""
    wrong = [
        f"{path} imports {name}"
        for path, source in modules().items()
        for name in imports_of(path, source)
        if not may_import(path.partition("/")[0], name.partition("/")[0])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('import { a } from "../map/a.js";', ["map/a.js"]),
        ('import {\n  a,\n} from "./a.js";', ["tools/a.js"]),
        ('const late = () => import("../pair/late.js");', ["pair/late.js"]),
        ('export { a } from "../dom/a.js";', ["dom/a.js"]),
        ('/** @typedef {import("../map/a.js").A} A */', []),
        ('/**\n * @param {import("../map/a.js").A} a\n */', []),
        ('// see import("../map/a.js")', []),
    ],
)
def test_imports_are_found(line, found):
    """The guard sees what a browser would load, and nothing else."""
    assert list(imports_of("tools/b.js", line)) == found


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("map", "dom", True),
        ("dom", "map", False),
        ("cards", "filters", False),
        ("widgets", "map", False),
        ("map", "page", False),
    ],
)
def test_the_guard_tells_up_from_down(importer, imported, allowed):
    """Rooms of one floor do not know each other; rooms apart are known to nobody."""
    assert may_import(importer, imported) is allowed
