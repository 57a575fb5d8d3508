"""What tests of extractors have in common."""

import pytest

from pipeline.apart.process import APART


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Load networks into this very process, as the process of a network does: each that is started takes seconds."""
    monkeypatch.setenv(APART, "1")
