"""How long a browser takes for a step of the thumb on the curve of accuracy against C: no script runs meanwhile."""

from __future__ import annotations

from typing import Any

from benchmarks._map.servers import serving
from benchmarks._map.visit import HEIGHT, PATIENCE, WIDTH, browser
from cache import open_store

ROUNDS = 4
PROBE = """() => {
  const root = [...document.querySelectorAll("*")].map((one) => one.shadowRoot?.querySelector(".curve")).find(Boolean);
  const times = (globalThis.lazybonesSteps = []);
  let shown = root.dataset.shown;
  addEventListener("pointermove", ({ timeStamp }) => {
    if (root.dataset.shown === shown) return;
    shown = root.dataset.shown;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => times.push(performance.now() - timeStamp);
    requestAnimationFrame(() => port2.postMessage(null));
  });
}"""
"""Notes, for each step, the time from the move of the pointer to the frame that shows all of it."""


def steps(run: str) -> list[float]:
    """Drag the thumb over every stored C and back, and give the seconds of each step, ascending."""
    with serving("dashboard/app.py", LAZYBONES_CACHE=str(open_store().root)) as server, browser() as started:
        page = started.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server.address}retrain?run={run}")
        _wait(page)
        page.evaluate(PROBE)
        places = [_middle(stop.bounding_box()) for stop in page.locator(".curve circle.stop").all()]
        page.mouse.move(*places[0])
        page.mouse.down()
        for _ in range(ROUNDS):
            for place in (*places[1:], *places[-2::-1]):
                page.mouse.move(*place, steps=3)
                page.wait_for_timeout(120)
        found: list[float] = page.evaluate("globalThis.lazybonesSteps")
        page.mouse.up()
    return sorted(time / 1000 for time in found)


def _wait(page: Any) -> None:
    """Wait until what every classifier says is there."""
    page.locator(".curve .stop").first.wait_for()
    count = page.locator(".curve .stop").count()
    page.locator(f".curve[data-loaded='{count}']").wait_for()
    page.locator(".curve canvas[data-thumbnail=ready]").first.wait_for()


def _middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
