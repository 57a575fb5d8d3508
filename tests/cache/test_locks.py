"""Locks between real processes: the second waits and is told for whom, and never for the dead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cache import StoreError, StoreLocked, locks
from cache.locks import any_holder, locked, refuse
from cache.maintenance import remove_stale
from cache.removal import alone
from tests.cache.making import make
from tests.cache.processes import Child, start


class GaveUp(Exception):
    """Ends a wait."""


def give_up(holder):
    """Wait for nobody, and say who was in the way."""
    raise GaveUp(holder)


@contextmanager
def held(path: Path) -> Iterator[Child]:
    """Hold a lock in another process, until that is killed."""
    ready = os.pipe()

    def hold():
        with locked(path):
            os.write(ready[1], b"x")
            os.read(os.pipe()[0], 1)

    child = start(hold)
    try:
        os.read(ready[0], 1)
        yield child
    finally:
        child.kill()


@pytest.fixture
def path(tmp_path):
    """A lock's file, in a folder that is not there yet."""
    return tmp_path / "locks" / "features-1.lock"


def test_the_second_is_told_for_whom_it_waits_and_comes_next(path):
    """By program and number of the process, after each try in vain; it goes on when the first is done."""
    told, go, gone = [], os.pipe(), os.pipe()

    def first():
        with locked(path):
            os.write(gone[1], b"x")
            os.read(go[0], 1)

    child = start(first)
    os.read(gone[0], 1)

    def waiting(holder):
        told.append(holder)
        if len(told) == 2:
            os.write(go[1], b"x")

    with locked(path, waiting):
        child.result()
    assert len(told) >= 2
    assert {word.rsplit(", ", 1)[1] for word in told} == {f"process {child.pid}"}


NAMES = {
    "pipeline run": ["/somewhere/pipeline/__main__.py", "run", "--source", "digits"],
    "pipeline": ["/somewhere/pipeline/__main__.py", "--help"],
    "dashboard": ["dashboard/app.py"],
    "streamlit run": ["/somewhere/bin/streamlit", "run", "dashboard/app.py"],
    "python": ["-c"],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_process_is_named_by_what_was_typed(path, name, monkeypatch):
    """The program and its verb, and nothing of its options: others may read it."""
    monkeypatch.setattr("sys.argv", NAMES[name])
    with held(path) as child:
        assert any_holder(path.parent) == f"{name}, process {child.pid}"


def test_it_sleeps_between_two_tries(path, monkeypatch):
    """A wait does not keep a processor busy."""
    slept, told = [], []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            raise GaveUp

    monkeypatch.setattr("time.sleep", sleep)
    with held(path), pytest.raises(GaveUp), locked(path, told.append):
        pytest.fail("two at once")
    assert slept == [locks.POLL] * 3
    assert len(told) == 3


@pytest.mark.parametrize("waiting", [give_up, refuse])
def test_a_wait_can_be_given_up(path, waiting):
    """What is raised ends it; the holder is not disturbed."""
    with held(path) as child:
        for _ in range(2):
            with pytest.raises((GaveUp, StoreLocked), match=f"process {child.pid}"), locked(path, waiting):
                pytest.fail("two at once")


def test_the_killed_are_not_waited_for(path, monkeypatch):
    """SIGKILL while another waits: that one goes on at its next try; and who comes later never waits."""
    slept = []
    with held(path) as child:
        monkeypatch.setattr("time.sleep", lambda seconds: (slept.append(seconds), child.kill()))
        with locked(path, lambda holder: None):
            assert len(slept) == 1
        with locked(path, give_up):
            pass


@pytest.mark.parametrize("pid", [1, os.getppid(), 4194305])
def test_what_a_lock_says_holds_nobody_up(path, pid):
    """After a reboot its file is still there, and its number may be that of a process that lives."""
    path.parent.mkdir()
    path.write_text(f"pipeline run, process {pid} on elsewhere")
    with locked(path, give_up):
        pass


@pytest.mark.parametrize("text", [b"", b"\x1b[31mred", b"\xff\xfe", b"a\nb", "\u202ex".encode()])
def test_what_a_lock_says_is_shown_only_if_it_is_plain(path, text):
    """A store comes from anywhere: nothing in it moves the cursor of a terminal."""
    with held(path):
        path.write_bytes(text)
        with pytest.raises(GaveUp, match=r"^another process$"), locked(path, give_up):
            pytest.fail("two at once")


def test_a_holder_elsewhere_is_named_with_its_machine(path):
    """A number alone says little of a process on another computer."""
    with held(path):
        path.write_text("pipeline run, process 7 on elsewhere")
        assert any_holder(path.parent) == "pipeline run, process 7 on elsewhere"
    assert any_holder(path.parent) == "another process"


def test_who_clears_a_store_waits_for_all_who_write_to_it(store):
    """And is told of one of them; they do not wait for each other."""
    with held(store.root / "locks" / "features-1.lock") as child, store.in_use(give_up):
        with store.in_use(give_up):
            pass
        with pytest.raises(GaveUp, match=f"process {child.pid}$"), alone(store, give_up):
            pytest.fail("the store was cleared under a writer's hands")


def test_who_writes_waits_for_one_who_clears_the_store(store):
    """It knows for whom, though the same lock was shared by others before."""
    with store.in_use(give_up):
        pass
    with (
        alone(store, give_up),
        pytest.raises(GaveUp, match=f"process {os.getpid()}$"),
        store.locked("run", "first", give_up),
    ):
        pytest.fail("written to a store that is being cleared")
    with store.locked("run", "first", give_up):
        pass


def test_a_link_in_the_place_of_a_lock_is_not_followed(store, tmp_path):
    """A store comes from anywhere: nothing is written behind a link."""
    target = tmp_path / "precious"
    target.write_text("precious")
    (store.root / "locks").mkdir(parents=True)
    (store.root / "locks" / "writers.lock").symlink_to(target)
    with pytest.raises(StoreError, match=r"writers\.lock must be a plain file"), store.in_use():
        pytest.fail("a link was followed")
    assert target.read_text() == "precious"


def test_the_log_says_once_for_whom_one_waits(path, caplog, monkeypatch):
    """Where nothing else tells it."""
    slept = []
    with held(path) as child:
        monkeypatch.setattr(
            "time.sleep", lambda seconds: (slept.append(seconds), len(slept) == 3 and child.kill())
        )
        with locked(path):
            assert len(slept) == 3
    (record,) = caplog.records
    assert record.getMessage().startswith("Waiting for ")
    assert record.getMessage().endswith(f", process {child.pid}.")


def test_no_lock_file_outlives_its_holder(path, store):
    """Whoever writes takes it away; what all writers share, and what a killed one leaves, `clean` takes away."""
    with locked(path):
        assert path.is_file()
    assert not path.exists()
    with held(store.root / "locks" / "features-1.lock") as child:
        assert remove_stale(store) == []
        assert (store.root / "locks" / "features-1.lock").is_file()
        child.kill()
    make(store)
    assert sorted(file.name for file in (store.root / "locks").iterdir()) == [
        "features-1.lock",
        "writers.lock",
    ]
    assert remove_stale(store) == []
    assert list((store.root / "locks").iterdir()) == []


def test_a_lock_whose_file_goes_has_one_holder_all_the_same(path, monkeypatch):
    """Who waits holds a file that the first takes away when it is done: it looks again at what lies there."""
    order, ready = [], os.pipe()
    monkeypatch.setattr(locks, "POLL", 0.001)

    def work():
        for _ in range(100):
            with locked(path, lambda _: None):
                mark = path.with_name("inside")
                mark.touch(exist_ok=False)  # raises where two are in it
                mark.unlink()
        os.write(ready[1], b"x")
        return True

    children = [start(work) for _ in range(4)]
    order += [child.result() for child in children]
    assert order == [True] * 4
    assert list(path.parent.iterdir()) == []
