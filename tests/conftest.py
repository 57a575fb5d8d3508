"""What every test may ask for."""

from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from streamlit import config
from streamlit.components.v2 import manifest_scanner

from cache import Store

PROJECT = Path(__file__).parents[1]
REAL_DATA = PROJECT.parent / "shared" / "data"
# The first needs a fourth less of a processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

os.environ["LAZYBONES_MODE"] = "full"  # as on a machine of one's own; tests of the others say so
config.set_option("runner.magicEnabled", False)  # as dashboard/.streamlit has it, which AppTest does not read
# AppTest looks through all installed packages each time it draws a page, for half of a second.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# The same examples each time, few enough for two cores, and however slow those are.
settings.register_profile("seeded", derandomize=True, deadline=None, max_examples=30)
settings.load_profile("seeded")


@pytest.fixture
def project() -> Path:
    """The project's root folder."""
    return PROJECT


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers, the same ones each time."""
    return np.random.default_rng(20151205)


@pytest.fixture
def store(tmp_path) -> Store:
    """An empty store of the test's own."""
    return Store(tmp_path / "store")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with CIFAR-10 and the Inception graph; skips the test where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("needs the real data: there is no ../shared/data beside the project")
    return REAL_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium browser; skips the test where there is none."""
    return _browser(os.environ.get("LAZYBONES_CHROMIUM", ""), *BROWSERS)


@pytest.fixture(scope="session")
def whole_chromium() -> str:
    """The path of a Chromium that is more than a shell; skips the test where there is none."""
    return _browser(*BROWSERS[1:])


def _browser(*names: str) -> str:
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(filter(None, names))} is installed")
    return found
