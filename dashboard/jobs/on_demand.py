"""Compute a stage that a run lacks: asked for on a page, done in the queue, kept in the store for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cache import Artefact, Run, Store
from cache.errors import LazybonesError
from dashboard.jobs import display
from dashboard.jobs.job import Job, JobState
from dashboard.jobs.queue import JobQueue
from dashboard.page import messages
from dashboard.page.context import ViewContext
from dashboard.wording.markdown import plain
from pipeline.api import Progress

BLINK = 0.3
"""Seconds to wait for what is quick, before it is shown how far it is."""

_REFUSED = "lazybones.work_refused"


@dataclass(frozen=True)
class LiveStage:
    """Describe something that can be computed for a run.

    Attributes
    ----------
    name : str
        What it is, for people: "Cross-validation".
    find : callable
        Gives a run's result if it is in the store, else None.
    compute : callable
        Gives it, computing and storing it if need be.
    part : hashable
        Tells several of one name apart: parameters.
    """

    name: str
    find: Callable[[Store, Run], Artefact | None]
    compute: Callable[[Store, Run, Progress], Any]
    part: Any = None

    def key(self, context: ViewContext) -> tuple[Any, ...]:
        """Give what makes two requests one: runs that share a classifier share what is made of it."""
        return (self.name, *map(str, context.store.roots), context.run.stages.get("classifier"), self.part)


def result(context: ViewContext, stage: LiveStage, text: str) -> Artefact | None:
    """Give a stage's result; where there is none, offer to compute it, or show how far that is.

    Parameters
    ----------
    context : ViewContext
        The run.
    stage : LiveStage
        What to compute.
    text : str
        What it is good for, as Markdown, shown with the offer.

    Returns
    -------
    Artefact or None
        None until it is computed.

    Raises
    ------
    StoreError
        If a result cannot be read.
    """
    found = stage.find(context.store, context.run)
    if found is not None:
        return found
    job = display.queue().find(stage.key(context))
    if job is None or job.state.over:
        _offer(context, stage, text, job)
    else:
        st.fragment(_watched, run_every=display.POLL)(job)
    return None


def passing(context: ViewContext, stage: LiveStage) -> Any | None:
    """Give a result that is quick to make: computed in the queue without asking, and kept with its job, not stored.

    Parameters
    ----------
    context : ViewContext
        The run.
    stage : LiveStage
        What to compute; it need not find anything.

    Returns
    -------
    object or None
        What ``stage.compute`` gives; None until it is computed.
    """
    key = stage.key(context)
    if display.queue().find(key) is None:
        _start(context, stage)
    job = display.queue().find(key)
    if job is None or (job.wait(BLINK) and job.state is not JobState.DONE):
        _offer(context, stage, "", job)
    elif job.state is JobState.DONE:
        return job.result
    else:
        st.fragment(_watched, run_every=display.POLL)(job)
    return None


def _offer(context: ViewContext, stage: LiveStage, text: str, past: Job | None) -> None:
    if past is not None and past.state is JobState.FAILED and past.error is not None:
        display.show_failure(f"{stage.name} failed", past.error)
    else:
        st.markdown(text)
    st.button(
        f"Compute {stage.name.lower()}",
        icon=":material/play_arrow:",
        key=f"compute {stage.name}",
        on_click=lambda: _start(context, stage),
    )
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(plain(refused), icon=":material/error:")


def _start(context: ViewContext, stage: LiveStage) -> None:
    try:
        submit(context, stage, display.queue(), display.watcher())
    except LazybonesError as error:
        st.session_state[_REFUSED] = error.message


def submit(context: ViewContext, stage: LiveStage, queue: JobQueue, watcher: str) -> Job:
    """Queue a stage's computation, or join the one that is there; needs no session.

    Raises
    ------
    QueueFull
        If too many jobs wait.
    """
    store, run = context.store, context.run

    def compute(progress: Progress) -> Any:
        return stage.compute(store, run, progress)

    return queue.submit(stage.key(context), f"{stage.name} of {run.name}", compute, watcher)


def _watched(job: Job) -> None:
    with messages.shown():
        if job.state.over:
            st.rerun()
        with st.container(border=True):
            if display.progress(
                job, "It goes on if you leave or reload this page, and is shared by everybody."
            ):
                st.rerun()
