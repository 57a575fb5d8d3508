"""A tab of headless Chromium with a stopwatch in every frame and a meter on the wire."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.js")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LINK = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
WIDTH, HEIGHT = 1280, 860
PATIENCE = 120_000.0  # ms


@dataclass
class Traffic:
    """Count what crosses the wire, in bytes.

    Attributes
    ----------
    fetched : dict of str to int
        Bytes of each answer, by its URL; 0 from the browser's cache.
    received, sent : int
        Bytes of websocket messages.
    """

    fetched: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    received: int = 0
    sent: int = 0
    urls: dict[str, str] = field(default_factory=dict)

    def connect(self, session: Any) -> None:
        """Listen to a page's session of Chromium's protocol."""
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._request)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", lambda event: self._frame("received", event))
        session.on("Network.webSocketFrameSent", lambda event: self._frame("sent", event))

    def _request(self, event: dict[str, Any]) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.fetched[self.urls.get(event["requestId"], "")] += int(event["encodedDataLength"])

    def _frame(self, name: str, event: dict[str, Any]) -> None:
        frame = event["response"]
        size = len(frame["payloadData"]) * (3 / 4 if frame["opcode"] == 2 else 1)  # base64 where it is binary
        setattr(self, name, getattr(self, name) + int(size))

    def of(self, *parts: str) -> int:
        """Give the bytes of answers whose URL has one of some parts."""
        return sum(size for url, size in self.fetched.items() if any(part in url for part in parts))

    @property
    def total(self) -> int:
        """Everything since the last `reset`."""
        return sum(self.fetched.values()) + self.received + self.sent

    def reset(self) -> None:
        """Begin anew."""
        self.fetched.clear()
        self.received = self.sent = 0


@dataclass(frozen=True)
class Visit:
    """A page that is open.

    Attributes
    ----------
    page : playwright.sync_api.Page
        The tab.
    traffic : Traffic
        What it has loaded.
    session : playwright.sync_api.CDPSession
        Chromium's protocol.
    """

    page: Any
    traffic: Traffic
    session: Any

    def opened(self, address: str) -> float:
        """Go to an address; give the seconds until there are points."""
        self.page.goto(address)
        return self.drawn()

    def reloaded(self) -> float:
        """Load the page again, with the browser's cache; give the seconds until there are points."""
        self.page.reload()
        return self.drawn()

    def drawn(self) -> float:
        """Wait for points in any frame; give the seconds since the page began to load."""
        began = self.page.evaluate("performance.timeOrigin")
        waited = 0.0
        while waited < PATIENCE:
            self.page.wait_for_timeout(50)
            waited += 50
            for frame in self.page.frames:
                at = frame.evaluate("globalThis.lazybonesProbe?.drawnAt ?? 0")
                if at:
                    return float(at - began) / 1000
        raise TimeoutError(f"The map at {self.page.url} must be drawn in {PATIENCE / 1000:g} s. Got nothing.")

    def processor(self) -> float:
        """Give the milliseconds of a processor that the page's main thread used: other programs hardly change them."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    def settle(self, milliseconds: float = 1500) -> None:
        """Wait until nothing more comes."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(milliseconds)


def chromium() -> str:
    """Find a browser.

    Raises
    ------
    FileNotFoundError
        If none is installed.
    """
    names = [os.environ.get("LAZYBONES_CHROMIUM", ""), *BROWSERS]
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        raise FileNotFoundError(
            f"A browser must be one of {', '.join(BROWSERS)}. Got none. Try: apt-get install chromium"
        )
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """Start a headless Chromium without a graphics processor."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def visit(started: Any, *, slow: bool = False, ratio: float = 1) -> Iterator[Visit]:
    """Open a tab with an empty cache; ``slow`` for 10 Mbit/s and 40 ms; ``ratio`` device pixels in one of the page."""
    context = started.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=ratio)
    context.add_init_script(PROBE.read_text(encoding="utf-8"))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    session = context.new_cdp_session(page)
    traffic = Traffic()
    traffic.connect(session)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    if slow:
        session.send("Network.emulateNetworkConditions", LINK)
    try:
        yield Visit(page, traffic, session)
    finally:
        context.close()
