"""The map's files over HTTP: its modules, its columns, its thumbnails."""

from __future__ import annotations

import functools
import json
import logging
import os
import re
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cache import Store, open_store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing, LazybonesError
from cache.roots import VARIABLE
from dashboard import ui_files
from dashboard.access import PARAMETER, PERIOD, admits, sign_in_configured
from dashboard.points import digest, encode_columns, encode_points

ROOT = "lazybones"
_KEY, _DIGEST, _INDEX = r"[0-9a-f]{40}", r"[0-9a-f]{12}", r"0|[1-9][0-9]{0,5}"
_POINTS = re.compile(rf"(?P<projection>{_KEY})\.(?P<dataset>{_KEY})\.(?P<digest>{_DIGEST})\.bin")
_COLUMNS = re.compile(rf"(?P<classifier>{_KEY})\.(?P<index>{_INDEX})\.(?P<digest>{_DIGEST})\.bin")
_IDS = re.compile(rf"(?P<dataset>{_KEY})\.(?P<digest>{_DIGEST})\.json")
_THUMBNAILS = re.compile(rf"(?P<thumbnails>{_KEY})\.(?P<index>{_INDEX})\.(?P<digest>{_DIGEST})\.webp")
_UI = re.compile(r"[a-z][a-z0-9_]{0,31}\.(?:js|css)")

Match = Mapping[str, str]
Body = tuple[bytes, str]


def points_path(projection: Artefact, dataset: Artefact) -> str:
    """Give the path of the points: positions and true labels."""
    mark = digest(projection.digest, dataset.digest)
    return f"{ROOT}/points/{projection.key}.{dataset.key}.{mark}.bin"


def columns_path(classifier: Artefact, index: int) -> str:
    """Give the path of what a classifier says at its ``index``-th C."""
    return f"{ROOT}/columns/{classifier.key}.{index}.{digest(classifier.digest)}.bin"


def ids_path(dataset: Artefact) -> str:
    """Give the path of the test images' ids."""
    return f"{ROOT}/ids/{dataset.key}.{digest(dataset.digest)}.json"


def thumbnails_path(thumbnails: Artefact, index: int) -> str:
    """Give the path of a sheet of thumbnails."""
    return f"{ROOT}/thumbnails/{thumbnails.key}.{index}.{digest(thumbnails.digest)}.webp"


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
        For ``st.App(routes=...)``. Every answer is a file, 304, 403, or a short text with 404 or 500.
    """
    prefix = f"/{base.strip('/')}/{ROOT}" if base.strip("/") else f"/{ROOT}"
    opened = store or _store
    kinds: list[tuple[str, re.Pattern[str], Callable[[Store, Match], Body]]] = [
        ("points", _POINTS, _points),
        ("columns", _COLUMNS, _columns),
        ("ids", _IDS, _ids),
        ("thumbnails", _THUMBNAILS, _thumbnails),
    ]
    routes = [
        Route(f"{prefix}/{kind}/{{name}}", _artefact_endpoint(kind, pattern, body, opened))
        for kind, pattern, body in kinds
    ]
    return [*routes, Route(f"{prefix}/ui/{{version}}/{{name}}", _ui)]


def _artefact_endpoint(
    kind: str, pattern: re.Pattern[str], body: Callable[[Store, Match], Body], store: Callable[[], Store]
) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        match = pattern.fullmatch(name)
        if match is None:
            return _refusal(404, "There is no such file.")
        if not admits(f"{ROOT}/{kind}/{name}", request.query_params.get(PARAMETER)):
            return _refusal(403, "Sign in, then reload the page.")
        tag = f'"{match["digest"]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=_headers(tag))
        try:
            content, media_type = body(store(), match.groupdict())
        except ArtefactMissing:
            return _refusal(404, "The cache has no such file. Reload the page.")
        except (LazybonesError, ValueError, OSError) as error:
            logging.getLogger(__name__).warning("Could not serve %s/%s: %s", kind, name, error)
            return _refusal(500, "A file of the cache is damaged. Run: python -m pipeline verify")
        return Response(content, media_type=media_type, headers=_headers(tag))

    return endpoint


def _points(store: Store, match: Match) -> Body:
    projection = store.artefact("projection", match["projection"])
    dataset = store.artefact("dataset", match["dataset"])
    _check(match, projection, dataset)
    labels = dataset.array("test_labels")
    body = encode_points(projection.array("test"), labels, _n_classes(dataset))
    return body, "application/octet-stream"


def _columns(store: Store, match: Match) -> Body:
    classifier = store.artefact("classifier", match["classifier"])
    _check(match, classifier)
    index = int(match["index"])
    if index >= len(classifier.array("C")):
        raise ArtefactMissing(f"index must be below {len(classifier.array('C'))}. Got {index}.")
    dataset = store.artefact("dataset", classifier.manifest.inputs["dataset"])
    names = ("predicted_label", "runner_up_label", "margin")
    predicted, runner_up, margin = (classifier.array(name)[index] for name in names)
    return encode_columns(predicted, runner_up, margin, _n_classes(dataset)), "application/octet-stream"


def _ids(store: Store, match: Match) -> Body:
    dataset = store.artefact("dataset", match["dataset"])
    _check(match, dataset)
    return json.dumps(dataset.array("test_ids").tolist(), separators=(",", ":")).encode(), "application/json"


def _thumbnails(store: Store, match: Match) -> Body:
    thumbnails = store.artefact("thumbnails", match["thumbnails"])
    _check(match, thumbnails)
    name = f"sheet_{match['index']}.webp"
    if name not in thumbnails.manifest.files:
        raise ArtefactMissing(f"{name} must be one of the sheets. Got none.")
    return thumbnails.path(name).read_bytes(), "image/webp"


def _ui(request: Request) -> Response:
    """Serve the UI as it was when the process started, so that a page never mixes two versions."""
    version, name = request.path_params["version"], request.path_params["name"]
    files = ui_files.contents()
    if version != ui_files.version() or not _UI.fullmatch(name) or name not in files:
        return _refusal(404, "The dashboard was updated. Reload the page.")
    tag = f'"{version}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=_headers(tag, public=True))
    media_type = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(files[name], media_type=media_type, headers=_headers(tag, public=True))


def _check(match: Match, *artefacts: Artefact) -> None:
    if match["digest"] != digest(*(artefact.digest for artefact in artefacts)):
        raise ArtefactMissing("The digest must be the artefact's. Got another one.")


def _n_classes(dataset: Artefact) -> int:
    return len(dataset.manifest.facts["class_names"])


def _headers(tag: str, *, public: bool = False) -> dict[str, str]:
    open_to_all = public or not sign_in_configured()
    return {
        "Cache-Control": "public, max-age=31536000, immutable"
        if open_to_all
        else f"private, max-age={PERIOD}",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _refusal(status: int, text: str) -> Response:
    return PlainTextResponse(text, status, headers={"Cache-Control": "no-store"})


def _store() -> Store:
    return _store_at(os.environ.get(VARIABLE))


@functools.lru_cache(maxsize=4)
def _store_at(location: str | None) -> Store:
    """Open a store once a process: it remembers which files' SHA-256 it has checked."""
    return open_store()
