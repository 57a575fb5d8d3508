"""A site is written in the queue as one zip file."""

from __future__ import annotations

import zipfile

from cache import Store
from dashboard.site.offer import packed_site
from tests.planted import planted_run


def test_a_site_is_one_zip_file(tmp_path):
    """Nothing else is left in its folder; how far it is was told."""
    store, told = Store(tmp_path / "cache"), []
    planted_run(store, "one")
    folder = tmp_path / "made"
    folder.mkdir()
    packed = packed_site(store, "one", lambda done, total, _: told.append((done, total)), folder)
    assert told[0][1] == told[-1][0] == told[-1][1]
    with zipfile.ZipFile(packed) as content:
        assert "index.html" in content.namelist()
    assert list(folder.iterdir()) == [packed]
