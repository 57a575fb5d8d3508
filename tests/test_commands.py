"""Every command and every remedy that the product shows works when it is typed."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache.commands import COMMAND, Again, Command, command, demo_command, typed, with_options
from pipeline.cli import main
from tests.pipeline.inputs.hostile import META, batch
from tests.test_rooms import PROJECT, sources

SMALL = ("--extractor", "pixels", "--projection", "pca", "--penalties", "0.1,1", "--C", "1")
PAGES = ("overview", "map", "errors", "confusion", "separability", "retrain", "compare")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A store whose path a shell would take apart, as the working folder's child."""
    monkeypatch.delenv("LAZYBONES_CACHE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "it's a store"


@pytest.fixture
def data(tmp_path, rng):
    """A folder in CIFAR's format with 60 images, with a name to be quoted."""
    folder = tmp_path / "my data" / "batches"
    folder.mkdir(parents=True)
    (folder / "data_batch_1").write_bytes(batch(60, rng)[0])
    (folder / "test_batch").write_bytes(batch(40, rng)[0])
    (folder / "batches.meta").write_bytes(META)
    return folder


def type_in(lines, folder, before=""):
    """Type lines into a shell, as somebody would who copies them; give the exit code and all that it says."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
    }
    done = subprocess.run(
        ["bash", "-c", f"set -e\n{before}\n{lines}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def said(capsys, *words):
    """Run a command in this process; give its exit code, output and errors."""
    code = main.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def remedy_of(text):
    """Give what stands behind the last "Try:"."""
    return text.rsplit("Try: ", 1)[1].strip()


def test_commands_are_written_in_one_place():
    """No other module spells one out, but for the examples of a command's help and what docstrings say."""
    strange = []
    for path in sources(".py", tests=False):
        tree = ast.parse(path.read_text())
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        told |= {
            id(node)
            for top in tree.body
            if isinstance(top, ast.Assign) and getattr(top.targets[0], "id", "") == "EXAMPLES"
            for node in ast.walk(top)
        }
        strange += [
            f"{path.relative_to(PROJECT)}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in told
            and re.search(rf"{COMMAND} \S|make (?:dashboard|demo)|LAZYBONES_CACHE=|lazybones --", node.value)
        ]
    assert [line for line in strange if not line.startswith("cache/commands.py")] == []


def test_a_command_names_the_store_in_use_and_quotes_what_a_shell_takes_apart():
    """The place comes behind what is there; what works on no store, and what is no command, stay as they are."""
    place = Path("/my stores/a'b")
    assert shlex.split(typed(command("map", "x"), place)) == [
        *COMMAND.split(),
        "map",
        "x",
        "--cache",
        str(place),
    ]
    assert typed(command("map", "x", "--cache", "y"), place) == command("map", "x", "--cache", "y")
    assert typed(command("list"), place) == command("list")
    assert typed("wait a minute", place) == "wait a minute"
    assert typed(Command("export LAZYBONES_MEMORY=512MB"), place) == "export LAZYBONES_MEMORY=512MB"
    assert typed(command("verify"), None) == "python -m pipeline verify"


def test_the_same_command_with_other_options():
    """Options are replaced in both spellings; where nothing would change, there is advice instead."""
    before = command("run", "--limit=5", "--C", "1", "--name", "a b")
    assert with_options(before, {"--limit": None, "--C": 2}) == command("run", "--name", "a b", "--C", 2)
    assert typed(Again({"--limit": None}), None, before) == command("run", "--C", "1", "--name", "a b")
    assert typed(Again({"--gone": None}, "other data"), None, before) == "other data"
    assert typed(Again(), None, before) == before


def test_the_demo_is_shown_also_where_another_store_is_in_use(place, monkeypatch):
    """Its command leaves the variable out that would lead to the other."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(place))
    opens = 'lazybones() { python -m pipeline status "$@"; }'  # the same store, without staying
    code, out = type_in(demo_command(place), place.parent, opens)
    assert (code, "clipart-hog" in out) == (0, True)
    assert demo_command(None) == "lazybones"


MISTAKES = {
    "gamma": (("run", "--source", "digits", "--limit", "60", *SMALL, "--gamma", "1"), ""),
    "name": (("run", "--source", "digits", "--limit", "60", *SMALL, "--name", "My run!"), ""),
    "one image a class": (("run", "--source", "digits", "--limit", "10", "--per-class", "1", *SMALL), ""),
    "cells": (
        (
            "run",
            "--source",
            "digits",
            "--limit",
            "60",
            *SMALL[2:],
            "--extractor",
            "hog",
            "--pixels-per-cell",
            "99",
        ),
        "",
    ),
    "value": (("run", "--source", "digits", "--C", "-1"), ""),
    "memory": (("run", "--source", "digits", "--limit", "60", *SMALL), "export LAZYBONES_MEMORY=lots"),
    "ending": (("poster", "mine", "--size", "100", "--out", "a b.gif"), ""),
    "folder": (("poster", "mine", "--size", "100", "--out", "no such/x.png"), ""),
    "size": (("poster", "mine", "--size", "7"), ""),
    "map's run": (("map", "nobody's"), ""),
    "map's option": (("map", "mine", "--projection", "pca", "--perplexity", "5"), ""),
    "bundle": (("bundle", "mine", "--output", "my data"), ""),
    "grid": (("grid", "mine", "--C", "many", "--folds", "3", "--kernel", "linear"), ""),
}


@pytest.mark.slow
def test_every_remedy_of_the_command_line_works(place, data):
    """Each mistake is made in a shell, and what stands behind "Try:" is typed into one."""
    first = command("run", "--source", "digits", "--limit", 60, *SMALL, "--name", "mine", "--cache", place)
    code, out = type_in(first, place.parent)
    assert code == 0, out
    wrong = {}
    for what, (words, before) in MISTAKES.items():
        code, out = type_in(command(*words, "--cache", place), place.parent, before)
        assert code == 1, (what, out)
        code, again = type_in(remedy_of(out), place.parent)
        if code != 0:
            wrong[what] = f"{out}\n{again}"
    assert not wrong, "\n\n".join(f"{what}: {text}" for what, text in wrong.items())


@pytest.mark.slow
def test_every_remedy_of_a_damaged_store_works(place, capsys):
    """What is missing is made again, what is damaged is cleared away, what belongs to nobody is removed."""
    run = ["run", "--source", "digits", "--limit", "60", *SMALL, "--name", "mine", "--cache", str(place)]
    code, _, errors = said(capsys, "status", "--cache", str(place))
    assert type_in(remedy_of(errors), place.parent)[0] == 0
    place.mkdir()
    _, out, _ = said(capsys, "status", "--cache", str(place))
    assert (
        remedy_of(out)
        == f"python -m pipeline run --source digits --extractor hog --cache {shlex.quote(str(place))}"
    )
    assert said(capsys, *run)[0] == 0
    (features,) = place.glob("artefacts/features/*")
    features.rename(place.parent / "gone")
    _, out, _ = said(capsys, "status", "--cache", str(place))
    assert type_in(remedy_of(out), place.parent)[0] == 0
    assert said(capsys, "status", "--cache", str(place))[0] == 0
    (features / "test.npy").write_bytes(b"")
    code, out, _ = said(capsys, "verify", "--cache", str(place))
    assert code == 1
    assert type_in(remedy_of(out), place.parent)[0] == 0
    assert said(capsys, *run)[0] == 0
    (place / "runs" / "mine.json").unlink()
    code, out, _ = said(capsys, "verify", "--cache", str(place))
    assert type_in(remedy_of(out), place.parent)[0] == 0
    assert list(place.glob("artefacts/*/*")) == []


@pytest.mark.slow
def test_every_command_that_an_answer_ends_with_works(place, data, capsys):
    """The dashboard's, for a store and for a bundle, and the run that a grid recommends."""
    made = ["run", "--source", "cifar10", "--data-dir", str(data), "--limit", "30", *SMALL]
    code, out, errors = said(capsys, *made, "--name", "mine", "--cache", str(place))
    assert code == 0, errors
    look = [out.split("Look at it: ")[1].strip()]
    _, out, _ = said(
        capsys, "map", "mine", "--projection", "tsne", "--perplexity", "5", "--cache", str(place)
    )
    look.append(out.split("Look at it: ")[1].split(", then open")[0])
    _, out, _ = said(capsys, "bundle", "mine", "--output", "a new bundle.zip", "--cache", str(place))
    look.append(out.split("Serve it: ")[1].strip())
    opens = 'lazybones() { python -m pipeline status "$@"; }'  # the same store, without staying
    for line in look:
        code, out = type_in(line, place.parent.parent, opens)
        assert (code, out.splitlines()[1].split()[0]) == (0, "mine"), line
    _, out, _ = said(capsys, "grid", "mine", "--folds", "3", "--C", "0.1,1", "--cache", str(place))
    run_it = out.split("Run it: ")[1]
    assert {"--data-dir", str(data), "--limit", "30"} <= set(shlex.split(run_it))
    code, out = type_in(run_it, "/")
    assert code == 0, out


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_every_command_on_a_page_works(place, data, monkeypatch, capsys, packed):
    """The run's own, the baseline's, the one to compare with: typed in any folder, fill the store that is shown."""
    made = ["run", "--source", "cifar10", "--data-dir", str(data), "--limit", "30", *SMALL]
    assert said(capsys, *made, "--name", "mine", "--cache", str(place))[0] == 0
    shown = place
    if packed:
        shown = place.parent / "a bundle.zip"
        assert said(capsys, "bundle", "mine", "--output", str(shown), "--cache", str(place))[0] == 0
    monkeypatch.setenv("LAZYBONES_CACHE", str(shown))
    found = set()
    for page in PAGES:
        app = AppTest.from_file(str(PROJECT / "dashboard" / "frame.py"), default_timeout=60)
        app._page_hash = calc_hash(page)  # AppTest switches to files only
        app.query_params["run"] = "mine"
        app.run()
        found |= {code.value for code in app.code}
    assert len(found) >= 2
    for lines in sorted(found):
        code, out = type_in(lines, data.parent if packed else "/")
        assert code == 0, (lines, out)
    if packed:
        code, _, errors = said(capsys, *made, "--cache", str(shown))
        assert code == 1
        assert type_in(remedy_of(errors), "/")[0] == 0


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/map.md", "docs/gpu.md"])
def test_every_command_that_the_documentation_shows_is_one(page):
    """The parser takes it; where words are left out, it says so."""
    shown = re.findall(rf"{COMMAND} [^`\n#|]*", (PROJECT / page).read_text().replace("\\\n", " "))
    for line in shown:
        if not line.strip().endswith(("…", "...")):
            main.build_parser().parse_args(shlex.split(line)[3:])


PASSED_ON = {
    "bundle_remedy(archive)",
    "remedy or None",
    "remedy",
    "repair",
    "self.repair",
    "self._repair",
    "dataset.repair",
    "Command(run.command)",
    "Command(self.run.command) if self.run.command else None",
}
"""Remedies that somebody else wrote."""
TYPED_ABOVE = {
    "Again({'--cache': archive.with_suffix('')})",
    "Again({'--name': _slug(self.name)[:80].rstrip('-.') or 'my-run'})",
    "Again({'--output': _free(target)})",
    "Again({flag: None})",
    "Again({flag: named.with_suffix(next(iter(endings)))})",
    "making_command(store.roots, run.name, REPAIR)",
    "making_command(store.roots, run.name, run.command)",
    "repair_command(path)",
    "shell('ls', '-l', next((folder for folder in place.absolute().parents if folder.is_dir())))",
    "shell('ls', '-l', next((folder for folder in path.parents if folder.is_dir())))",
    "shell('mkdir', '-p', path.parent)",
    "shell(PROGRAM, path.parent)",
}
"""Remedies that hold a name or a place, whose mistakes are made above."""
OF_THE_SYSTEM = {
    "Command(f'{self.prog} --help')",
    "command('map', *words)",
    "remote.by_hand",
    "shell('df', '-h', folder)",
    "shell('df', '-h', root)",
    "shell('ls', '-l', path)",
    "shell('ls', '-ld', wrong)",
    "shell('mv', path, f'{path}.aside')",
}
"""Remedies of a full disk, a network, a page, a store in disorder: what they are written by is tested by itself."""
RUN = command("run", "--source", "digits", "--limit", 60, *SMALL)
STUBS = """pip() { test -f "${@: -1}" || grep -qF -- "${@: -1}" README.md; }
git() { test "$*" = pull; }
lazybones() { grep -q '^lazybones = "lazybones:main"' pyproject.toml; }
mkdir() { test "$1" = -p; }"""


def remedies():
    """Give the source of each remedy, and its value where it can be told without making the mistake."""
    found = {}
    for path in sources(".py", tests=False):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "remedy":
                written = ast.unparse(node.value)
                found.setdefault(written, None)
                with suppress(NameError):
                    found[written] = eval(written, dict(vars(importlib.import_module(name))))  # noqa: S307  # our own source
    return found


def test_every_remedy_is_a_command_that_a_test_types_or_advice_in_words():
    """One that is added has to be put into a list above, with the mistake that leads to it."""
    found = remedies()
    unknown = {written for written, remedy in found.items() if remedy is None}
    assert unknown == PASSED_ON | TYPED_ABOVE | OF_THE_SYSTEM
    words = [
        remedy for remedy in found.values() if remedy is not None and not isinstance(remedy, Command | Again)
    ]
    assert [text for text in words if re.search(r"python|make |export |pip |git |--\w|#", text)] == []


@pytest.mark.slow
def test_every_remedy_that_names_nothing_works(place):
    """Typed in the project's folder, on a small store; what would reach the network only has to name what is there."""
    assert type_in(f"{RUN} --cache {shlex.quote(str(place))}", PROJECT)[0] == 0
    run = next(place.glob("runs/*.json")).stem
    again = {
        "--pixels-per-cell": with_options(RUN, {"--extractor": "hog"}),
        "--C": command("grid", run, "--folds", 3, "--kernel", "linear"),
        "--port": with_options(RUN, {"--port": 8501}),
    }
    wrong = []
    for remedy in {remedy for remedy in remedies().values() if isinstance(remedy, Command | Again)}:
        before = next(
            (again[flag] for flag in again if isinstance(remedy, Again) and flag in remedy.options), RUN
        )
        line = typed(remedy, place, before)
        code, out = type_in(line, PROJECT, STUBS)
        if code != 0:
            wrong.append((line, out))
    assert wrong == []
