"""How soon the points stand: a site of static files against the app, on a slow link, in one run.

``python -m benchmarks.site --run cifar10-inception-2015 [--rounds 7]``. A new browser context each time, so nothing is
cached; 10 Mbit/s and 40 ms each way, by Chromium's own throttling. The site is served as most static hosts do, gzipped.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks._map.servers import streamlit
from benchmarks._map.visit import HEIGHT, LINK, WIDTH, browser
from cache import open_store
from dashboard.site.write import write_site

WATCH = """(() => {
  const look = () => {
    const roots = [document, ...[...document.querySelectorAll("*")].flatMap((one) => one.shadowRoot ?? [])];
    if (roots.some((root) => root.querySelector(".lb-map[data-drawn]"))) window.lazybonesDrawn = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();"""
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class _Gzipped(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", KINDS.get(path.suffix, "application/octet-stream"))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # the browser has seen enough, and is gone
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Gzipped, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _seconds(started: Any, address: str) -> float:
    """Open a page in a new context; give the seconds until its points are drawn."""
    context = started.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINK)
        page.goto(address, wait_until="commit")
        while not (found := page.evaluate("window.lazybonesDrawn ?? null")):
            time.sleep(0.02)
        return float(found) / 1000
    finally:
        context.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "site"
        begun = time.perf_counter()
        size = write_site(open_store(), [options.run], folder)
        print(f"site: {size / 1e6:.2f} MB, written in {time.perf_counter() - begun:.1f} s\n")
        with streamlit("dashboard/app.py") as app, _serving(folder) as site, browser() as started:
            pages = {"app": f"{app}map?run={options.run}", "site": f"{site}map.html?run={options.run}"}
            _seconds(started, pages["app"])  # the server's first page imports what others find
            found: dict[str, list[float]] = {name: [] for name in pages}
            for _ in range(options.rounds):
                for name, address in pages.items():
                    found[name].append(_seconds(started, address))
    print("| map of | first points, s: median | least | most |\n|---|---:|---:|---:|")
    for name, times in found.items():
        print(f"| {name} | {statistics.median(times):.2f} | {min(times):.2f} | {max(times):.2f} |")


if __name__ == "__main__":
    main()
