"""One dashboard a store: a program of somebody's finds the one that is there, or starts its own."""

from __future__ import annotations

import atexit
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cache import LazybonesError, Run, Store
from dashboard.launch import ADDRESS, PORT, Dashboard, free_port, page_url, server_url
from dashboard.server.routes.addresses import ROOT
from dashboard.server.routes.identity import store_digest
from dashboard.wording.escaping import html

LOOKED_AT = range(PORT, PORT + 10)
"""Ports at which a dashboard is looked for."""

PATIENCE = 120.0
"""Seconds in which a server has to answer."""


class Shown:
    """Hold a run that a dashboard shows.

    Attributes
    ----------
    run : str
        Its name.
    title : str
        What it is called.
    url : str
        Its address in the browser.
    """

    def __init__(self, store: Store, run: Run, url: str) -> None:
        self._store = store
        self.run, self.title, self.url = run.name, run.title, url

    def __repr__(self) -> str:
        return f"{self.title}: {self.url}"

    def _repr_html_(self) -> str:
        return f'<a href="{html(self.url)}" target="_blank">{html(self.title)}</a>'

    def close(self) -> None:
        """End the dashboard, if this program has started it; ``lazybones`` shows the run again."""
        _stop(self._store)

    def wait(self) -> None:
        """Stay until Ctrl-C: a script's dashboard ends with it."""
        with suppress(KeyboardInterrupt):
            while _is_ours(self._store):
                time.sleep(0.2)
        self.close()


def show(store: Store, place: Path | None, run: Run) -> Shown:
    """Show a run: by a dashboard of its store that is there, or one that is started beside this program.

    Parameters
    ----------
    store : Store
        Where the run is.
    place : Path or None
        Where that is, as `cache.roots.named_place` says.
    run : Run
        The run.

    Raises
    ------
    LazybonesError
        If no server can be started.
    """
    return Shown(store, run, page_url(_found(store) or _start(store, place), run.name))


def _stop(store: Store) -> None:
    """End the dashboard of a store, if this program has started it."""
    dashboard = _started().pop(store.root, None)
    if dashboard is not None:
        dashboard.end()


def _is_ours(store: Store) -> bool:
    """Tell whether this program has started the dashboard of a store, and it runs."""
    return store.root in _started() and _started()[store.root].code is None


def _found(store: Store) -> str | None:
    wanted = store_digest(store)
    addresses = (server_url(ADDRESS, port) for port in LOOKED_AT)
    return next((address for address in addresses if _asked(address) == wanted), None)


def _asked(address: str) -> str:
    """Give what a server says of its store; nothing where it is none of ours."""
    try:
        with urlopen(f"{address}/{ROOT}/store", timeout=1) as answer:  # noqa: S310  # this machine's
            return str(answer.read(100), "ascii", "replace")
    except (URLError, OSError, ValueError):
        return ""


def _start(store: Store, place: Path | None) -> str:
    port = free_port(PORT)
    dashboard = _started()[store.root] = Dashboard(place, port)
    started = time.monotonic()
    while not dashboard.is_ready():
        if time.monotonic() > started + PATIENCE:
            _stop(store)
            raise LazybonesError(f"The dashboard must answer within {PATIENCE:.0f} seconds. Got no answer.")
        time.sleep(0.1)
    return server_url(ADDRESS, port)


@cache
def _started() -> dict[Path, Dashboard]:
    """Hold the dashboards that this program has started, by the root of their store; they end with it."""
    dashboards: dict[Path, Dashboard] = {}

    @atexit.register
    def end_all() -> None:
        for dashboard in dashboards.values():
            dashboard.end()

    return dashboards
