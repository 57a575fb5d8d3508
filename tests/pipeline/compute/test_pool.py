"""Tasks side by side: counted, reported, stopped."""

import threading

import pytest

from pipeline.compute.pool import ahead, one_blas_thread, processors, run_all
from pipeline.compute.progress import silent
from pipeline.errors import Cancelled


@pytest.mark.parametrize("threads", [1, 4])
def test_every_task_runs_once(threads):
    """Whatever the number of threads."""
    done = []
    tasks = [lambda counter, i=i: (done.append(i), counter.step()) for i in range(20)]
    run_all(tasks, threads=threads, total=20, what="tasks", progress=silent)
    assert sorted(done) == list(range(20))


def test_reports_come_from_the_calling_thread():
    """Streamlit needs that: its context belongs to a thread."""
    seen = []

    def progress(done, total, what):
        seen.append((done, total, what, threading.current_thread()))

    run_all([lambda counter: counter.step()] * 3, threads=2, total=3, what="tasks", progress=progress)
    assert {thread for *_, thread in seen} == {threading.current_thread()}
    assert seen[-1][:3] == (3, 3, "tasks")


def test_a_failing_task_stops_the_others():
    """The first error goes through; tasks that have not begun do not begin."""
    begun = []

    def fail(counter):
        raise ValueError("broken")

    def wait(counter):
        begun.append(1)
        counter.step()

    with pytest.raises(ValueError, match="broken"):
        run_all([fail, *[wait] * 1000], threads=1, total=1001, what="tasks", progress=silent)
    assert len(begun) < 1000


def test_a_running_task_hears_that_it_should_stop():
    """Cancelling between two steps ends a long task at its next one."""
    started = threading.Event()
    steps = []

    def work(counter):
        for _ in range(10**6):
            started.set()
            steps.append(1)
            counter.step()
            threading.Event().wait(0.001)

    def progress(done, total, what):
        if started.is_set():
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        run_all([work], threads=1, total=10**6, what="steps", progress=progress)
    assert len(steps) < 10**6
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")]


def test_matrix_products_keep_to_one_thread_and_then_not():
    """Inside the block every BLAS has one thread; afterwards what it had before."""
    import numpy as np
    from threadpoolctl import threadpool_info

    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    assert np.dot(np.ones(2), np.ones(2)) == 2
    before = threads()
    with one_blas_thread():
        assert set(threads()) == {1}
    assert threads() == before


def test_there_is_a_processor():
    """At least the one that runs this test."""
    assert processors() >= 1


def test_results_come_in_order_and_few_are_made_ahead():
    """However long each takes; what nobody asked for yet is not begun."""
    begun, first = [], threading.Event()

    def slowly(number):
        begun.append(number)
        if number == 0:
            first.wait(5)
        return number * number

    results = ahead(slowly, iter(range(100)), most=6)
    first.set()
    assert next(results) == 0
    assert [next(results) for _ in range(9)] == [n * n for n in range(1, 10)]
    assert len(begun) <= 9 + 1 + 6
    results.close()
    assert len(begun) <= 9 + 1 + 6


def test_what_fails_ahead_is_an_error_in_its_turn():
    """What was made before it is given; nothing is begun after it."""
    results = ahead(lambda number: 6 // number, [3, 2, 0, 1])
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert list(results) == []
