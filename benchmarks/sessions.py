"""Ten browsers at once on a server with little memory: what it holds, and whether anything it computes differs.

``python -m benchmarks.sessions --run cifar10-inception-2015 [--limit 512MB] [--sessions 10]``. On a copy of the
run, so that nothing is there already. Each session is a browser context of its own. They open every page, move C
along the path, and two at a time ask for the same work; the store tells how often that was done. Afterwards the
same is computed without a limit, and compared byte by byte. Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._map.servers import serving
from benchmarks._map.visit import HEIGHT, PATIENCE, WIDTH, browser
from benchmarks._meter import Held, Meter, peak
from cache import Artefact, Run, Store, open_store
from pipeline import api
from pipeline.compute.memory import VARIABLE, parse_size
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings

PAGES = ("", "map", "confusion", "errors", "compare", "retrain", "separability")
OWN_STAGES = ("dataset", "features", "classifier", "neighbours", "projection", "thumbnails")
LIVE_C = 0.07
PERPLEXITY = 40.0
STEPS_OF_C = 4
IDLE = "document.querySelector('.stApp')?.getAttribute('data-test-script-state') === 'notRunning'"


@dataclass(frozen=True)
class Work:
    """Describe something that two sessions ask for at once.

    Attributes
    ----------
    title : str
        What it is.
    stage : str
        What is written.
    page : str
        Where it is asked for.
    ask : callable
        Presses the button.
    done : str
        A selector of what only its result shows.
    alone : callable
        Computes the same in this process.
    query : str
        What the address names of it.
    """

    title: str
    stage: str
    page: str
    ask: Callable[[Any], None]
    done: str
    alone: Callable[[Store, Run], Artefact]
    query: str = ""


def _button(name: str) -> Callable[[Any], None]:
    return lambda page: page.get_by_role("button", name=name).click()


def _fit(page: Any) -> None:
    page.get_by_label("Any other C").fill(str(LIVE_C))
    page.get_by_role("button", name="Fit", exact=True).click()


ALL_WORK = (
    Work(
        "a live fit",
        "classifier",
        "retrain",
        _fit,
        f"text='Confusion at C = {LIVE_C}'",
        lambda store, run: retrain(store, run, run_settings(store, run).own.at(LIVE_C))[0],
    ),
    Work(
        "cross-validation",
        "validation",
        "retrain",
        _button("Compute cross-validation"),
        "text=has the best mean accuracy",
        lambda store, run: api.ensure(
            store, api.validation_of((own := run_settings(store, run)).path, own.own), run.stages
        ),
    ),
    Work(
        "a learning curve",
        "learning",
        "retrain",
        _button("Compute learning curve"),
        "text=The band is one standard error",
        lambda store, run: api.ensure(store, api.LearningCurveStage(run.C), run.stages),
    ),
    Work(
        "separability",
        "separability",
        "separability",
        _button("Compute separability"),
        "text=Errors of each pair",
        lambda store, run: api.ensure(store, api.SeparabilityStage(run.C), run.stages),
    ),
    Work(
        "faithfulness of the map",
        "faithfulness",
        "map",
        _button("Compute faithfulness"),
        "text=Neighbours kept",
        lambda store, run: api.ensure(store, api.FaithfulnessStage(), run.stages),
    ),
    Work(
        "another map",
        "projection",
        "map",
        _button("Lay it out now"),
        f"[aria-label*='laid out by t-SNE, perplexity {PERPLEXITY:g}. Arrow']",
        lambda store, run: api.ensure(store, api.Projection.named("tsne", perplexity=PERPLEXITY), run.stages),
        f"&projection=tsne&perplexity={PERPLEXITY:g}",
    ),
)


def copied(name: str, root: Path) -> tuple[Store, Run]:
    """Copy a run's own stages into a store of its own."""
    source = open_store()
    run = source.run(name)
    stages = {stage: run.stages[stage] for stage in OWN_STAGES}
    for stage, key in stages.items():
        shutil.copytree(source.artefact(stage, key).folder, root / "artefacts" / stage / key)
    store = Store(root)
    store.save_run(replace(run, stages=stages))
    return store, store.run(name)


@contextmanager
def tabs(count: int) -> Iterator[list[Any]]:
    """Open browser contexts, each with a tab."""
    with browser() as started, ExitStack() as stack:
        found = []
        for _ in range(count):
            context = started.new_context(viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True)
            stack.callback(context.close)
            found.append(context.new_page())
            found[-1].set_default_timeout(10 * PATIENCE)
        yield found


def settle(page: Any) -> None:
    """Wait until the page has a heading and Streamlit is idle."""
    page.locator("h1").first.wait_for()
    page.wait_for_function(IDLE)


class Visitors:
    """Lead all tabs through the dashboard, and print what the server held meanwhile."""

    def __init__(self, pages: list[Any], address: str, run: Run, meter: Meter) -> None:
        self.pages, self.address, self.run, self.meter = pages, address, run, meter

    def opens(self, page: Any, path: str, query: str = "") -> None:
        """Begin to open a page, without waiting for it."""
        page.goto(f"{self.address}{path}?run={self.run.name}{query}", wait_until="commit")

    def look_round(self) -> None:
        """Open every page in every session, all of them at once and no two neighbours on the same."""
        for turn in range(len(PAGES)):
            for i, page in enumerate(self.pages):
                self.opens(page, PAGES[(turn + i) % len(PAGES)])
            for page in self.pages:
                settle(page)

    def move_C(self) -> None:
        """Move C along the path in every session."""
        for page in self.pages:
            self.opens(page, "retrain")
        for page in self.pages:
            settle(page)
        for step in range(STEPS_OF_C):
            for page in self.pages:
                page.get_by_role("slider", name="Penalty C").press("ArrowRight" if step % 2 else "ArrowLeft")
            for page in self.pages:
                page.wait_for_timeout(300)  # a key counts a moment after it was let go
                settle(page)

    def look_at_pairs(self) -> None:
        """Open the images of another pair of classes in every session: the page fits its machine."""
        for page, (first, second) in zip(self.pages, combinations(range(len(self.pages)), 2), strict=False):
            self.opens(page, "separability", f"&true={first}&predicted={second}")
        for page in self.pages:
            settle(page)

    def ask_twice(self, work: Work) -> None:
        """Ask for the same work in two sessions at once; the others look at pages."""
        asking, others = self.pages[:2], self.pages[2:]
        for page in asking:
            self.opens(page, work.page, work.query)
        for page in asking:
            settle(page)
        for page in asking:
            work.ask(page)
        for i, page in enumerate(others):
            self.opens(page, PAGES[i % len(PAGES)])
        for page in others:
            settle(page)
        for page in asking:
            page.locator(work.done).first.wait_for(state="attached")  # a closed menu may hold it

    def note(self, what: str, act: Callable[[], None], stage: str = "") -> Held:
        """Do something, and print a row."""
        before, started = self.meter.writers(stage), time.perf_counter()
        act()
        seconds, most = time.perf_counter() - started, self.meter.most()
        sizes = " | ".join(f"{size / 1e6:.0f}" for size in (most.resident, most.private, most.mapped))
        times = f"{self.meter.writers(stage) - before}" if stage else ""
        print(f"| {what} | {sizes} | {most.children / 1e6:.0f} | {seconds:.1f} | {times} |", flush=True)
        return most


def visits(store: Store, run: Run, options: argparse.Namespace) -> int:
    """Serve, visit, and give the most the server held, bytes."""
    with (
        serving("dashboard/app.py", LAZYBONES_CACHE=str(store.root), **{VARIABLE: options.limit}) as server,
        Meter(server.process, store.root) as meter,
        tabs(options.sessions) as pages,
    ):
        visitors = Visitors(pages, server.address, run, meter)
        visitors.note("server started, nobody there", lambda: None)
        visitors.note(f"{options.sessions} sessions open every page", visitors.look_round)
        visitors.note(f"they move C, {STEPS_OF_C} steps each", visitors.move_C)
        for work in ALL_WORK:
            visitors.note(f"two ask for {work.title}", lambda work=work: visitors.ask_twice(work), work.stage)
        visitors.note("all look at another pair of classes", visitors.look_at_pairs)
        return peak(server.process)


def different(store: Store, run: Run) -> list[str]:
    """List what differs from the same work without a limit, done in this process on a copy without it."""
    os.environ.pop(VARIABLE, None)
    with TemporaryDirectory(prefix="lazybones-sessions-") as folder:
        fresh, same_run = copied(run.name, Path(folder))
        found = []
        for work in ALL_WORK:
            there, here = work.alone(store, run), work.alone(fresh, same_run)
            if (there.key, there.manifest.files) != (here.key, here.manifest.files):
                found.append(work.title)
        return found


def main() -> int:
    """Print the table; give 1 if the limit was passed or a result differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", default="cifar10-inception-2015", help="a run in the store")
    parser.add_argument("--limit", default="512MB")
    parser.add_argument("--sessions", type=int, default=10)
    options = parser.parse_args()
    limit = parse_size(options.limit)
    with TemporaryDirectory(prefix="lazybones-sessions-") as folder:
        store, run = copied(options.run, Path(folder))
        print(f"{run.title}, {options.sessions} browser contexts, {VARIABLE}={options.limit}\n")
        print("| while | resident, MB | of these its own | of files | children | seconds | times written |")
        print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
        most = visits(store, run, options)
        unlike = different(store, run)
    print(f"\nMost the server ever held: {most / 1e6:.0f} MB of {limit / 1e6:.0f} MB.")
    print(f"Other than without a limit: {', '.join(unlike) or 'nothing'}.", flush=True)
    return int(most > limit or bool(unlike))


if __name__ == "__main__":
    sys.exit(main())
