"""A site is written in the queue, kept for a while, and the oldest makes room."""

from __future__ import annotations

import zipfile

from cache import Store
from dashboard.site.offer import KEPT, Shelf
from tests.planted import planted_run


def test_a_site_is_kept_until_others_come(tmp_path):
    """A zip file of the run; of more than `KEPT` the oldest is gone, from the disk too."""
    store, told = Store(tmp_path / "cache"), []
    planted_run(store, "one")
    shelf = Shelf()
    assert shelf.find(0) is None
    made = [
        shelf.write(key, store, "one", lambda done, total, _: told.append((done, total)))
        for key in range(KEPT + 1)
    ]
    assert told[0][1] == told[-1][0] == told[-1][1]
    with zipfile.ZipFile(made[-1]) as packed:
        assert "index.html" in packed.namelist()
    assert [shelf.find(key) for key in range(KEPT + 1)] == [None, *made[1:]]
    assert [path.exists() for path in made] == [False] + [True] * KEPT
