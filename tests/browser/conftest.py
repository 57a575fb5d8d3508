"""A running dashboard on planted runs, and a browser to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from dashboard.server import ui_bundle
from dashboard.site.write import write_site
from pipeline.api import (
    DuplicatesStage,
    HitRateStage,
    SeparabilityStage,
    SlicesStage,
    SuspectsStage,
    ensure,
    keys_of_hit_rate,
)
from tests.browser.map_page import Map
from tests.map_runs import map_run
from tests.planted import Plan, planted_run

PROJECT = Path(__file__).parents[2]
HOST = "http://modules.test/"
IDLE = """document.querySelector('.stApp')?.getAttribute('data-test-script-state') === 'notRunning'
  || document.querySelector('main[data-drawn]') !== null"""
"""Streamlit's script has run to its end; or a page of a site is drawn, where no script runs."""
PATIENCE = 90.0  # seconds: how long anything may take on a busy machine, a server's start for one


@contextmanager
def running_dashboard(
    cache: Path, module: str = "streamlit", port: int = 0, **environment: str
) -> Iterator[str]:
    """Start the dashboard on a port, or a free one, with Streamlit's command line or one like it; give its address.

    The address ends in a slash.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", module, "run", "dashboard/app.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    own = os.environ | {"LAZYBONES_CACHE": str(cache)} | environment
    log = cache.parent / f"dashboard-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(command + options, cwd=PROJECT, env=own, stdout=output, stderr=output)
        try:
            base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
            address = f"http://127.0.0.1:{port}/" + (f"{base}/" if base else "")
            _wait_until_it_answers(address, process, log)
            yield address
        finally:
            process.kill()  # nothing is written here that a kill could spoil
            process.wait()


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}_stcore/health", timeout=2):  # noqa: S310  # our own http address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The dashboard did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def planted_cache(tmp_path_factory) -> Path:
    """A store with four planted runs: a stand-in, its HOG baseline, a perfect one, and a grey one of 30 classes."""
    store = Store(tmp_path_factory.mktemp("planted") / "cache")
    planted_run(store, "planted", stand_in=True)
    planted_run(store, "planted-hog", extractor="hog")
    planted_run(store, "planted-perfect", plan=Plan(noise=0, seed=3))
    names = [f"<b>class {i}</b> *with* a long name" for i in range(30)]
    planted_run(store, "planted-grey", plan=Plan(names, n_train=120, n_test=300, channels=1, seed=4))
    return store.root


@pytest.fixture(scope="session")
def dashboard(planted_cache, chromium) -> Iterator[str]:
    """The address of a dashboard on the planted runs; skips where there is no browser to look at it."""
    with running_dashboard(planted_cache) as address:
        yield address


@pytest.fixture(scope="session")
def erring_store(tmp_path_factory) -> Store:
    """Two runs of the same images, with enough errors for every page to be full."""
    store = Store(tmp_path_factory.mktemp("erring") / "cache")
    plan = Plan(noise=2.5, copies=[(9, 4)])
    made = planted_run(store, "planted", plan=plan, stand_in=True)
    planted_run(store, "rival", plan=plan, extractor="hog")
    for stage in (
        SeparabilityStage(0.1),
        SuspectsStage(),
        DuplicatesStage(),
        HitRateStage(),
        SlicesStage(0.1),
    ):
        ensure(store, stage, keys_of_hit_rate(made.stages))
    return store


@pytest.fixture(scope="session")
def erring(erring_store, chromium) -> Iterator[str]:
    """The address of a dashboard on these runs."""
    with running_dashboard(erring_store.root) as root:
        yield root


@pytest.fixture(scope="session")
def browser(chromium):
    """A headless Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    with api.sync_playwright() as playwright:
        api.expect.set_options(timeout=PATIENCE * 1000)
        api.Page.wait_for_function = _poll
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def _poll(page, expression: str, *, arg: object = None, timeout: float = PATIENCE * 1000):
    """Do as Playwright's own, which runs text as a script in the page, as the pages' policy forbids."""
    gone = sys.modules["playwright.sync_api"].Error
    deadline = time.monotonic() + timeout / 1000
    while time.monotonic() < deadline:
        with suppress(gone):  # the page was left meanwhile
            found = page.evaluate_handle(expression, arg)
            if found.evaluate("(value) => Boolean(value)"):
                return found
        page.wait_for_timeout(50)
    pytest.fail(f"It did not come to be: {expression}")


@pytest.fixture(scope="session")
def run(browser):
    """Run JavaScript with the map's modules at hand: ``run("(pick, [x, y]) => ...", "pick", [x, y])``."""

    def serve(route):
        name = route.request.url.removeprefix(HOST)
        if name in ui_bundle.contents():
            route.fulfill(body=ui_bundle.contents()[name], content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto(HOST)

    def call(function, module, argument):
        script = f"async (argument) => ({function})(await import('/{module}.js'), argument)"
        return page.evaluate(script, argument)

    yield call
    page.close()


class Visit:
    """Open pages and note what the browser complains about.

    Attributes
    ----------
    page : playwright.sync_api.Page
        The browser's tab.
    complaints : list of str
        Console errors, and exceptions nobody caught.
    """

    def __init__(self, page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message) -> None:
        address = message.location.get("url", "")
        if message.type == "error":
            self.complaints.append(f"{message.text} {address}")

    def open(self, address: str) -> None:
        """Go to an address and wait until the script has run to its end."""
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has a heading and is drawn."""
        self.page.locator("h1, h2").first.wait_for(timeout=PATIENCE * 1000)
        self.page.wait_for_function(IDLE, timeout=PATIENCE * 1000)
        self.page.wait_for_timeout(400)


@pytest.fixture(scope="session")
def touched(browser, whole_chromium):
    """A headless Chromium for fingers: the shell moves a mouse, too, when the page moves, and Plotly misses the tap."""
    started = browser.browser_type.launch(executable_path=whole_chromium, args=["--no-sandbox"])
    yield started
    started.close()


@pytest.fixture
def visit(browser, request) -> Iterator[Callable[..., Visit]]:
    """Give a new tab; ``visit(width=390, dark=True)``."""
    contexts = []

    def tab(width: int = 1280, height: int = 860, *, dark: bool = False, **options) -> Visit:
        scheme = "dark" if dark else "light"
        own = request.getfixturevalue("touched") if options.get("has_touch") else browser
        context = own.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        return Visit(context.new_page())

    yield tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def map_store(tmp_path_factory) -> Store:
    """A planted run, and runs whose maps have every awkward shape."""
    made = Store(tmp_path_factory.mktemp("map") / "cache")
    rng = np.random.default_rng(5)
    planted_run(made, "planted")
    margin = rng.normal(size=40)
    margin[::5] = np.nan
    map_run(made, "one", np.array([[3.0, 4.0]]))
    map_run(made, "pile", np.ones((5, 2)))
    map_run(made, "nan", rng.normal(size=(40, 2)), margin=margin)
    map_run(made, "no-margins", rng.normal(size=(40, 2)), margin=np.full(40, np.nan))
    map_run(made, "no-thumbnails", rng.normal(size=(40, 2)), thumbnails=False)
    map_run(made, "classes-2", rng.normal(size=(60, 2)), n_classes=2)
    map_run(made, "classes-25", rng.normal(size=(200, 2)), n_classes=25)
    map_run(made, "classes-300", rng.normal(size=(400, 2)), n_classes=300)
    map_run(made, "damaged", rng.normal(size=(30, 2)))
    return made


@pytest.fixture(scope="session")
def map_address(map_store, chromium) -> Iterator[str]:
    """The address of a dashboard on these runs."""
    with running_dashboard(map_store.root) as started:
        yield started


@pytest.fixture(scope="session")
def map_site(map_store, tmp_path_factory) -> Callable[[str], str]:
    """Give the address of the map of a run in a site of its own, which a double click would open."""
    folder = tmp_path_factory.mktemp("sites")

    def written(run: str) -> str:
        if not (folder / run).exists():
            write_site(map_store, [run], folder / run)
        return (folder / run / "map.html").as_uri()

    return written


@pytest.fixture(params=["app", "site"])
def open_map(map_store, visit, request) -> Callable[..., Map]:
    """Open a run's map, of the app and of a site: ``open_map("planted", "&colour=margin", width=390)``."""
    if request.param == "app":
        app = request.getfixturevalue("map_address")
    else:
        site = request.getfixturevalue("map_site")

    def opened(run: str = "planted", query: str = "", **options) -> Map:
        tab = visit(**options)
        page = f"{app}map" if request.param == "app" else site(run)
        tab.open(f"{page}?run={run}{query}")
        return Map(tab, RunData(map_store, run))

    return opened
