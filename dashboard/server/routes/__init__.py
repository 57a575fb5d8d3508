"""The map's files over HTTP: its modules, columns and thumbnails, and what people take away."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

from starlette.routing import Route

from cache import Store, open_store
from cache.roots import VARIABLE
from dashboard.jobs.queue import JobQueue
from dashboard.server.routes import files
from dashboard.server.routes.addresses import (
    COLUMNS,
    COMMON,
    EXPORT,
    FAITHFULNESS,
    GRID,
    IDS,
    NEIGHBOURS,
    POINTS,
    POSTER,
    ROOT,
    THUMBNAILS,
    Kind,
    Match,
)
from dashboard.server.routes.answers import Body, file_endpoint
from dashboard.server.routes.compression import Compressor
from dashboard.server.routes.exports import export_endpoint
from dashboard.server.routes.neighbours import neighbours_endpoint
from dashboard.server.routes.posters import poster_files
from dashboard.server.routes.ui import ui_endpoint

GRIDS_KEPT = 8
POSTERS_KEPT = 2
MOST_THREADS = 1000
"""More than the server has: each waits for one file at the most, so none is refused."""


def file_routes(base: str = "", store: Callable[[], Store] | None = None) -> list[Route]:
    """Make the routes of the map's files.

    Parameters
    ----------
    base : str
        The server's base path, ``server.baseUrlPath``.
    store : callable, optional
        Gives the store; by default the process's own.

    Returns
    -------
    list of Route
        For ``st.App(routes=...)``. Every answer is a file, 304, 403, or a short text that says why not.
    """
    prefix = f"/{base.strip('/')}/{ROOT}" if base.strip("/") else f"/{ROOT}"
    opened, compressor = store or _store, Compressor()
    contents: list[tuple[Kind, Callable[[Store, Match], Body]]] = [
        (POINTS, files.points),
        (COLUMNS, files.columns),
        (IDS, files.ids),
        (FAITHFULNESS, files.faithfulness),
        (COMMON, files.common),
        (THUMBNAILS, files.thumbnails),
        (GRID, files.grid_files(_kept(GRIDS_KEPT))),
        (POSTER, poster_files(_kept(POSTERS_KEPT))),
    ]
    kinds = ((kind, file_endpoint(kind, body, opened, compressor)) for kind, body in contents)
    return [
        *(Route(f"{prefix}/{kind.name}/{{name}}", endpoint) for kind, endpoint in kinds),
        Route(f"{prefix}/{NEIGHBOURS.name}/{{name}}", neighbours_endpoint(opened)),
        Route(f"{prefix}/{EXPORT.name}/{{name}}", export_endpoint(opened), methods=["POST"]),
        Route(f"{prefix}/ui/{{version}}/{{name:path}}", ui_endpoint(compressor)),
    ]


def _kept(most: int) -> JobQueue:
    """Give what makes one file after the other, beside the queue of fits: a download cannot wait for those."""
    return JobQueue(history=most, longest=MOST_THREADS)


def _store() -> Store:
    return _store_at(os.environ.get(VARIABLE))


@functools.lru_cache(maxsize=4)
def _store_at(location: str | None) -> Store:
    """Open a store once a process: it remembers which files' SHA-256 it has checked."""
    return open_store()
