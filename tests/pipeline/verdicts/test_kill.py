"""A thousand kills: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import os
import random
import select
import signal
from collections import Counter

import numpy as np
import pytest
import sqlalchemy as sa

from pipeline.verdicts import connection
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import LabelledImages
from pipeline.verdicts.records import Edit, Judgement
from pipeline.verdicts.schema import edits

KILLS, MOST, EACH = 1000, 4, 3  # actions of one process, edits of one action
KEYS = tuple(f"{number:040x}" for number in range((KILLS * MOST + 1) * EACH))
IMAGES = LabelledImages(
    "d" * 40, ("cat",), KEYS, KEYS, ("cat",) * len(KEYS), ("test",) * len(KEYS), np.arange(len(KEYS))
)


def record(kept, first, pipe):
    """Record one action after the other, and say which is recorded; end by being killed."""
    for action in range(first, first + MOST):
        keys = KEYS[action * EACH : (action + 1) * EACH]
        kept.record(IMAGES, [Edit(key, Judgement("keep")) for key in keys], "ann")
        os.write(pipe, action.to_bytes(4, "little"))
    signal.pause()


def killed(kept, first, chance):
    """Start a process that records, kill it at any moment, and give what it has acknowledged."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            record(kept, first, theirs)
        finally:
            os._exit(1)
    os.close(theirs)
    for _ in range(chance.randrange(MOST)):
        select.select([ours], [], [])
        if not (got := os.read(ours, 4)):
            break
        yield int.from_bytes(got, "little")
    select.select([ours], [], [], chance.random() * 0.02)  # somewhere within the next action
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while got := os.read(ours, 4):
        yield int.from_bytes(got, "little")
    os.close(ours)


@pytest.mark.slow
def test_a_thousand_kills_lose_nothing(store):
    """Each at another moment: while it connects, writes, commits or acknowledges."""
    chance = random.Random(13)  # noqa: S311  # no secret
    kept = open_verdicts(store)
    kept.record(IMAGES, [Edit(key, Judgement("keep")) for key in KEYS[-EACH:]], "ann")
    kept.close()  # every process begins with what this one has prepared, and a connection of its own
    acknowledged = [action for kill in range(KILLS) for action in killed(kept, kill * MOST, chance)]
    assert len(acknowledged) > KILLS / 2
    with connection.reading(kept._url) as opened:
        whole = Counter(int(image, 16) // EACH for image in opened.scalars(sa.select(edits.c.image)))
        numbers = sorted(set(opened.scalars(sa.select(edits.c.action))))
        assert opened.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert set(acknowledged) <= set(whole)
    assert set(whole.values()) == {EACH}, "no action is there by half"
    assert numbers == list(range(1, len(whole) + 1)), "nor is a number lost"
