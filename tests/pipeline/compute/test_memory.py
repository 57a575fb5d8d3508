"""How much memory a fit may take, and what it does with it."""

import os
import platform
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compute import memory
from pipeline.compute.memory import (
    Strategy,
    budget,
    bytes_per_fit,
    bytes_per_pair,
    decide,
    parse_size,
    resident,
)
from pipeline.compute.progress import silent
from pipeline.compute.rows import ArrayRows
from pipeline.errors import InvalidParameter
from pipeline.svm.by_class import group_by_class
from pipeline.svm.gram import Gram
from pipeline.svm.solvers import choose
from pipeline.svm.solvers.choose import solve
from pipeline.svm.solvers.one_vs_one import fit_pairs
from pipeline.svm.weights import fold

MB = 10**6
CIFAR10 = [1000] * 10


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512MB", 512 * MB),
        ("512mb", 512 * MB),
        (" 2 GB ", 2000 * MB),
        ("1.5GiB", 3 * 2**29),
        ("64KiB", 2**16),
        ("1k", 1000),
        ("0.5TB", 500_000 * MB),
        ("536870912", 2**29),
        ("100B", 100),
    ],
)
def test_sizes_are_read_as_people_write_them(text, size):
    """Powers of 1,000, or of 1,024 with an i; case and spaces do not matter."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "much", "-1GB", "0", "0.1B", "1,5GB", "5iB", "1e9", "12 apples", "GB", "nan"]
)
def test_other_sizes_are_refused(text):
    """With the variable, what it must be, what it was, and what to type."""
    with pytest.raises(InvalidParameter, match=r"LAZYBONES_MEMORY must be a size .+ Got") as caught:
        parse_size(text)
    assert "export LAZYBONES_MEMORY=512MB" in str(caught.value)


@given(st.text(max_size=12))
def test_any_text_is_a_size_or_refused(text):
    """Never another error, and never nothing or less."""
    with suppress(InvalidParameter):
        assert parse_size(text) > 0


def test_the_variable_is_the_budget():
    """What the environment says goes before what the machine has."""
    assert budget({"LAZYBONES_MEMORY": "512MB"}) == 512 * MB


@pytest.mark.parametrize("environment", [{}, {"LAZYBONES_MEMORY": " "}])
def test_without_the_variable_the_machine_counts(environment, monkeypatch):
    """More than this process has now, and no more than a container allows."""
    monkeypatch.setattr(memory, "CGROUP_LIMITS", ())
    assert budget(environment) > resident()


def test_a_containers_limit_counts(tmp_path, monkeypatch):
    """Its file is read; the word max and files that are not there mean no limit."""
    (tmp_path / "limit").write_text(f"{300 * MB}\n")
    (tmp_path / "none").write_text("max\n")
    limits = tuple(tmp_path / name for name in ("limit", "none", "absent"))
    monkeypatch.setattr(memory, "CGROUP_LIMITS", limits)
    assert budget({}) == 300 * MB


def test_resident_memory_grows_with_what_is_held():
    """200 MB more are seen, give or take: other tests' memory may be given back meanwhile."""
    before = resident()
    held = np.ones(200 * MB, np.uint8)
    assert 150 * MB < resident() - before < 250 * MB
    assert held.any()


def test_plenty_of_memory_keeps_everything():
    """On a usual machine a second fit finds all inner products."""
    assert decide(4000 * MB, CIFAR10, 2048, 2) == Strategy(keep_pairs=True, keep_diagonal=True, threads=2)


def test_little_memory_goes_pair_by_pair():
    """With 200 MB left, one pair at a time, and only what is within classes is kept."""
    assert decide(150 * MB, CIFAR10, 2048, 2) == Strategy(keep_pairs=False, keep_diagonal=True, threads=1)


@pytest.mark.parametrize("room", [-500 * MB, 0, 30 * MB, 90 * MB])
def test_too_little_memory_still_fits(room):
    """One pair at a time with nothing kept is the least there is."""
    assert decide(room, CIFAR10, 2048, 2) == Strategy(keep_pairs=False, keep_diagonal=False, threads=1)


@given(
    room=st.integers(0, 10**10),
    counts=st.lists(st.integers(1, 3000), min_size=2, max_size=20),
    d=st.integers(1, 4096),
    cores=st.integers(1, 64),
)
def test_a_strategy_fits_into_its_room(room, counts, d, cores):
    """What is kept and what the threads need is never more than there is, unless it is the least possible."""
    strategy = decide(room, counts, d, cores)
    kept = 4 * sum(n * n for n in counts) if strategy.keep_diagonal else 0
    kept += 2 * (sum(counts) ** 2 - sum(n * n for n in counts)) if strategy.keep_pairs else 0
    least = Strategy(keep_pairs=False, keep_diagonal=False, threads=1)
    assert 1 <= strategy.threads <= cores
    assert strategy == least or kept + strategy.threads * bytes_per_pair(counts, d) <= room


@given(
    room=st.integers(0, 10**9),
    more=st.integers(0, 10**9),
    counts=st.lists(st.integers(1, 3000), min_size=2, max_size=20),
)
def test_more_memory_never_keeps_less(room, more, counts):
    """Room only ever helps."""
    less, better = decide(room, counts, 512, 4), decide(room + more, counts, 512, 4)
    assert (better.keep_pairs, better.keep_diagonal) >= (less.keep_pairs, less.keep_diagonal)


def test_what_a_fit_leaves_is_what_its_solutions_and_weights_take(rng):
    """The bytes that a cross-validation puts aside are those that its 65 fits hold in the end."""
    counts = (7, 12, 9)
    labels = np.repeat(np.arange(3), counts).astype(np.int16)
    classes = group_by_class(ArrayRows(rng.normal(size=(28, 5)).astype(np.float32)), labels)
    duals = fit_pairs(classes, (1.0,), [classes.everything()], Gram(), threads=1, progress=silent)
    held = sum(one.nbytes for one in duals.by_class)
    assert bytes_per_fit(counts, 5) == held + fold(classes, duals).nbytes


def test_fits_that_leave_much_keep_less(rng, monkeypatch):
    """With the same room, a single fit keeps all inner products and a long path does not."""
    labels = np.repeat(np.arange(3), 20).astype(np.int16)
    classes = group_by_class(ArrayRows(rng.normal(size=(60, 4)).astype(np.float32)), labels)
    room = 4 * 60**2 + bytes_per_pair(classes.counts, 4)
    monkeypatch.setattr(memory, "available", lambda kept=0: room + kept)
    monkeypatch.setattr(choose, "SMALL_PAIR", 0)
    kept = []
    for path in ((1.0,), tuple(np.logspace(-3, 0, 40).tolist())):
        gram = Gram()
        solve(classes, path, silent, gram)
        kept.append(gram.nbytes)
    assert kept[0] > kept[1] == 0


@pytest.mark.parametrize(("room", "expected"), [(-1, 1), (0, 1), (19, 1), (20, 2), (1000, 4)])
def test_as_many_threads_as_there_is_memory_for(monkeypatch, room, expected):
    """One always works; never more than processors."""
    monkeypatch.setattr(memory, "available", lambda: room)
    assert memory.threads(4, 10) == expected


FREED = """
import numpy as np
from pipeline.compute.memory import resident, return_promptly

assert return_promptly()
for size in (3_900_000, 2_500_000):  # the first teaches glibc to cut the second from its heap
    block = np.ones(size)
    above = [bytearray(100_000) for _ in range(20)]  # what keeps the heap from shrinking
    before = resident()
    del block
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has the call")
def test_what_is_freed_goes_back_where_memory_is_scarce(project):
    """A large block, whatever lies above it in the heap."""
    environment = {**os.environ, memory.VARIABLE: "512MB"}
    command = [sys.executable, "-c", FREED]
    freed = subprocess.run(command, env=environment, cwd=project, capture_output=True, text=True, check=True)
    assert int(freed.stdout) > 19_000_000


def test_memory_is_left_alone_where_it_is_plenty():
    """Mapping large blocks one by one costs time."""
    assert not memory.return_promptly({})
