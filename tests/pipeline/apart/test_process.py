"""Whatever a process apart does, the one that has started it goes on, and nothing is left behind."""

import gc
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from pipeline.apart.errors import error_in, told
from pipeline.apart.process import Broken, Process, is_apart
from pipeline.compute import memory
from pipeline.errors import Cancelled, ExtractorError, UnsafeInput
from tests.conftest import PROJECT

NAUGHTY = "tests.pipeline.apart.naughty"
BEGINNING = {"idle": 60, "memory": 1 << 30}


@pytest.fixture
def process():
    """One that has been started, ended after the test."""
    made = Process(NAUGHTY, {})
    made.ask(BEGINNING, within=60)
    yield made
    made.end()


def gone(pid, seconds=20):
    """Wait for the end of a process."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("deed", "how"),
    [
        ("abort", "was ended by SIGABRT"),
        ("segv", "was ended by SIGSEGV"),
        ("exit", "ended with code 3"),
        ("raise", "ended with code 1"),
        ("hang", "took longer than 1 s"),
        ("hold", "took longer than 1 s"),
        ("junk", "gave another answer than it was asked for"),
    ],
)
def test_what_ends_it_is_said(process, deed, how):
    """A signal, a code, an exception, no end, an answer to another question; and it is gone."""
    with pytest.raises(Broken, match=how) as caught:
        process.ask({"deed": deed}, within=1 if how.startswith("took") else 30)
    assert not caught.value.idle
    assert gone(process.pid)
    assert process.pid not in memory._counted()


def test_what_takes_too_much_memory_is_ended(process):
    """As soon as it holds more than it may; what asks for more than could ever be is refused by the system."""
    process.most = memory.resident_of(process.pid) + (150 << 20)
    with pytest.raises(Broken, match="took too much memory"):
        process.ask({"deed": "eat"}, within=60)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit that the system knows")
def test_memory_is_not_even_given(process):
    """Sixty-four gigabytes at once."""
    with pytest.raises(Broken, match="ended with code 1"):
        process.ask({"deed": "allocate"}, within=60)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit that the system knows")
def test_no_file_is_written(process):
    """Once it has been said so."""
    with pytest.raises(Broken, match="ended"):
        process.ask({"deed": "write"}, within=60)


def test_it_goes_on_after_an_error_of_ours(process):
    """Which comes over with its words."""
    header, _ = process.ask({"deed": "refuse"}, within=30)
    assert error_in(header).message == "A file must be whole. Got half of one."
    assert process.ask({"deed": "nothing"}, b"abc", within=30, most=3)[1] == [b"abc"]


def test_an_answer_longer_than_it_may_be_is_not_read(process):
    """And the process ends."""
    with pytest.raises(Broken, match="another answer"):
        process.ask({"deed": "nothing"}, b"abcd", within=30, most=3)
    assert gone(process.pid)


def test_it_knows_how_to_compute_and_no_secret(monkeypatch):
    """Threads and places, but no password; and that it is apart."""
    monkeypatch.setenv("SECRET_OF_A_SIGN_IN", "hunter2")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    made = Process(NAUGHTY, {"OWN": "1"})
    try:
        made.ask(BEGINNING, within=60)
        environment = made.ask({"deed": "nothing"}, within=30)[0]["environment"]
    finally:
        made.end()
    assert "SECRET_OF_A_SIGN_IN" not in environment
    assert (environment["TF_ENABLE_ONEDNN_OPTS"], environment["OWN"]) == ("0", "1")
    assert is_apart(environment)
    assert not is_apart({})


def test_one_that_cannot_be_started_is_an_error_of_ours(monkeypatch):
    """The system has no memory for it, or no more processes."""

    def none(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    with pytest.raises(ExtractorError, match=r"must be startable .* Got: Resource temporarily unavailable"):
        Process(NAUGHTY, {})


def test_it_ends_when_nobody_asks():
    """By itself; who asks just then learns that this was why."""
    made = Process(NAUGHTY, {})
    made.ask({**BEGINNING, "idle": 0.3}, within=60)
    assert gone(made.pid)
    with pytest.raises(Broken) as caught:
        made.ask({"deed": "nothing"}, within=30)
    assert caught.value.idle


def test_it_ends_when_nobody_knows_it_any_more():
    """Who forgets to end it leaves nothing behind."""
    made = Process(NAUGHTY, {})
    made.ask(BEGINNING, within=60)
    pid = made.pid
    del made
    gc.collect()
    assert gone(pid, seconds=5)


def test_who_no_longer_waits_ends_it(process):
    """What a queue's progress raises."""

    def stop(done, total, what):
        raise Cancelled("A job must be waited for. Got nobody.")

    with pytest.raises(Cancelled):
        process.ask({"deed": "hang"}, within=60, progress=stop)
    assert gone(process.pid)


PARENT = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who started the tests may have had it ignored
from pipeline.apart.process import Process
made = Process({NAUGHTY!r}, {{}})
made.ask({{"idle": 60}}, within=60)
print(made.pid, flush=True)
if sys.argv[1]:
    made.ask({{"deed": sys.argv[1]}}, within=float(sys.argv[2]))
sys.stdin.read()
"""


def parent(deed, within=60):
    """Start a process that starts one apart and asks it for something; give both."""
    made = subprocess.Popen(
        [sys.executable, "-c", PARENT, deed, str(within)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=PROJECT,
    )
    pid = int(made.stdout.readline())
    time.sleep(0.3)
    return made, pid


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("deed", ["", "hang"])
def test_it_ends_when_who_started_it_is_killed(deed):
    """While it is idle, and while it is at work."""
    made, pid = parent(deed)
    os.kill(made.pid, signal.SIGKILL)
    made.communicate()
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_it_ends_when_who_started_it_is_killed_and_it_cannot_look():
    """A library that lets no other thread run: then the system ends it, soon after its time is over."""
    made, pid = parent("hold", within=2)
    os.kill(made.pid, signal.SIGKILL)
    made.communicate()
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interrupt_ends_both():
    """Ctrl-C, while it is at work."""
    made, pid = parent("hang")
    os.kill(made.pid, signal.SIGINT)
    _, said = made.communicate(timeout=30)
    assert b"KeyboardInterrupt" in said
    assert gone(pid)


def test_errors_come_over_with_kind_and_remedy():
    """Advice to type the command again, too; of what is no error of ours nothing is believed."""
    from cache.commands import Again, shell

    for problem in (
        UnsafeInput("A file must be safe. Got another."),
        ExtractorError("A file must be whole. Got half.", remedy=Again({"--graph": None, "--output": "y"})),
        ExtractorError("A file must be whole. Got half.", remedy="another file"),
        ExtractorError("A file must be whole. Got half.", remedy=shell("pip", "install", "x")),
    ):
        found = error_in(told(problem))
        assert (type(found), found.message, found.remedy) == (type(problem), problem.message, problem.remedy)
        assert str(found) == str(problem)
    assert error_in({"ready": True}) is None
    assert type(error_in({"error": "x", "kind": "SystemExit"})) is ExtractorError
    assert type(error_in({"error": "x", "kind": "UnsafeInput"}, ExtractorError)) is ExtractorError
