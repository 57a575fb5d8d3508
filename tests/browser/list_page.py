"""The list of images beside the map, used as a viewer would."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Sequence

import numpy as np

from dashboard.run.data import RunData

READ = """(list) => {
  const { top, bottom } = list.getBoundingClientRect();
  const head = list.querySelector(".heads")?.getBoundingClientRect().height ?? 0;
  const items = [...list.querySelectorAll("[data-item]")].filter((item) => {
    const box = item.getBoundingClientRect();
    return !item.closest("[hidden]") && box.height && box.top >= top + head - 1 && box.bottom <= bottom + 1;
  });
  const read = (item) => [Number(item.dataset.item), Number(item.dataset.row)];
  return items.map(read).sort((a, b) => a[0] - b[0]);
}"""


def select_hash(rows: Sequence[int], n: int) -> str:
    """Write rows of ``n`` as a link's selection."""
    bits = np.zeros(n, np.uint8)
    bits[list(rows)] = 1
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = squeeze.compress(np.packbits(bits, bitorder="little").tobytes()) + squeeze.flush()
    return "#select=rows:" + base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


class ListPage:
    """Read and use the list of an open tab."""

    def __init__(self, tab, data: RunData) -> None:
        self.tab, self.page, self.data = tab, tab.page, data
        self.panel = self.page.locator(".panel")
        self.scroller = self.panel.locator(".scroller")
        self.panel.locator("[data-item]").first.wait_for()
        self.page.wait_for_timeout(300)

    @property
    def title(self) -> str:
        """What the list says it shows."""
        return self.panel.locator(".panel-title").inner_text()

    def wait_for_count(self, count: int) -> None:
        """Wait until the list is of so many images."""
        self.page.wait_for_selector(f'[data-listed="{count}"]')
        self.page.wait_for_timeout(100)

    def in_sight(self) -> list[list[int]]:
        """Read place and row of the images that are wholly in sight."""
        return self.scroller.evaluate(READ)

    def rows(self) -> list[int]:
        """Read the rows in sight."""
        return [row for _, row in self.in_sight()]

    def bars(self, side: str) -> list[tuple[str, int]]:
        """Read the counts by class: ``side`` is ``"true"`` or ``"predicted"``."""
        group = self.panel.get_by_role("group", name=f"By {side} class")
        lines = [bar.inner_text().split("\n") for bar in group.locator(".sum-bar").all()]
        return [(name, int(number.replace(",", ""))) for name, number in lines]

    def confusions(self) -> list[tuple[str, str, int]]:
        """Read the largest confusions."""
        chips = [
            re.split(r"[\n→ ]*[\n→][\n→ ]*", chip.inner_text())
            for chip in self.panel.locator(".sum-chip").all()
        ]
        return [(true, predicted, int(number.replace(",", ""))) for true, predicted, number in chips]

    def scroll_to(self, share: float) -> None:
        """Drag the scroll bar."""
        self.scroller.evaluate(
            "(list, share) => (list.scrollTop = share * (list.scrollHeight - list.clientHeight))", share
        )
        self.page.wait_for_timeout(250)

    def nodes(self) -> int:
        """Count the elements of the list."""
        return self.scroller.evaluate("(list) => list.querySelectorAll('*').length")
