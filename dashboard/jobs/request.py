"""Ask for what takes long: find it, else show how far it is, else why it failed, else offer it; once for everybody."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import streamlit as st

from cache import Artefact, Run, Store
from cache.errors import LazybonesError
from dashboard.jobs import display, noted
from dashboard.jobs.job import Job, JobState, QueueFull
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor
from dashboard.page import address, messages
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.whole import clear_damaged, find_whole
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import thousands
from pipeline.api import Keys, Progress, Stage, ensure, key_of, memory

T = TypeVar("T")
S = TypeVar("S", bound=Stage)

BLINK = 0.3
"""Seconds to wait for what is quick, before it is shown how far it is."""


class TooMuch(LazybonesError):
    """Signal what the dashboard does not compute: whoever opens a page cannot take any time and memory."""


@dataclass(frozen=True)
class Instead:
    """Hold what pages show in the place of what the address asks for.

    Attributes
    ----------
    shown : str
        What it is, for people, as Markdown.
    back : callable
        Gives the view of those who would rather stay with it.
    """

    shown: str
    back: Callable[[], ViewState]


@dataclass(frozen=True)
class Request(Generic[T]):
    """Describe something that takes long, and what a page says of it; equal keys are one request.

    Attributes
    ----------
    store, run : Store, Run
        Where it is looked for, and what it is about.
    name : str
        What it is, for people, and where it is offered and refused: "Cross-validation".
    parts : tuple
        Tell several of one name apart: keys of stages, parameters.
    compute : callable
        Gives it, computing and storing it if need be, or None if ``find`` will.
    find : callable or None
        Gives it if it is in the store, else None. Without one it is quick: it is started without being asked for,
        and kept with its job, not stored.
    offer : str
        What it is good for, or what is shown without it, as Markdown.
    note : str
        What holds until it is done, as Markdown; empty where there is no room for it.
    action, failure, button, icon : str
        What is done, the heading if that fails, and what the button says, as Markdown, and shows.
    instead : Instead or None
        What pages show until then, where the address asks for it.
    memory, subject : int, str
        Bytes that it takes, and what takes them; it is refused if there are not as many when its turn comes.
    then : callable or None
        Gives what is asked for next, once it is there.
    eager : bool
        Whether it is started unasked, though it is stored: it is quick; it is offered to those who have cancelled it.
    """

    store: Store
    run: Run
    name: str
    parts: tuple[Hashable, ...]
    compute: Callable[[Progress], T | None]
    find: Callable[[], T | None] | None = None
    offer: str = ""
    note: str = "It goes on if you leave or reload this page; everybody who opens it gets the result."
    action: str = ""
    failure: str = ""
    button: str = ""
    icon: str = ":material/play_arrow:"
    instead: Instead | None = None
    memory: int = 0
    subject: str = ""
    then: Callable[[T], Request[Artefact] | None] | None = None
    eager: bool = False

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What makes two requests one."""
        return (self.name, *map(str, self.store.roots), *self.parts)

    def submit(self, queue: JobQueue | None = None, visitor: Visitor | None = None) -> Job:
        """Queue it, or join the job that computes it already.

        Parameters
        ----------
        queue : JobQueue, optional
            By default that of the process; without it, or a visitor, there must be a session.
        visitor : Visitor, optional
            Who asks; by default this session.

        Raises
        ------
        QueueFull
            If too many jobs wait, or too many of this visitor's are alive.
        """
        jobs, asks = queue or display.queue(), visitor or display.visitor()

        def work(progress: Progress) -> T | None:
            self._check_memory()
            made = self.compute(progress)
            following = self.then(made) if self.then is not None and made is not None else None
            if following is not None:
                with suppress(QueueFull):  # its page offers it then
                    following.submit(jobs, asks)
            return made

        return jobs.submit(self.key, f"{self.action or self.name} of {self.run.name}", work, asks)

    def _check_memory(self) -> None:
        free = max(memory.available(), 0)
        if self.memory > free:
            raise TooMuch(
                f"{self.subject} must have {thousands(self.memory / 1e6)} MB of memory. "
                f"Got {thousands(free / 1e6)} MB.",
                remedy="other parameters, another method, or a larger LAZYBONES_MEMORY",
            )


def about_stage(
    of: ViewContext,
    name: str,
    stage: S,
    compute: Callable[[Store, S, Keys, Progress], Artefact] = ensure,
    *,
    offer: str = "",
    eager: bool = False,
    keys: Keys | None = None,
) -> Request[Artefact]:
    """Ask for a stage of a run, or of ``keys``; runs that share those share it. Other parameters as `Request`."""
    store, keys = of.store, of.run.stages if keys is None else keys
    made, found = partial(_anew, compute, store, stage, keys), partial(find_whole, store, stage, keys)
    return Request(store, of.run, name, (key_of(stage, keys),), made, found, offer, eager=eager)


def _anew(
    compute: Callable[[Store, S, Keys, Progress], Artefact],
    store: Store,
    stage: S,
    keys: Keys,
    progress: Progress,
) -> Artefact:
    clear_damaged(store, stage, keys)
    return compute(store, stage, keys, progress)


def result(request: Request[T]) -> T | None:
    """Give what is asked for; where it is not there, offer it, or show how far it is, or why it failed.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    job = display.queue().find(request.key)
    is_over = (
        job is None or job.state.over
    )  # before the store is asked: what ends now is there at the next look
    found = request.find() if request.find is not None else None
    if found is not None:
        return found
    if job is None and (request.eager or request.find is None) and display.refusal() is None:
        _start(request)
        job = display.queue().find(request.key)
        is_over = job is None
    if request.find is None and job is not None:
        job.wait(BLINK)
        if job.state is JobState.DONE:
            made: T = job.result
            return made
        is_over = job.state.over
    if job is None or is_over:
        _offer(request, job)
    else:
        st.fragment(_watched, run_every=display.POLL)(request, job)
    return None


def _offer(request: Request[T], past: Job | None) -> None:
    """Offer to compute it: opening an address does not start a computation by itself."""
    if not request.run.finished and request.parts in {(key,) for key in request.run.stages.values()}:
        st.caption(f"{request.name} is part of this run, which is still being made.")
        return
    instead, error = request.instead, past.error if past is not None else None
    refused = display.refusal()
    if error is not None:
        _show_failure(request, error)
    elif instead is None and request.offer:
        st.markdown(request.offer)
    elif instead is not None and refused is None:
        st.info(request.offer, icon=":material/info:")
    alone = request.find is not None and not request.eager  # others are several on a page, and say it briefly
    if refused is not None and not alone:
        display.show_refusal(refused, request.name)
        return
    if refused is not None:
        ahead = request.offer if instead is not None and error is None else ""
        st.info(f"{ahead} {markdown(refused.message)}".lstrip(), icon=":material/lock:")
    with st.container(horizontal=True):
        if refused is None:
            _button(request, "Try again" if error is not None and instead is not None else "")
        else:
            display.show_own_way(request.run.command)
        if instead is not None:
            stay = f"Stay with {instead.shown}"
            st.button(stay, key=f"stay {request.key}", on_click=lambda: address.request(instead.back()))
    noted.show_refusal(request.name)


def _button(request: Request[T], label: str) -> None:
    st.button(
        label or request.button or f"Compute {request.name.lower()}",
        type="secondary" if request.instead is None else "primary",
        icon=request.icon,
        key=f"compute {request.key}",
        on_click=lambda: _start(request),
    )


def _start(request: Request[T]) -> None:
    with noted.refusing(request.name):
        request.submit()


def _show_failure(request: Request[T], error: Exception) -> None:
    """Say why a job failed; what was not expected is in the server's log only."""
    heading = request.failure or f"{request.action or request.name} failed"
    if isinstance(error, LazybonesError):
        messages.show(heading, error.message, error.remedy, request.run.command)
    else:
        messages.show(heading, "The server's log has the details.", None)


def _watched(request: Request[T], job: Job) -> None:
    """Draw how far it is; runs every `display.POLL` seconds by itself."""
    with messages.shown():
        if job.state.over:
            st.rerun()
        with st.container(border=True):
            cancelled = display.progress(job, request.note)
        if cancelled:
            if request.instead is not None:
                address.request(request.instead.back())
            st.rerun()
