"""What a site's pages ask for, as the server would answer it, and as scripts: a page on a disk can read those alone."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Store
from dashboard.run.table import said_of
from dashboard.server.export_content import Export
from dashboard.server.routes import FILES, addresses, files
from dashboard.server.routes.addresses import ROOT, Match
from dashboard.server.routes.responses import opened

PACKED = "image/"
"""Begin of the media types that are compressed already."""


def named_in(content: Any) -> Iterator[str]:
    """Find every address of a file in what a page is told."""
    if isinstance(content, str):
        if content.startswith(f"{ROOT}/"):
            yield content
    elif isinstance(content, Mapping):
        for part in content.values():
            yield from named_in(part)
    elif isinstance(content, list | tuple):
        for part in content:
            yield from named_in(part)


def content_of(store: Store, address: str) -> tuple[bytes, str]:
    """Give what is at an address, and its media type.

    Parameters
    ----------
    store : Store
        Where the run is.
    address : str
        ``lazybones/<kind>/<name>``, as `dashboard.server.routes.addresses` writes it.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    ValueError
        If a site has no such file.
    """
    _, kind_name, name = address.split("/")
    for kind, body in ANSWERS.items():
        match = kind.match(name) if kind.name == kind_name else None
        if match is not None:
            return body(store, match)
    raise ValueError(f"A site's file must be of {', '.join(kind.name for kind in ANSWERS)}. Got {address}.")


def script(name: str, content: bytes, media: str) -> str:
    """Write a file as a script that hands it to ``dashboard/ui/site/files.js``."""
    is_packed = media.startswith(PACKED)
    packed = content if is_packed else zlib.compress(content, 9, wbits=-15)
    text = base64.b64encode(packed).decode()
    return f'lazybones.file({json.dumps(name)},{json.dumps(media)},{int(not is_packed)},"{text}");\n'


def _neighbours(store: Store, match: Match) -> tuple[bytes, str]:
    """Give the nearest images of all, so that it compresses well: what is alike lies together.

    How many images and neighbours, n and k, and bytes of a row's number, uint32 each; then, nearest first and with the
    first bytes of all before their second ones, rows (k, n), and distances (k, n) as float32, each bit pattern less the
    one of the neighbour before.
    """
    (artefact,) = opened(store, match)
    indices, distances = artefact.array("indices"), artefact.array("distances")
    n, k = indices.shape
    kind = "<u2" if n <= 1 << 16 else "<u4"
    patterns = np.ascontiguousarray(distances.T, "<f4").view("<u4")
    steps = np.diff(patterns, axis=0, prepend=np.zeros((1, n), np.uint32)).astype("<u4")
    head = np.array([n, k, int(kind[2])], "<u4").tobytes()
    return head + _apart(indices.T.astype(kind)) + _apart(steps), files.BINARY


def _apart(numbers: NDArray[Any]) -> bytes:
    """Write the first bytes of all numbers, then their second ones, and so on."""
    flat = np.ascontiguousarray(numbers).reshape(-1)
    return flat.view(np.uint8).reshape(-1, flat.itemsize).T.tobytes()


def _table_rows(store: Store, match: Match) -> tuple[bytes, str]:
    """Give what the table says of each image: a list of texts each."""
    (dataset,) = opened(store, match)
    rows = [[words for _, words in said_of(dataset, row)] for row in range(dataset.manifest.dims["n_test"])]
    return json.dumps(rows, separators=(",", ":")).encode(), "application/json"


def _table(store: Store, match: Match) -> tuple[bytes, str]:
    """Give the table of all images that people take away, of which the page takes lines."""
    *artefacts, projection = opened(store, match)
    if "classifier" in match:
        dataset = store.artefact("dataset", artefacts[0].manifest.inputs["dataset"])
        export = Export(dataset, projection, artefacts[0], files.row_of_C(artefacts[0], match))
    else:
        export = Export(artefacts[0], projection)
    return b"".join(export.table(range(export.n))), "text/csv;charset=utf-8"


ANSWERS: Mapping[addresses.Kind, Callable[[Store, Match], tuple[bytes, str]]] = MappingProxyType(
    {
        **FILES,
        addresses.GRID: files.grid,
        addresses.NEIGHBOURS: _neighbours,
        addresses.TABLE_ROW: _table_rows,
        addresses.EXPORT: _table,
        addresses.UNJUDGED: _table,
    }
)
"""What gives each kind of file."""
