"""The job queue, with real threads and a clock that only moves when told."""

import asyncio
import threading

import pytest

from dashboard.jobs import queue as jobs
from dashboard.jobs.job import Job, JobState, QueueFull
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor
from pipeline.api import Cancelled

ADA, BOB, CY = map(Visitor, ("ada", "bob", "cy"))
SOON = 10.0  # seconds after which a test gives up waiting for a thread


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        """Give the time."""
        return self.now


class Gate:
    """Work that stops at every step until the test lets it go on."""

    def __init__(self, steps=3, what="pairs"):
        self.steps, self.what = steps, what
        self.reached, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.calls = 0

    def __call__(self, progress):
        """Work, one step at a time."""
        self.calls += 1
        for step in range(self.steps + 1):
            progress(step, self.steps, self.what)
            self.reached.release()
            assert self.go_on.acquire(timeout=SOON)
        return f"{self.what} done"

    def arrive(self):
        """Wait until the work stands at a step."""
        assert self.reached.acquire(timeout=SOON)

    def step(self):
        """Let the work go on to its next step."""
        self.go_on.release()
        self.arrive()

    def finish(self):
        """Let the work go on to its end."""
        for _ in range(self.steps + 2):
            self.go_on.release()


@pytest.fixture
def clock():
    """Give a clock that stands still."""
    return Clock()


@pytest.fixture
def queue(clock):
    """Give a queue with small limits."""
    return JobQueue(clock, patience=5.0, longest=3, each=None, history=2)


@pytest.fixture
def running(queue):
    """Give a gate and its job, standing at its first step."""
    gate = Gate()
    job = queue.submit("first", "Fit 1", gate, ADA)
    gate.arrive()
    yield gate, job
    gate.finish()
    assert job.wait(SOON)


def fast(result):
    """Give work that is done at once."""
    return lambda progress: result


def test_job_runs_to_its_end_and_keeps_its_result(queue):
    """A job goes through to done, and its result can be read."""
    job = queue.submit("key", "Fit", fast(42), ADA)
    assert job.wait(SOON)
    assert (job.state, job.result, job.error) == (JobState.DONE, 42, None)
    assert queue.alive() == []


def test_only_one_job_runs_and_the_others_know_their_place(queue, running):
    """Two jobs wait while the first runs; each says how many are ahead."""
    gate, first = running
    began = []
    second = queue.submit("second", "Fit 2", lambda progress: began.append(2), BOB)
    third = queue.submit("third", "Fit 3", lambda progress: began.append(3), CY)
    assert [queue.report(job).ahead for job in (first, second, third)] == [0, 1, 2]
    assert [job.state for job in queue.alive()] == [JobState.RUNNING, JobState.WAITING, JobState.WAITING]
    assert began == []
    gate.finish()
    assert all(job.wait(SOON) for job in (second, third))
    assert began == [2, 3]


def test_one_thread_does_all_the_work(queue, running):
    """Jobs that wait are taken by the thread that is there already."""
    gate, _ = running
    names = []
    jobs = [
        queue.submit(i, "Fit", lambda progress: names.append(threading.get_ident()), ADA) for i in range(3)
    ]
    gate.finish()
    assert all(job.wait(SOON) for job in jobs)
    assert len(names) == 3
    assert len(set(names)) == 1


def test_same_request_by_two_sessions_is_one_job(queue, running):
    """The second request joins the first, and the work is done once."""
    gate, job = running
    again = queue.submit("first", "Fit 1", gate, BOB)
    assert again is job
    assert queue.report(job).watchers == 2
    gate.finish()
    assert job.wait(SOON)
    assert gate.calls == 1


def test_finished_request_is_done_again_when_asked_again(queue):
    """A key that is over starts a new job: whether to ask is for the store to say."""
    first = queue.submit("key", "Fit", fast(1), ADA)
    assert first.wait(SOON)
    second = queue.submit("key", "Fit", fast(2), ADA)
    assert second.wait(SOON)
    assert second is not first
    assert queue.find("key") is second


def test_report_gives_progress_rate_and_time_left(queue, running, clock):
    """Two of three steps in four seconds are half a step a second, two seconds left."""
    gate, job = running
    gate.step()
    gate.step()
    clock.now += 4.0
    report = queue.report(job)
    assert (report.done, report.total, report.what) == (2, 3, "pairs")
    assert report.rate == pytest.approx(0.5)
    assert report.seconds_left == pytest.approx(2.0)
    assert report.share == pytest.approx(2 / 3)


def test_rate_starts_again_with_another_phase(queue, clock):
    """Steps of one kind say nothing about the speed of the next kind."""
    gates = Gate(1, "blocks"), Gate(2, "pairs")

    def work(progress):
        return [gate(progress) for gate in gates]

    job = queue.submit("key", "Fit", work, ADA)
    gates[0].arrive()
    clock.now += 50.0
    gates[0].finish()
    gates[1].arrive()
    gates[1].step()
    clock.now += 2.0
    report = queue.report(job)
    assert (report.what, report.rate) == ("pairs", pytest.approx(0.5))
    gates[1].finish()
    assert job.wait(SOON)


def test_report_before_the_first_word_has_no_rate(queue, running):
    """A waiting job has no rate, no time left and a share of nought."""
    waiting = queue.submit("second", "Fit 2", fast(None), ADA)
    report = queue.report(waiting)
    assert (report.rate, report.seconds_left, report.share) == (None, None, 0.0)


def test_failed_job_keeps_its_error_and_the_next_one_runs(queue, running):
    """An exception ends its own job only."""
    gate, _ = running

    def fail(progress):
        raise ValueError("no such thing")

    failing = queue.submit("failing", "Fit 2", fail, ADA)
    after = queue.submit("after", "Fit 3", fast("fine"), ADA)
    gate.finish()
    assert after.wait(SOON)
    assert (failing.state, str(failing.error)) == (JobState.FAILED, "no such thing")
    assert after.result == "fine"


def test_cancel_stops_a_running_job_at_its_next_step(queue):
    """The only watcher's cancel reaches the work as `Cancelled`."""
    gate, put_in_order = Gate(), []

    def work(progress):
        try:
            return gate(progress)
        except Cancelled:
            put_in_order.append(True)
            raise

    job = queue.submit("key", "Fit", work, ADA)
    gate.arrive()
    assert queue.cancel(job, ADA)
    assert not job.state.over
    gate.finish()
    assert job.wait(SOON)
    assert (job.state, put_in_order, job.result) == (JobState.CANCELLED, [True], None)


def test_cancel_takes_a_waiting_job_out_at_once(queue, running):
    """A job that has not begun never begins, and those behind it move up."""
    gate, _ = running
    began = []
    second = queue.submit("second", "Fit 2", lambda progress: began.append(2), BOB)
    third = queue.submit("third", "Fit 3", fast(None), CY)
    assert queue.cancel(second, BOB)
    assert second.state is JobState.CANCELLED
    assert queue.report(third).ahead == 1
    gate.finish()
    assert third.wait(SOON)
    assert began == []


def test_cancel_of_a_shared_job_only_withdraws_the_one(queue, running):
    """While bob looks, ada's cancel leaves the fit alone; bob's then stops it."""
    gate, job = running
    queue.submit("first", "Fit 1", gate, BOB)
    assert not queue.cancel(job, ADA)
    assert queue.report(job).watchers == 1
    assert queue.cancel(job, BOB)
    gate.finish()
    assert job.wait(SOON)
    assert job.state is JobState.CANCELLED


def test_closed_tab_cannot_keep_a_job_alive(queue, running, clock):
    """A watcher who has not looked for longer than the patience no longer counts."""
    gate, job = running
    queue.submit("first", "Fit 1", gate, Visitor("tab that was closed"))
    clock.now += 5.1
    queue.report(job, ADA)
    assert queue.report(job).watchers == 1
    assert queue.cancel(job, ADA)


def test_a_reloaded_tab_cannot_keep_what_it_cancels_alive(queue, running, clock):
    """Whom the cancel left the job for never looks again: it stops once the patience is past."""
    gate, job = running
    queue.submit("first", "Fit 1", gate, Visitor("tab before its reload"))
    assert not queue.cancel(job, ADA)
    clock.now += 5.1
    gate.finish()
    assert job.wait(SOON)
    assert job.state is JobState.CANCELLED


def test_whoever_looks_after_a_cancel_may_leave_before_the_end(queue, running, clock):
    """The page promised bob that it goes on: ada's cancel, before he looked, is forgotten."""
    gate, job = running
    queue.submit("first", "Fit 1", gate, BOB)
    assert not queue.cancel(job, ADA)
    queue.report(job, BOB)
    clock.now += 60.0
    gate.finish()
    assert job.wait(SOON)
    assert job.state is JobState.DONE


def test_looking_keeps_a_watcher_counted(queue, running, clock):
    """Somebody who looks every few seconds cannot have the job taken away."""
    gate, job = running
    queue.submit("first", "Fit 1", gate, BOB)
    for _ in range(3):
        clock.now += 4.0
        queue.report(job, BOB)
    assert not queue.cancel(job, ADA)


def test_request_after_a_cancel_starts_afresh(queue, running):
    """Somebody who asks for a job that is stopping gets a new one, not the dying one."""
    gate, job = running
    assert queue.cancel(job, ADA)
    again = queue.submit("first", "Fit 1", fast("again"), BOB)
    assert again is not job
    gate.finish()
    assert again.wait(SOON)
    assert again.result == "again"
    assert queue.find("first") is again


def test_cancel_of_a_job_that_is_over_does_nothing(queue):
    """A cancel that comes too late changes nothing."""
    job = queue.submit("key", "Fit", fast(1), ADA)
    assert job.wait(SOON)
    assert not queue.cancel(job, ADA)
    assert job.state is JobState.DONE


def test_history_forgets_the_oldest(queue):
    """Of three finished jobs a history of two keeps the last two."""
    for key in "abc":
        assert queue.submit(key, "Fit", fast(key), ADA).wait(SOON)
    assert [queue.find(key) is not None for key in "abc"] == [False, True, True]


def test_queue_has_an_end(queue, running):
    """One more than may wait is refused, with a remedy, and leaves the others alone."""
    for key in "bcd":
        queue.submit(key, "Fit", fast(key), ADA)
    with pytest.raises(QueueFull) as refusal:
        queue.submit("e", "Fit", fast("e"), ADA)
    assert "ask again" in refusal.value.message
    assert [job.key for job in queue.alive()] == ["first", "b", "c", "d"]


def test_finished_job_lets_go_of_its_work(queue):
    """Nothing keeps the arrays that a finished job's work had captured."""
    import gc
    import weakref

    class Arrays:
        pass

    arrays = Arrays()
    gone = weakref.ref(arrays)
    job = queue.submit("key", "Fit", lambda progress, held=arrays: None, ADA)
    assert job.wait(SOON)
    del arrays
    gc.collect()
    assert gone() is None
    assert isinstance(job, Job)


def test_many_sessions_at_once_share_one_job(queue):
    """Sixteen threads that ask for one thing at the same moment get one job, done once."""
    gate, start, jobs = Gate(), threading.Barrier(16), []

    def ask(name):
        start.wait(SOON)
        jobs.append(queue.submit("key", "Fit", gate, Visitor(name)))

    threads = [threading.Thread(target=ask, args=(str(i),)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    gate.finish()
    assert jobs[0].wait(SOON)
    assert len(jobs) == 16
    assert len({id(job) for job in jobs}) == 1
    assert gate.calls == 1


def test_memory_goes_back_after_every_job(monkeypatch):
    """Also after one that fails: the next job finds what this one held."""
    given_back = []
    monkeypatch.setattr(jobs.memory, "give_back", lambda: given_back.append(True))
    queue = JobQueue()
    for work in (lambda _: 1, lambda _: 1 / 0):
        assert queue.submit(work, "title", work, ADA).wait(SOON)
    assert len(given_back) == 2


def test_who_asks_meanwhile_waits_for_the_same_result(queue):
    """Four ask at the same time, one makes it, all get it; on one thread, and who gives up stops nothing."""
    gate = Gate()

    async def ask():
        jobs = [queue.obtain("name", "Poster", gate, Visitor("")) for _ in range(4)]
        gate.arrive()
        gone, *waits = [asyncio.create_task(job.ended()) for job in jobs]
        await asyncio.sleep(0)
        gone.cancel()
        gate.finish()
        await asyncio.wait_for(asyncio.gather(*waits), SOON)
        return [job.result for job in jobs]

    assert asyncio.run(ask()) == ["pairs done"] * 4
    assert gate.calls == 1


def made_by(queue, key, work):
    """Give what a job has kept, or makes now."""
    job = queue.obtain(key, "Poster", work, Visitor(""))
    assert job.wait(SOON)
    return job.result


def test_the_last_results_are_kept(queue):
    """The one asked for least lately is made again."""
    made = []
    for name in ("a", "b", "a", "c", "a", "b"):
        assert made_by(queue, name, lambda _, name=name: made.append(name) or name) == name
    assert made == ["a", "b", "c", "b"]


def test_a_failed_result_is_not_kept(queue):
    """The next one to ask may have more luck."""

    def fail(progress):
        raise OSError("no room")

    assert made_by(queue, "name", fail) is None
    assert made_by(queue, "name", fast(b"now")) == b"now"
