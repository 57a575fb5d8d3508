"""What is measured of a map: each function uses a page that is open, and gives numbers by the name of a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks._map import use
from benchmarks._map.cases import Case
from benchmarks._map.contestants import Contestant, Ours
from benchmarks._map.visit import Visit

Numbers = dict[str, float | None]
MOVES = 220
TURNS = 6  # of a change: there and back
OWN = ("/lazybones/",)


def middle_and_late(name: str, values: list[float]) -> Numbers:
    """Give the median and the 95th percentile."""
    if not values:
        return {f"{name}, median": None, f"{name}, 95 %": None}
    return {
        f"{name}, median": float(np.median(values)),
        f"{name}, 95 %": float(np.percentile(values, 95)),
    }


def opening(visit: Visit, contestant: Contestant) -> Numbers:
    """Open the page with an empty cache."""
    seconds = visit.opened(contestant.address)
    visit.settle()
    traffic = visit.traffic
    found: Numbers = {
        "open to points drawn, s": seconds,
        "bytes until all is still, kB": traffic.total / 1000,
        "of these by websocket, kB": traffic.received / 1000,
    }
    if isinstance(contestant, Ours):
        found["positions and labels, kB"] = traffic.of("/lazybones/points", "/lazybones/columns") / 1000
        found["modules and styles, kB"] = traffic.of("/lazybones/ui") / 1000
        found["thumbnails, kB"] = traffic.of("/lazybones/thumbnails") / 1000
    return found


def reloading(visit: Visit, contestant: Contestant) -> Numbers:
    """Load the page again: what of ours comes over the wire."""
    visit.traffic.reset()
    seconds = visit.reloaded()
    visit.settle()
    found: Numbers = {"warm reload to points drawn, s": seconds}
    if isinstance(contestant, Ours):
        found["warm reload: bytes of ours, kB"] = visit.traffic.of(*OWN) / 1000
    return found


def hovering(visit: Visit, contestant: Contestant) -> Numbers:
    """Move the pointer over points."""
    page = visit.page
    box = contestant.box(page)
    node = contestant.scope(page).locator(contestant.answer).first
    node.evaluate("(node) => lazybonesProbe.watchMoves(node.matches('canvas') ? node.getRootNode() : node)")
    before = visit.processor()
    use.hover(page, box, MOVES)
    used: Numbers = {"pointer's move: processor, ms": (visit.processor() - before) / MOVES}
    worked, painted = node.evaluate("() => [lazybonesProbe.worked, lazybonesProbe.moves]")
    shown = middle_and_late("pointer to frame shown, ms", painted)
    return middle_and_late("pointer to card, ms", worked) | shown | used


def changing(visit: Visit, contestant: Contestant) -> Numbers:
    """Colour by something else and back, then filter and back: the time until it is painted, and what it sends."""
    found: Numbers = {}
    for name, act in (("colour", contestant.recolour), ("filter", contestant.filter)):
        found |= _changes(visit, name, act)
    visit.page.wait_for_timeout(500)
    return found


def _changes(visit: Visit, name: str, act: Callable[[Any, int], float | None]) -> Numbers:
    times, used, carried = [], [], []
    for turn in range(TURNS):
        visit.page.wait_for_timeout(1000 + 7 * turn)  # out of step with the frames
        visit.traffic.reset()
        before = visit.processor()
        taken = act(visit.page, turn)
        if taken is None:
            return {f"{name} change, ms": None}
        times.append(taken)
        used.append(visit.processor() - before)
        visit.page.wait_for_timeout(500)
        carried.append(visit.traffic.total / 1000)
    return {
        f"{name} change, ms": float(np.median(times)),
        f"{name} change: processor, ms": float(np.median(used)),
        f"{name} change: sent and received, kB": float(np.median(carried)),
    }


def panning(visit: Visit, contestant: Contestant) -> Numbers:
    """Drag the whole view to and fro."""
    page, scope = visit.page, contestant.scope(visit.page)
    contestant.begin_pan(page)
    box = contestant.box(page)
    node = scope.locator(contestant.answer).first
    node.evaluate(
        "(node) => { lazybonesProbe.listenTo(node, 'data-draw-ms'); lazybonesProbe.startFrames(); }"
    )
    before = visit.processor()
    use.pan(page, box, MOVES // 2)
    used = (visit.processor() - before) / (MOVES // 2)
    frames, said = node.evaluate("() => [lazybonesProbe.stopFrames(), lazybonesProbe.said]")
    found = middle_and_late("panning: from frame to frame, ms", frames)
    found |= {"panning: processor a move, ms": used}
    return found | (
        middle_and_late("panning: drawing a frame, ms", said) if isinstance(contestant, Ours) else {}
    )


def lassoing(visit: Visit, contestant: Contestant, case: Case) -> Numbers:
    """Draw round a third of the points; wait for what follows: our gallery's first row, the rivals' Python."""
    page, scope = visit.page, contestant.scope(visit.page)
    contestant.begin_lasso(page)
    box = contestant.box(page)
    node = scope.locator(contestant.answer).first
    watched, selector = contestant.selected(page)
    watched.evaluate("(node, selector) => lazybonesProbe.expect(node, selector)", selector)
    node.evaluate(
        "() => addEventListener('pointerup', (e) => "
        "(lazybonesProbe.released = performance.timeOrigin + e.timeStamp), true)"
    )
    use.lasso(page, box, third(case, box), contestant.rim)
    shown = watched.evaluate("() => lazybonesProbe.expected")
    taken = shown - node.evaluate("() => lazybonesProbe.released")
    return {
        "lasso of a third, ms": taken if taken > 0 else None
    }  # Embedding Atlas may answer while it is drawn


def third(case: Case, box: dict[str, float]) -> float:
    """Give the share of the stage's width that has a third of the points, if all fit it with a small rim."""
    with np.load(case.points) as file:
        x, y = file["x"], file["y"]
    scale = min((box["width"] - 60) / np.ptp(x), (box["height"] - 60) / np.ptp(y))
    left = (np.quantile(x, 1 / 3) - (x.min() + x.max()) / 2) * scale
    return float(0.5 + left / box["width"])
