"""What pages import is there before the first visitor is.

Sessions run on threads. Where two of them are the first to import parts of one package, which import each other, Python
gives one of them a module that is not ready: a page of a fresh server ended in an error.
"""

from __future__ import annotations

import importlib

from PIL import Image

from dashboard.navigation import PageModule, discover

MODULES = (
    "PIL.ImageDraw",
    "markdown_it",
    "narwhals.dataframe",
    "pandas",
    "plotly.animation",
    "plotly.offline",
    "pyarrow.csv",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "scipy.cluster.hierarchy",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.spatial",
    "scipy.stats",
    "sklearn.svm",
    "threadpoolctl",
)
"""Packages of which a page imports more when it is first drawn."""


def import_pages() -> list[PageModule]:
    """Import all pages, and what they import while they are drawn; give the pages."""
    for name in MODULES:
        importlib.import_module(name)
    Image.init()  # it imports a module a format when the first picture comes
    return discover()
