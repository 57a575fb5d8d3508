"""How long a browser waits for a page after another C of the path is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks._map.servers import serving
from benchmarks._map.visit import HEIGHT, PATIENCE, WIDTH, browser
from benchmarks._meter import processor_seconds
from cache import open_store

PROBE = Path(__file__).with_name("redraw.js")
IDLE = "document.querySelector('.stApp')?.getAttribute('data-test-script-state') === 'notRunning'"
ENDED = "globalThis.lazybonesRedraw.ended > 0"
GO = "(to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }"
PAUSE = 700  # ms between two choices

Choose = Callable[[Any, float, float], None]


@dataclass(frozen=True)
class Redraws:
    """Hold how long a page took, each time.

    Attributes
    ----------
    page : str
        Its title.
    numbers, whole : list of float
        Seconds to the new numbers on the screen, and to the last change on the page.
    processor : float
        Processor seconds that the server took each time, on average.
    """

    page: str
    numbers: list[float]
    whole: list[float]
    processor: float


def redraws(run: str, Cs: list[float]) -> Iterator[Redraws]:
    """Choose every C in turn on two pages, up the path and down again."""
    walk = [*Cs, *Cs[-2::-1]]
    store = open_store().root
    with serving("dashboard/app.py", LAZYBONES_CACHE=str(store)) as server, browser() as started:
        for title, path, choose in (("Retrain", "retrain", _by_slider), ("Overview", "", _by_address)):
            page = started.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True
            ).new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{server.address}{path}?run={run}&C={Cs[0]:.12g}")
            page.locator(".lb-cards, .st-key-flipped").first.wait_for()
            page.wait_for_function(IDLE)
            page.wait_for_timeout(2 * PAUSE)
            page.evaluate(PROBE.read_text(encoding="utf-8"))
            before = processor_seconds(server.process)
            found = [_redraw(page, choose, *step) for step in pairwise(walk)]
            each = (processor_seconds(server.process) - before) / len(found)
            yield Redraws(title, [one for one, _ in found], [two for _, two in found], each)


def _by_slider(page: Any, before: float, after: float) -> None:
    page.get_by_role("slider", name="Penalty C").press("ArrowRight" if before < after else "ArrowLeft")


def _by_address(page: Any, before: float, after: float) -> None:
    """Choose as the browser's Back button does: the Overview has no control of its own."""
    page.evaluate(GO, f"{page.url.split('&')[0]}&C={after:.12g}")


def _redraw(page: Any, choose: Choose, before: float, after: float) -> tuple[float, float]:
    choose(page, before, after)
    page.wait_for_function(ENDED)
    page.wait_for_timeout(PAUSE)
    seen = page.evaluate("globalThis.lazybonesRedraw")
    return (seen["numbers"] - seen["chosen"]) / 1000, (seen["last"] - seen["chosen"]) / 1000
