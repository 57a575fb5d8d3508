"""Write a site: the pages of some runs, every file that these name, and the scripts that draw them."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cache import LazybonesError, Store
from dashboard.comparison.sides import Side, same_test_images
from dashboard.navigation import PageModule, discover
from dashboard.page.context import ViewContext
from dashboard.site import bundle, shell
from dashboard.site.contexts import Shown, shown_run
from dashboard.site.files import content_of, named_in, script
from dashboard.site.nodes import Node, file_of
from dashboard.site.pages import compare, confusion, errors, labels, map, overview, retrain, separability
from dashboard.topbar import COMPARE
from dashboard.wording.penalty import format_penalty

MARK = "lazybones/site.json.js"
"""The file by which a folder is known as a site."""
OWN = ("lazybones", "site", ".nojekyll")
"""What a site has besides its pages."""
RUNS_MOST = 12
PAGES: Mapping[str, Callable[[ViewContext], Sequence[Node]]] = {
    "overview": overview.nodes,
    "map": map.nodes,
    "confusion": confusion.nodes,
    "errors": errors.nodes,
    "separability": separability.nodes,
    "retrain": retrain.nodes,
    "labels": labels.nodes,
}
"""What gives each page but Compare, which is of two runs."""

Progress = Callable[[int, int], None]
"""Told how many of how many parts are written."""


def write_site(store: Store, names: Sequence[str], out: Path, progress: Progress = lambda _, __: None) -> int:
    """Write a site into a new folder, or in the place of a site that is there; all of it, or nothing.

    What else lies in the folder of a site stays there.

    Parameters
    ----------
    store : Store
        Where the runs are.
    names : sequence of str
        Of the runs, the first one opens; they can be compared where they were tested on the same images.
    out : Path
        The folder.
    progress : callable, optional
        Told how far it is.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    LazybonesError
        If the folder holds something else, a run is not finished or too many are asked for, or one cannot be read.
    OSError
        If it cannot be written.
    """
    _check(store, names, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as temporary:
        made = Path(temporary) / "site"
        _fill(made, store, names, progress)
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
        out.mkdir(exist_ok=True)
        before = Path(temporary) / "before"
        before.mkdir()
        for entry in [*out.iterdir()]:
            if _is_own(
                entry.name
            ):  # what else lies there is never moved: a README.md, a CNAME, the folder's .git
                entry.rename(before / entry.name)
        for entry in [*made.iterdir()]:
            entry.rename(out / entry.name)
    return size


def pack(folder: Path, archive: Path) -> None:
    """Put a site into a zip file, whose files lie at its root."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(folder).as_posix())


def _is_own(name: str) -> bool:
    """Tell whether a site has a file or folder of this name: any other in its folder is somebody's, and stays."""
    return name in OWN or name in {file_of(page) for page in (*PAGES, COMPARE)}


def _check(store: Store, names: Sequence[str], out: Path) -> None:
    if not 1 <= len(names) <= RUNS_MOST or len(set(names)) < len(names):
        raise LazybonesError(
            f"Runs of a site must be different, and at most {RUNS_MOST}. Got {', '.join(names) or 'none'}."
        )
    for name in names:
        if not store.run(name).finished:
            raise LazybonesError(f"A run of a site must be finished. Got {name}, which is not.")
    taken = out.exists() and not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir()))
    if taken:
        raise LazybonesError(f"--out must be a new or empty folder, or one that holds a site. Got {out}.")


@dataclass
class _Pages:
    """Collect what the pages of some runs are told, and which files they name."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, list[Node]] = field(default_factory=dict)

    def add(self, number: int, shown: Shown, others: Sequence[Side]) -> Iterator[None]:
        """Add a run; yields after each page."""
        entry = _entry(shown, others)
        for path in shown.context.pages:
            if path == COMPARE:
                entry["pages"][path] = {}
                for place, side in enumerate(others):
                    said = list(compare.nodes(shown.context, side, others))
                    entry["pages"][path][side.data.run.name] = self._keep(f"{number}.compare.{place}", said)
                    yield
                continue
            entry["pages"][path] = []
            for place, context in enumerate(shown.contexts):
                said = list(PAGES[path](context))
                entry["pages"][path].append(self._keep(f"{number}.{path}.{place}", said))
                yield
        self.runs.append(entry)

    def _keep(self, name: str, nodes: list[Node]) -> str:
        address = f"lazybones/pages/{name}.json"
        self.contents[address] = nodes
        return address


def _entry(shown: Shown, others: Sequence[Side]) -> dict[str, Any]:
    run = shown.data.run
    asked = [context.view.to_query().get("C", "") for context in shown.contexts]
    return {
        "name": run.name,
        "penalties": shown.penalties,
        "words": [format_penalty(C) for C in shown.penalties],
        "asked": asked,
        "own": shown.own,
        "versus": [side.data.run.name for side in others],
        "pages": {},
    }


def _fill(folder: Path, store: Store, names: Sequence[str], progress: Progress) -> None:
    every = [shown_run(store, name, [other for other in names if other != name]) for name in names]
    pages = _Pages()
    steps = sum(len(shown.contexts) * len(shown.context.pages) for shown in every)
    done = 0
    for number, shown in enumerate(every):
        for _ in pages.add(number, shown, _others(shown, every)):
            done += 1
            progress(min(done, steps), 2 * steps)
    there = {path for shown in every for path in shown.context.pages}
    titles = {page.path: page for page in discover() if page.path in there}
    _write(folder / MARK, script("lazybones/site.json", _json(_site(pages.runs, titles)), "application/json"))
    for address, nodes in pages.contents.items():
        _write(folder / f"{address}.js", script(address, _json(nodes), "application/json"))
    named = dict.fromkeys(named_in(list(pages.contents.values())))
    for place, address in enumerate(named):
        _write(folder / f"{address}.js", script(address, *content_of(store, address)))
        progress(steps + round(steps * (place + 1) / len(named)), 2 * steps)
    _write(folder / "site" / "site.js", bundle.script())
    _write(folder / "site" / "site.css", shell.style())
    _write(folder / "site" / "icon.svg", (shell.FOLDER / "styles" / "icon.svg").read_text(encoding="utf-8"))
    for page in titles.values():
        _write(folder / file_of(page.path), shell.document(page.path, f"{page.title} · Lazybones", [MARK]))
    _write(folder / ".nojekyll", "")  # GitHub Pages would leave out what it takes for its own


def _others(shown: Shown, every: Iterable[Shown]) -> list[Side]:
    """List what a run can be compared with in a site: the other runs with its test images, at their own C."""
    if shown.context.said is None:
        return []
    return [
        Side.of(other.context)
        for other in every
        if other is not shown and other.context.said is not None and same_test_images(other.data, shown.data)
    ]


def _site(runs: Sequence[Mapping[str, Any]], titles: Mapping[str, PageModule]) -> dict[str, Any]:
    pages = [{"path": page.path, "file": file_of(page.path), "title": page.title} for page in titles.values()]
    return {"runs": runs, "pages": pages}


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, default=_plain).encode(
        "utf-8", "replace"
    )


def _plain(value: Any) -> Any:
    """Write what numpy and dataclasses leave in what a component is told."""
    if hasattr(value, "item"):
        return value.item()
    return list(value)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
