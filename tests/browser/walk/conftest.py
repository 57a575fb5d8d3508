"""A dashboard on runs with enough errors for every control to have something to do."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def address(erring) -> str:
    """Its address: a run that is a stand-in, and another of the same images."""
    return erring
