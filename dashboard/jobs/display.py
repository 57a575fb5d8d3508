"""Work that is too long for a page: one queue for everybody, and what a page shows of it."""

from __future__ import annotations

import secrets
import time

import streamlit as st

from dashboard.jobs.job import Job, JobReport, JobState
from dashboard.jobs.permission import Refused, permission
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor, place_of
from dashboard.page import messages
from dashboard.run.of_process import one_of_process
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import fixed, thousands
from pipeline.api import memory

POLL = 0.5
"""Seconds between two looks at a job that runs."""

OWN = "On a machine of your own nothing is limited. This makes the same run there:"

_VISITOR = "lazybones.visitor"


@one_of_process
def queue() -> JobQueue:
    """Give the queue that all sessions of this process share."""
    return JobQueue()


def wait_for_room(size: int, patience: float) -> bool:
    """Wait while something is computed that leaves less than ``size`` bytes to others; return whether it does no more.

    Parameters
    ----------
    size : int
        Bytes of memory.
    patience : float
        Seconds.
    """
    end = time.monotonic() + patience
    while queue().alive() and memory.available() < size:
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
    return True


def visitor() -> Visitor:
    """Name who looks at this page, for the queue."""
    if _VISITOR not in st.session_state:
        st.session_state[_VISITOR] = Visitor(secrets.token_hex(8), place_of(st.context.ip_address))
    known: Visitor = st.session_state[_VISITOR]
    return known


def refusal() -> Refused | None:
    """Say why this visitor may not have anything computed or saved now; None where they may."""
    return permission().refusal(visitor())


def show_refusal(refused: Refused, what: str) -> None:
    """Say small, in the place of what is not offered, why."""
    st.caption(f":material/lock: **{markdown(what)}**: {markdown(refused.message)}")


def show_own_way(command: str) -> None:
    """Say, to those who open it, how to have what is not offered: the command that makes the run, if it is known."""
    if command:
        with st.popover("Run it yourself", icon=":material/terminal:"):
            messages.show_command(OWN, command)


def panel() -> None:
    """Say how far the work is, whoever asked for it, and list it behind that; nothing while there is none."""
    if queue().alive():
        st.fragment(_listed, run_every=2 * POLL)()


def _listed() -> None:
    with messages.shown():
        alive = queue().alive()
        if not alive:
            st.rerun()
        reports = [(job, queue().report(job)) for job in alive]
        share = next((report.share for _, report in reports if report.state is JobState.RUNNING), 0)
        with st.popover(
            f"{fixed(100 * share, 0)}%", icon=":material/progress_activity:", key="work", type="tertiary"
        ):
            st.caption("Being computed")
            for job, report in reports:
                if report.state is JobState.RUNNING:
                    waits = "" if report.total or not report.what else f": {describe(report)}"
                    st.progress(report.share, text=markdown(job.title) + waits)
                else:
                    st.caption(f":material/hourglass_empty: {markdown(job.title)}: waiting")


def progress(job: Job, note: str) -> bool:
    """Draw a job with its progress and a button to cancel it.

    Parameters
    ----------
    job : Job
        A job that is alive.
    note : str
        What holds until it is done, as Markdown; may be empty.

    Returns
    -------
    bool
        Whether the button was pressed: this session then no longer waits for the job.
    """
    report = queue().report(job, visitor())
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall"):
            st.progress(report.share, text=f"**{markdown(job.title)}**: {describe(report)}")
            if note:
                st.caption(note)
        if not st.button("Cancel", icon=":material/close:", key=f"cancel {job.key}"):
            return False
    if not queue().cancel(job, visitor()) and not job.state.over:
        st.toast("Somebody else waits for this too, so it goes on without you.", icon=":material/group:")
    return True


def describe(report: JobReport) -> str:
    """Say in words where a job stands: its place, or how far it is, how fast, and how long it will take."""
    if report.state is JobState.WAITING:
        place = "next" if report.ahead == 1 else f"number {report.ahead}"
        return f"{place} in the queue. One thing is computed at a time, and visitors take turns."
    if not report.total:
        return markdown(report.what) or "starting"
    words = [f"{thousands(report.done)} of {thousands(report.total)} {report.what}"]
    if report.rate is not None and report.seconds_left is not None:
        rate = thousands(report.rate) if report.rate >= 10 else f"{report.rate:.3g}"
        words += [f"{rate} a second", f"about {seconds_words(report.seconds_left)} left"]
    return ", ".join(words)


def seconds_words(seconds: float) -> str:
    """Write how long something will take: "20 s", "3 min 5 s"."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
