"""The other runs that a run can be compared with, and how to make one."""

from __future__ import annotations

from contextlib import suppress

from cache.errors import StoreError
from dashboard.comparison.sides import Side, same_test_images
from dashboard.page.context import ViewContext
from dashboard.run.data import RunData
from dashboard.run.opened import open_run


def rivals(context: ViewContext) -> list[Side]:
    """List the other runs that were tested on the same images, each at its own C."""
    found = []
    for name in context.store.run_names():
        if name == context.run.name:
            continue
        with suppress(StoreError):  # a damaged run is its own page's trouble
            data = open_run(context.store, name)
            said = data.predictions()
            if said is not None and same_test_images(data, context.data):
                found.append(Side(data, said))
    return found


def suggested_run(data: RunData) -> str:
    """Give a command that makes another run of the same images."""
    source = data.artefact("dataset").manifest.plugin
    return f"python -m pipeline run --source {source} --extractor {'pixels' if data.extractor == 'hog' else 'hog'}"
