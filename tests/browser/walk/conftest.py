"""A dashboard on runs with enough errors for every control to have something to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure
from tests.browser.conftest import running_dashboard
from tests.planted import Plan, planted_run


@pytest.fixture(scope="session")
def address(tmp_path_factory, chromium) -> Iterator[str]:
    """Its address: a run that is a stand-in, and another of the same images."""
    store = Store(tmp_path_factory.mktemp("walk") / "cache")
    made = planted_run(store, "planted", plan=Plan(noise=2.5), stand_in=True)
    planted_run(store, "rival", plan=Plan(noise=2.5), extractor="hog")
    ensure(store, SeparabilityStage(0.1), made.stages)
    with running_dashboard(store.root) as root:
        yield root
