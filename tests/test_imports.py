"""Who may import whom, the table in ``docs/architecture.md``, enforced; and that what a host installs is pinned."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
HEAVY = {"tensorflow", "sklearn", "skimage", "openTSNE"}
PURE = ("dashboard.figures", "dashboard.wording", "dashboard.statistics")
CACHE_MAY = {*sys.stdlib_module_names, "numpy", "platformdirs", "cache"}


@dataclass(frozen=True)
class Import:
    """One imported module, as a dotted name, and whether it is imported when its importer is."""

    name: str
    at_once: bool

    @property
    def root(self) -> str:
        """The package at its top."""
        return self.name.partition(".")[0]

    def inside(self, package: str) -> bool:
        """Tell whether it is a package or lies in it."""
        return f"{self.name}.".startswith(f"{package}.")


def imports_of(source: str, module: str) -> Iterator[Import]:
    """Find every import of a module's source; ``from a import b`` counts as ``a.b``."""
    yield from _walk(ast.parse(source), module, at_once=True)


def _walk(node: ast.AST, module: str, *, at_once: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (Import(f"{_origin(child, module)}.{alias.name}", at_once) for alias in child.names)
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _for_types(
                child
            )
            yield from _walk(child, module, at_once=at_once and not later)


def _origin(node: ast.ImportFrom, module: str) -> str:
    package = module.split(".")[: -node.level] if node.level else []
    return ".".join([*package, *([node.module] if node.module else [])])


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _is_foreign_private(name: str, module: str) -> bool:
    """Tell whether a dotted name has a private part that lies outside the importer's own package."""
    parts = name.split(".")
    private = next(
        (i for i, part in enumerate(parts) if part.startswith("_") and not part.startswith("__")), None
    )
    if private is None or parts[0] not in {"cache", "pipeline", "dashboard"}:
        return False
    return parts[:private] != module.split(".")[:private]


def _is_view(module: str) -> bool:
    return module.startswith("dashboard.views.")


RULES: dict[str, tuple[Callable[[str], bool], Callable[[Import, str], bool]]] = {
    "cache imports the standard library, numpy and platformdirs only": (
        lambda module: module.startswith("cache"),
        lambda found, module: found.root not in CACHE_MAY,
    ),
    "pipeline never imports dashboard or streamlit": (
        lambda module: module.startswith("pipeline"),
        lambda found, module: found.root in {"dashboard", "streamlit"},
    ),
    "pipeline imports heavy packages inside functions only": (
        lambda module: module.startswith("pipeline"),
        lambda found, module: found.at_once and found.root in HEAVY,
    ),
    "pipeline does not go through its own door": (
        lambda module: module.startswith("pipeline"),
        lambda found, module: found.inside("pipeline.api"),
    ),
    "nothing but the command line imports the command line": (
        lambda module: not module.startswith("pipeline.cli") and module != "pipeline.__main__",
        lambda found, module: found.inside("pipeline.cli"),
    ),
    "dashboard enters pipeline through pipeline.api only": (
        lambda module: module.startswith("dashboard"),
        lambda found, module: found.root == "pipeline" and not found.inside("pipeline.api"),
    ),
    "dashboard never imports tensorflow": (
        lambda module: module.startswith("dashboard"),
        lambda found, module: found.root == "tensorflow",
    ),
    "figures, wording and statistics never import streamlit": (
        lambda module: module.startswith(PURE),
        lambda found, module: found.root == "streamlit",
    ),
    "nobody imports a private name of another package": (
        lambda module: True,
        lambda found, module: _is_foreign_private(found.name, module),
    ),
    "views never import views": (
        _is_view,
        lambda found, module: found.inside("dashboard.views") and not found.inside(module),
    ),
}
"""For each rule: the modules it is about, and the imports it forbids there."""


def breaches(rule: str, module: str, source: str) -> list[str]:
    """List the imports of a module that break a rule."""
    concerns, forbids = RULES[rule]
    if not concerns(module):
        return []
    return [
        f"{module} imports {found.name}" for found in imports_of(source, module) if forbids(found, module)
    ]


def _modules() -> dict[str, Path]:
    paths = [
        path for package in ("cache", "pipeline", "dashboard") for path in (PROJECT / package).rglob("*.py")
    ]
    return {".".join(path.relative_to(PROJECT).with_suffix("").parts): path for path in sorted(paths)}


@pytest.mark.parametrize("rule", RULES)
def test_every_module_keeps_the_rule(rule):
    """No module of the project breaks the rule, at top level or, where it says so, anywhere."""
    found = [
        breach for module, path in _modules().items() for breach in breaches(rule, module, path.read_text())
    ]
    assert not found


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        ("cache imports the standard library, numpy and platformdirs only", "cache.store", "import pandas"),
        (
            "cache imports the standard library, numpy and platformdirs only",
            "cache.x",
            "from pipeline import run",
        ),
        (
            "pipeline never imports dashboard or streamlit",
            "pipeline.run",
            "def f():\n    import streamlit.web",
        ),
        (
            "pipeline imports heavy packages inside functions only",
            "pipeline.a",
            "from sklearn.svm import SVC",
        ),
        (
            "pipeline imports heavy packages inside functions only",
            "pipeline.a",
            "try:\n    import skimage\nexcept E: 0",
        ),
        (
            "pipeline imports heavy packages inside functions only",
            "pipeline.a",
            "class A:\n    import openTSNE",
        ),
        ("dashboard enters pipeline through pipeline.api only", "dashboard.a", "import pipeline.run"),
        (
            "dashboard enters pipeline through pipeline.api only",
            "dashboard.a",
            "from pipeline import registry",
        ),
        ("pipeline does not go through its own door", "pipeline.run", "from pipeline.api import find_fit"),
        ("pipeline does not go through its own door", "pipeline.run", "from pipeline import api"),
        (
            "nothing but the command line imports the command line",
            "pipeline.maps.methods",
            "from pipeline.cli.options import read_choice",
        ),
        ("dashboard never imports tensorflow", "dashboard.a", "async def f():\n    import tensorflow"),
        (
            "figures, wording and statistics never import streamlit",
            "dashboard.wording.a",
            "from streamlit import session_state",
        ),
        (
            "nobody imports a private name of another package",
            "pipeline.stages.a",
            "from pipeline.svm.votes import _vote",
        ),
        ("nobody imports a private name of another package", "pipeline.run", "import pipeline.svm._gram"),
        ("views never import views", "dashboard.views.a", "from dashboard.views.b import render"),
        ("views never import views", "dashboard.views.a", "from . import b"),
        ("views never import views", "dashboard.views.a", "from dashboard.views import b"),
    ],
)
def test_a_breach_is_noticed(rule, module, source):
    """The parser finds each way of breaking a rule."""
    assert breaches(rule, module, source)


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (
            "pipeline imports heavy packages inside functions only",
            "pipeline.a",
            "def f():\n    import sklearn",
        ),
        (
            "pipeline imports heavy packages inside functions only",
            "pipeline.a",
            "if TYPE_CHECKING:\n    import openTSNE",
        ),
        (
            "dashboard enters pipeline through pipeline.api only",
            "dashboard.a",
            "from pipeline.api import retrain",
        ),
        ("dashboard enters pipeline through pipeline.api only", "dashboard.a", "from pipeline import api"),
        ("views never import views", "dashboard.frame", "from dashboard.views import overview"),
    ],
)
def test_what_is_allowed_is_no_breach(rule, module, source):
    """The parser does not cry wolf."""
    assert not breaches(rule, module, source)


def test_the_door_holds_no_logic():
    """It gives names that others have: nothing but imports of a name as itself, and each is used by the dashboard."""
    docstring, *imports = ast.parse((PROJECT / "pipeline" / "api.py").read_text()).body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    names = [alias for node in imports for alias in node.names]
    assert [alias.name for alias in names if alias.asname != alias.name] == []
    sources = {module: path.read_text() for module, path in _modules().items()}
    used = {
        found.name.removeprefix("pipeline.api.")
        for module, source in sources.items()
        if module.startswith("dashboard")
        for found in imports_of(source, module)
        if found.inside("pipeline.api")
    }
    assert {alias.name for alias in names} == used


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("pipeline.api", HEAVY),
        ("pipeline.cli.main", HEAVY),
        *((package, {*HEAVY, "streamlit"}) for package in PURE),
    ],
)
def test_importing_loads_nothing_heavy(module, unwanted):
    """Not even through another module: what is loaded after the import is what counts."""
    code = f"import sys, pkgutil, importlib as i; m = i.import_module({module!r})\n"
    code += "[i.import_module(f'{m.__name__}.{n.name}') for n in pkgutil.iter_modules(getattr(m, '__path__', []))]\n"
    code += f"print(*({unwanted!r} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout.split()) == (0, []), result.stderr


LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
_PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE
)


def asked_for() -> list[Requirement]:
    """Read what is asked for."""
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]


@pytest.mark.parametrize("wanted", asked_for(), ids=lambda wanted: wanted.name)
def test_each_package_is_pinned_within_its_range(wanted):
    """Who changes a range runs `make lock`."""
    pins = [pin for pin in _PIN.finditer(LOCK) if pin["name"] == canonicalize_name(wanted.name)]
    assert pins
    assert all(wanted.specifier.contains(pin["version"]) for pin in pins)


def test_each_pin_has_digests_and_no_address():
    """Pip refuses a file with another digest, and the file says nothing of where packages come from."""
    blocks = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    pinned = [block for block in blocks if "==" in block.partition("\n")[0]]
    assert len(pinned) >= len(asked_for())
    assert all("--hash=sha256:" in block for block in pinned)
    assert "://" not in LOCK
    assert "--index" not in LOCK
