"""What keeps the rooms small: files a folder, lines a module and a function, public methods a class."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("cache", "pipeline", "dashboard", "tests", "benchmarks")
FILES, MODULE, FUNCTION, METHODS = 15, 300, 30, 12
OPENS = re.compile(
    r"(?P<indent> *)(?P<head>.*\bfunction\b.*|(?:(?:async|static|get|set) )*#?\w+\(.*\)|.*=>) \{"
)
"""The first line of a JavaScript function or method; its last one has a brace under it."""
NO_FUNCTION = re.compile(r"(?:if|for|while|switch|catch)\b")
METHOD = re.compile(r"  (?:async )?(?P<name>[a-z]\w*)\(.*\) \{")
"""A public method; what begins with # is private, and a getter is a property."""


def sources(*endings: str, tests: bool = True) -> list[Path]:
    """List the project's own files with some endings."""
    folders = (PROJECT / name for name in PACKAGES if tests or name not in {"tests", "benchmarks"})
    within = (path for folder in folders for path in folder.rglob("*"))
    found = (path for path in (*within, PROJECT / "lazybones.py") if path.suffix in endings)
    return sorted(path for path in found if "__pycache__" not in path.parts and not _is_data(path))


def _is_data(path: Path) -> bool:
    return path.is_relative_to(PROJECT / "cache" / "data")


def long_functions(source: str, name: str) -> Iterator[str]:
    """Name the Python functions that are too long; their docstrings do not count."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0] if ast.get_docstring(node) is not None else None
            said = 0 if doc is None else (doc.end_lineno or doc.lineno) - doc.lineno + 1
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - said
            if lines > FUNCTION:
                yield f"{name}:{node.lineno} {node.name} has {lines} lines"


def long_scripts(source: str, name: str) -> Iterator[str]:
    """Name the JavaScript functions and methods that are too long."""
    lines = source.splitlines()
    for first, line in enumerate(lines):
        opens = OPENS.fullmatch(line)
        if opens and not NO_FUNCTION.match(opens["head"]):
            closing = re.compile(opens["indent"] + r"\}")
            last = next(i for i in range(first + 1, len(lines)) if closing.match(lines[i]))
            if last - first + 1 > FUNCTION:
                yield f"{name}:{first + 1} has {last - first + 1} lines"


def wide_classes(source: str, name: str) -> Iterator[str]:
    """Name the Python classes with too many public methods and properties."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            public = [method for method in methods if not method.startswith("_")]
            if len(public) > METHODS:
                yield f"{name}:{node.lineno} {node.name} has {len(public)} public methods"


def wide_scripts(source: str, name: str) -> Iterator[str]:
    """Name the JavaScript classes with too many public methods."""
    found: Counter[str] = Counter()
    current = ""
    for line in source.splitlines():
        if line.startswith(("class ", "export class ")):
            current = line.removeprefix("export ").split()[1]
        method = METHOD.fullmatch(line)
        if method and not NO_FUNCTION.match(method["name"]) and method["name"] != "constructor":
            found[current] += 1
    yield from (f"{name} {cls} has {n} public methods" for cls, n in found.items() if cls and n > METHODS)


RULES = {
    "python functions": (long_functions, (".py",)),
    "javascript functions": (long_scripts, (".js",)),
    "python classes": (wide_classes, (".py",)),
    "javascript classes": (wide_scripts, (".js",)),
}


@pytest.mark.parametrize("rule", RULES)
def test_nothing_in_the_product_is_too_long(rule):
    """Functions of 30 lines, classes of 12 public methods."""
    check, endings = RULES[rule]
    found = [
        breach
        for path in sources(*endings, tests=False)
        for breach in check(path.read_text(encoding="utf-8"), str(path.relative_to(PROJECT)))
    ]
    assert not found, "\n".join(found)


def test_no_module_is_too_long():
    """300 lines, docstrings and comments and all."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(".py", ".js")}
    assert {str(path): n for path, n in lengths.items() if n > MODULE and "tests" not in path.parts} == {}


def test_no_folder_is_too_full():
    """15 files, of whatever kind; `cache/` is fine as it is, and so is a list of verbs, one a file."""
    counts = Counter(path.parent for path in sources(".py", ".js", ".ts", ".css", ".html", ".svg"))
    full = {str(folder.relative_to(PROJECT)): n for folder, n in counts.items() if n > FILES}
    fine = {"cache", "tests/cache", "pipeline/cli/commands"}
    assert {name: n for name, n in full.items() if name not in fine} == {}


def test_tests_stand_where_their_subject_stands():
    """A folder of tests has the name of a folder of the product."""
    folders = {path.parent.relative_to(PROJECT / "tests") for path in sources(".py") if "tests" in path.parts}
    strays = [str(folder) for folder in folders if not (PROJECT / folder).is_dir()]
    assert sorted(strays) == [
        "browser",
        "browser/access",
        "browser/findings",
        "browser/guests",
        "browser/hosting",
        "browser/images",
        "browser/labels",
        "browser/map",
        "browser/modules",
        "browser/pages",
        "browser/report",
        "browser/sign_in",
        "browser/site",
        "browser/walk",
        "tabs",
    ]


def test_what_is_too_long_is_noticed():
    """One line too many, one method too many: each rule can fail."""
    body = "\n".join(f"    a{i} = {i}" for i in range(FUNCTION))
    assert list(long_functions(f"def f():\n{body}\n", "x.py"))
    assert not list(long_functions('def f():\n    """' + "\n" * 40 + '    """\n', "x.py"))
    script = "\n".join(f"    let a{i} = {i};" for i in range(FUNCTION - 1))
    for opening in ("function f() {", "  async f(a) {", "const f = (a) => {", "  get f() {"):
        indent = opening[: len(opening) - len(opening.lstrip())]
        assert list(long_scripts(f"{opening}\n{script}\n{indent}}}\n", "x.js")), opening
    methods = range(METHODS + 1)
    assert list(wide_classes("class A:\n" + "\n".join(f"    def f{i}(self): ..." for i in methods), "x.py"))
    assert list(
        wide_scripts("class A {\n" + "\n".join(f"  f{i}() {{\n  }}" for i in methods) + "\n}", "x.js")
    )
