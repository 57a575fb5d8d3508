"""What pages import is there before the first visitor is.

Sessions run on threads. Where two of them are the first to import parts of one package, which import each other, Python
gives one of them a module that is not ready: a page of a fresh server ended in an error.
"""

from __future__ import annotations

import importlib
import logging

from PIL import Image

from dashboard.navigation import PageModule, discover

MODULES = (
    "PIL.ImageDraw",
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
    leave_out_what_is_meant()
    for name in MODULES:
        importlib.import_module(name)
    Image.init()  # it imports a module a format when the first picture comes
    return discover()


def leave_out_what_is_meant() -> None:
    """Have Streamlit not warn of caches that are used where no server runs: before it does, or to write a site."""
    for name in ("streamlit.runtime.caching.cache_data_api", "streamlit.runtime.caching.cache_resource_api"):
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a warning says more than that caches are declared before the server runs, as is meant here."""
    return not record.getMessage().startswith("No runtime found")
