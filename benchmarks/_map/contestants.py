"""The maps that are compared, and how each is used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from benchmarks._map.cases import Case
from benchmarks._map.servers import duckdb_server, streamlit

CLICK = "(element) => lazybonesProbe.change(() => element.click())"


@dataclass(frozen=True)
class Contestant:
    """A map on a page.

    Attributes
    ----------
    address : str
        Of the page.
    name : ClassVar[str]
        Whose it is.
    stage, answer : ClassVar[str]
        Selectors of where the points are, and of what changes under a pointer.
    rim : ClassVar[float]
        Pixels of the stage's edge that something may lie over.
    """

    address: str
    name: ClassVar[str] = ""
    stage: ClassVar[str] = ""
    answer: ClassVar[str] = ""
    rim: ClassVar[float] = 4.0

    def scope(self, page: Any) -> Any:
        """Give the page, or the frame in it that holds the map."""
        return page

    def box(self, page: Any) -> dict[str, float]:
        """Give where the points are on the screen."""
        stage = self.scope(page).locator(self.stage).first
        stage.scroll_into_view_if_needed()
        page.wait_for_timeout(500)  # a frame in the page may scroll it back
        box: dict[str, float] = stage.bounding_box()
        return box

    def recolour(self, page: Any, turn: int) -> float | None:
        """Colour by predicted class, every second turn by true class again.

        Gives the milliseconds until it is painted, or None if there is no such thing.
        """
        return None

    def filter(self, page: Any, turn: int) -> float | None:
        """Show one class alone, every second turn all again; as `recolour`."""
        return None

    def begin_lasso(self, page: Any) -> None:
        """Make the next drag a lasso."""

    def begin_pan(self, page: Any) -> None:
        """Make the next drag move the map."""

    def selected(self, page: Any) -> tuple[Any, str]:
        """Give the element that says, at last, that a selection has come, and what must then be in it."""
        return page.get_by_text("selected").first, ""


class Ours(Contestant):
    """The map of this dashboard."""

    name, stage, answer = "Lazybones", ".lb-map .stage", ".lb-map"

    def recolour(self, page: Any, turn: int) -> float | None:
        """Choose a colour."""
        value = ("predicted", "true")[turn % 2]
        taken: float = page.locator(f".lb-map input[name=colourBy][value={value}]").evaluate(CLICK)
        return taken

    def filter(self, page: Any, turn: int) -> float | None:
        """Click a legend entry: the second click takes the first one back."""
        taken: float = page.locator(".lb-map .legend [data-do=alone]").nth(2).evaluate(CLICK)
        return taken

    def begin_lasso(self, page: Any) -> None:
        """Take the lasso."""
        page.locator(".lb-map [data-do=lasso]").click()

    def begin_pan(self, page: Any) -> None:
        """Put it away."""
        page.locator(".lb-map .stage").focus()
        page.keyboard.press("Escape")

    def selected(self, page: Any) -> tuple[Any, str]:
        """Give the panel beside the map, and a tile of its gallery."""
        return page.locator(".lb-map .panel"), "[data-row]"


class Plotly(Contestant):
    """``st.plotly_chart``."""

    name, stage, answer = "st.plotly_chart", ".js-plotly-plot .nsewdrag", ".js-plotly-plot .hoverlayer"

    def recolour(self, page: Any, turn: int) -> float | None:
        """Choose the other colours."""
        taken: float = page.locator("input[type=radio]").nth((turn + 1) % 2).evaluate(CLICK)
        return taken

    def filter(self, page: Any, turn: int) -> float | None:
        """Click a legend entry: plotly waits 300 ms for a second click first."""
        box = page.locator(".legendtoggle").nth(2).bounding_box()
        watch = "() => { globalThis.filtered = lazybonesProbe.change(() => {}); }"
        page.evaluate(watch)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        taken: float = page.evaluate("globalThis.filtered")
        return taken

    def begin_lasso(self, page: Any) -> None:
        """Take the lasso."""
        self._tool(page, "Lasso Select")

    def begin_pan(self, page: Any) -> None:
        """Take the hand."""
        self._tool(page, "Pan")

    def _tool(self, page: Any, title: str) -> None:
        page.locator(f'.modebar-btn[data-title="{title}"]').first.evaluate("(button) => button.click()")


class Atlas(Contestant):
    """Embedding Atlas's Streamlit component."""

    name, stage, answer, rim = "Embedding Atlas", "canvas", "canvas", 60.0

    def scope(self, page: Any) -> Any:
        """Give the component's frame."""
        return page.frame_locator("iframe[title*=embedding_atlas]")

    def begin_lasso(self, page: Any) -> None:
        """Take the lasso."""
        self.scope(page).locator('button[title*="lasso"]').click()

    def begin_pan(self, page: Any) -> None:
        """Put it away."""


@dataclass(frozen=True)
class AtlasPlace:
    """Where Embedding Atlas is installed, and the files that it would fetch from a public server.

    Attributes
    ----------
    python : str
        A Python with Streamlit and embedding-atlas 0.22 (later ones draw with WebGPU only).
    duckdb : Path or None
        npm's package @duckdb/duckdb-wasm, unpacked.
    """

    python: str = sys.executable
    duckdb: Path | None = None

    @property
    def trouble(self) -> str:
        """Say why it cannot be measured; empty if it can."""
        command = [self.python, "-c", "import embedding_atlas.streamlit"]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return f"not measured: embedding_atlas is not installed in {self.python}"
        if self.duckdb is None or not (self.duckdb / "dist").is_dir():
            return "not measured: it needs DuckDB's files, see --duckdb"
        return ""


@contextmanager
def contestants(case: Case, place: AtlasPlace, names: list[str]) -> Iterator[list[Contestant]]:
    """Start the servers of those that are named, all on the same points."""
    points = {"LAZYBONES_BENCHMARK_POINTS": str(case.points)}
    with ExitStack() as stack:
        found: list[Contestant] = []
        if "ours" in names:
            address = stack.enter_context(streamlit("dashboard/app.py", LAZYBONES_CACHE=str(case.store)))
            found.append(Ours(f"{address}map?run={case.run}"))
        if "plotly" in names:
            found.append(Plotly(stack.enter_context(streamlit("benchmarks/_map/plotly_app.py", **points))))
        if "atlas" in names and place.duckdb and not place.trouble:
            duckdb = stack.enter_context(duckdb_server(place.duckdb))
            environment = {**points, "LAZYBONES_BENCHMARK_DUCKDB": duckdb}
            server = streamlit("benchmarks/_map/atlas_app.py", place.python, **environment)
            found.append(Atlas(stack.enter_context(server)))
        yield found
