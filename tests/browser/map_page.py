"""The map of an open tab, used as a viewer would, and where brute force says its points are."""

from __future__ import annotations

import base64
import io
import re
import zlib

import numpy as np
import pytest
from PIL import Image

from dashboard.run.data import RunData
from dashboard.server.columns import quantise_positions

PADDING = 30  # pixels that camera.js keeps free round the points
PIXELS = """(canvas) => {
  if (!canvas.checkVisibility({ visibilityProperty: true })) throw new Error("Nobody sees this canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return counts;
}"""


def seen_colours(page, selector: str) -> set[tuple[int, ...]]:
    """Give the colours that are seen in the upper half of an element, less its edge, as (red, green, blue)."""
    box = page.locator(selector).bounding_box()
    left, top, width, height = box["x"] + 60, box["y"] + 10, box["width"] - 120, box["height"] / 2 - 40
    shot = page.screenshot(clip={"x": left, "y": top, "width": width, "height": height})
    with Image.open(io.BytesIO(shot)) as picture:
        return {colour for _, colour in picture.convert("RGB").getcolors(maxcolors=2**24)}


def open_menu(page, name: str) -> None:
    """Open a menu of the map's toolbar, if it is not open: "Colour", "Filter" or "View"."""
    opener = page.locator(".toolbar .tool-open", has_text=name)
    if opener.get_attribute("aria-expanded") != "true":
        opener.click()


def colour_by(page, title: str) -> None:
    """Choose what colours the map, or both maps."""
    open_menu(page, "Colour")
    page.locator(".modes label").filter(has_text=re.compile(rf"^{re.escape(title)}$")).click()


def filters(page):
    """Open the filters, and give them."""
    open_menu(page, "Filter")
    return page.locator(".filters")


ONLY_IN_THE_APP = pytest.mark.parametrize("open_map", ["app"], indirect=True)
"""Of a test with `open_map`: it is about the server, or about Streamlit's pages."""


class Map:
    """Use a map of an open tab as a viewer would; ``root`` tells it from others."""

    def __init__(self, tab, data: RunData, root: str = ".lb-map") -> None:
        self.tab, self.page, self.data, self.root = tab, tab.page, data, root
        self.page.wait_for_selector(f"{root}[data-drawn]")
        self.page.locator(f"{root} .stage").scroll_into_view_if_needed()
        self.page.wait_for_timeout(200)

    @property
    def said(self) -> dict[str, str]:
        """The data attributes of the map."""
        return self.page.locator(self.root).evaluate("(map) => ({ ...map.dataset })")

    def page_link(self, name: str):
        """Find the link to a page in the bar."""
        return self.page.locator(".st-key-pages a, .bar nav a", has_text=name)

    @property
    def scroller(self):
        """What scrolls, if the page is longer than the window."""
        return self.page.locator("[data-testid=stMain], html:has(main[data-drawn])")

    @property
    def box(self) -> dict[str, float]:
        """Where the stage is on the screen."""
        return self.page.locator(f"{self.root} .stage").bounding_box()

    def places(self) -> np.ndarray:
        """Compute where each point is on the screen at home, float (n, 2)."""
        x, y = quantise_positions(self.data.artefact("projection").array("test")).astype(float).T
        box = self.box
        scale = min(
            (box["width"] - 2 * PADDING) / max(np.ptp(x), 1),
            (box["height"] - 2 * PADDING) / max(np.ptp(y), 1),
        )
        left = box["x"] + box["width"] / 2 + (x - (x.min() + x.max()) / 2) * scale
        top = box["y"] + box["height"] / 2 - (y - (y.min() + y.max()) / 2) * scale
        return np.stack([left, top], axis=1)

    def nearest(self, left: float, top: float) -> int:
        """Find the point nearest to a place by brute force."""
        return int(np.hypot(*(self.places() - [left, top]).T).argmin())

    def lonely(self) -> int:
        """Find the point whose nearest neighbour is farthest."""
        places = self.places()
        distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
        np.fill_diagonal(distances, np.inf)
        return int(distances.min(axis=1).argmax())

    def point_at(self, row: int) -> None:
        """Move the mouse to a point."""
        self.page.mouse.move(*self.places()[row])
        self.page.wait_for_function("(map) => map.dataset.hoverId", arg=self.page.query_selector(self.root))

    def part(self, name: str) -> str:
        """Read a part of the card."""
        return self.page.locator(f'{self.root} .card [data-part="{name}"]').inner_text()

    def inside(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Find the points in a box of the screen by brute force."""
        x, y = self.places().T
        return np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom)).tolist()

    def drag(self, *path: tuple[float, float]) -> None:
        """Press the mouse at the first place, move over the others, let go at the last."""
        self.page.mouse.move(*path[0])
        self.page.mouse.down()
        for place in path[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def selected(self) -> list[int]:
        """Read which rows are selected, from the link as another program would; the map counts as many."""
        self.page.wait_for_timeout(400)
        made = dict(part.split("=", 1) for part in self.hash.split("&") if part).get("select")
        rows = [] if made is None else self._rows_of(*made.split(":"))
        assert self.said["selected"] == str(len(rows))
        return rows

    @property
    def hash(self) -> str:
        """What the address says of the view."""
        return self.page.evaluate("location.hash.slice(1)")

    def _rows_of(self, kind: str, content: str) -> list[int]:
        if kind == "rows":
            squeezed = base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
            bits = np.frombuffer(zlib.decompress(squeezed, wbits=-15), np.uint8)
            return np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist()
        assert kind == "scatter"
        x, y = quantise_positions(self.data.artefact("projection").array("test")).T
        polygon = np.reshape([int(value) for value in content.split(".")], (-1, 2))
        return np.flatnonzero(even_odd(x, y, polygon)).tolist()

    def wait_for(self, name: str, value: str) -> None:
        """Wait until the map says something of itself."""
        self.page.wait_for_selector(f'{self.root}[data-{name}="{value}"]')

    def pixels(self) -> dict[int, int]:
        """Count the pixels of each colour, once the map is finely drawn."""
        counts = self.page.locator(f'{self.root}[data-quality="full"] canvas.points').evaluate(PIXELS)
        return {int(colour): count for colour, count in counts.items()}


def even_odd(x: np.ndarray, y: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Count for each point the edges that a ray to the right crosses; bool (n,): odd."""
    crossings = np.zeros(len(x), int)
    for (x0, y0), (x1, y1) in zip(
        np.roll(polygon, 1, axis=0).astype(float), polygon.astype(float), strict=True
    ):
        spans = (y1 > y) != (y0 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings += spans & (x < (x0 - x1) * (y - y1) / (y0 - y1) + x1)
    return crossings % 2 == 1
