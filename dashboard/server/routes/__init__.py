"""The map's files over HTTP: its modules, columns and thumbnails, and what people take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.routing import Route

from cache import Store
from dashboard.run.of_process import the_store
from dashboard.server.routes import addresses, files
from dashboard.server.routes.any_image import evidence_endpoint, image_endpoint
from dashboard.server.routes.compression import Compressor
from dashboard.server.routes.exports import export_endpoint
from dashboard.server.routes.guests import guest_endpoint
from dashboard.server.routes.identity import store_endpoint
from dashboard.server.routes.once import Once
from dashboard.server.routes.poster import poster
from dashboard.server.routes.responses import FileBody, Maker, at_once, file_endpoint, guarded
from dashboard.server.routes.single_rows import neighbours_endpoint, table_row_endpoint
from dashboard.server.routes.ui import ui_endpoint
from dashboard.server.routes.verdicts import judge_endpoint, verdicts_endpoint

GRIDS_KEPT = 8
POSTERS_KEPT = 2
FILES: Mapping[addresses.Kind, FileBody] = MappingProxyType(
    {
        addresses.POINTS: files.points,
        addresses.LABELS: files.labels,
        addresses.COLUMNS: files.columns,
        addresses.IDS: files.ids,
        addresses.FAITHFULNESS: files.faithfulness,
        addresses.COMMON: files.common,
        addresses.VALUES: files.values,
        addresses.THUMBNAILS: files.thumbnails,
    }
)
"""What gives the files that are quickly made."""


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
    prefix = "/".join(("", *filter(None, [base.strip("/")]), addresses.ROOT))
    store, compressor = store or the_store, Compressor()
    makers: dict[addresses.Kind, Maker] = {
        **{kind: at_once(body, store) for kind, body in FILES.items()},
        addresses.GRID: Once("a grid layout", GRIDS_KEPT, files.grid, store),
        addresses.POSTER: Once("a poster", POSTERS_KEPT, poster, store),
    }
    endpoints = {kind: file_endpoint(maker, compressor) for kind, maker in makers.items()}
    export, guest = export_endpoint(store), guest_endpoint(store)
    endpoints |= {
        addresses.NEIGHBOURS: neighbours_endpoint(store),
        addresses.TABLE_ROW: table_row_endpoint(store),
        addresses.IMAGE: image_endpoint(store),
        addresses.EVIDENCE: evidence_endpoint(store),
        addresses.VERDICTS: verdicts_endpoint(store),
        addresses.JUDGE: judge_endpoint(store),
        addresses.EXPORT: export,
        addresses.UNJUDGED: export,
        addresses.GUEST: guest,
        addresses.GUEST_UNJUDGED: guest,
    }
    return [
        *(
            Route(f"{prefix}/{kind.name}/{{name}}", guarded(kind, endpoint), methods=[kind.method])
            for kind, endpoint in endpoints.items()
        ),
        Route(f"{prefix}/store", store_endpoint(store)),
        Route(f"{prefix}/ui/{{version}}/{{name:path}}", ui_endpoint(compressor)),
    ]
