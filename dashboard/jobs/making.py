"""What pages show of a run that is still being made: how far it is, and in place of a page that waits, what for."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from cache import Store
from cache.making import StageState
from dashboard.jobs.display import seconds_words
from dashboard.page import messages
from dashboard.run.unfinished import Unfinished, unfinished
from dashboard.wording.escaping import html, markdown, shown
from dashboard.wording.numbers import thousands

POLL, SELDOM = 1.0, 5.0
"""Seconds between two looks, while somebody makes the run and while nobody does."""
LONGEST, LONGEST_WORD = 1000, 80
"""Letters that are shown of an error, and of what is counted or the run's title."""
MEASURED = 2.0
"""Seconds after which the time left is told."""

NAMES = {
    "dataset": "Images",
    "thumbnails": "Thumbnails",
    "features": "Features",
    "neighbours": "Neighbours",
    "projection": "Map",
    "faithfulness": "Faithfulness",
    "classifier": "Classifier",
    "colours": "Colours",
    "validation": "Cross-validation",
    "separability": "Separability",
    "learning": "Learning curve",
    "duplicates": "Duplicates",
    "suspects": "Suspects",
    "hitrate": "How good the list of suspects is",
}
"""What people call the stages."""

HEADINGS = {
    "working": "This run is being made",
    "failed": "This run could not be finished",
    "interrupted": "This run was interrupted",
}

_FINISHED = "lazybones.finished"
_SEEN = "lazybones.making_seen"


def name_of(stage: str) -> str:
    """Give what people call a stage."""
    return NAMES.get(stage, shown(stage))


def panel(store: Store, state: Unfinished | None) -> None:
    """Show how far a run is, small, for as long as it is not finished; nothing else is asked of a finished one."""
    if state is None:
        return
    every = POLL if state.alive else SELDOM
    st.fragment(_watched, run_every=every)(store, state)


def tell_finished(name: str) -> None:
    """Say once that a run that was watched is finished."""
    if st.session_state.pop(_FINISHED, None) == name:
        st.toast(f"{markdown(name)} is finished: every page shows all of it.", icon=":material/check_circle:")


def waiting(store: Store, state: Unfinished, missing: Sequence[str]) -> None:
    """Say in place of a page that it comes by itself, and what is computed meanwhile."""
    if state.alive:
        st.fragment(_wait, run_every=POLL)(store, state.name, tuple(missing))
    else:
        st.markdown(f"**{awaited(missing)}** Nobody computes it now: see below.")


def awaited(missing: Sequence[str]) -> str:
    """Say what a page waits for."""
    names = [name_of(stage).lower() for stage in missing]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"This page waits for the {listed}."


def progress_words(stage: StageState | None) -> str:
    """Say in words how far a stage is: "Features: 120 of 397 images"; empty where nothing is known."""
    if stage is None:
        return ""
    name, what = name_of(stage.stage), shown(stage.what)[:LONGEST_WORD]
    of = f"{thousands(stage.done)} of {thousands(stage.total)}" if stage.total else thousands(stage.done)
    counted = f"{of} {what}".rstrip() if stage.done or stage.total else what
    if not counted:
        return name
    return counted if what.lower() == name.lower() else f"{name}: {counted}"


def _watched(store: Store, drawn: Unfinished) -> None:
    """Draw how far it is; runs by itself, and the whole page again where that has something new to draw."""
    with messages.shown():
        now = unfinished(store, drawn.name)
        if now is None and drawn.name in store.run_names():
            st.session_state[_FINISHED] = drawn.name
        if now is None or now.signature != drawn.signature:
            st.rerun()
        with st.container(key="making", gap="small"):
            st.html(markup(now, time_left(now.at_work)))
            _what_to_do(now)


def _what_to_do(state: Unfinished) -> None:
    if state.kind == "interrupted":
        messages.show_command("This goes on where it stopped:", state.command)
    elif state.kind == "failed" and state.making is not None and state.making.remedy:
        messages.show_remedy(state.making.remedy, state.command)


def _wait(store: Store, name: str, missing: tuple[str, ...]) -> None:
    with messages.shown():
        state = unfinished(store, name)
        work = state.at_work if state is not None else None
        words = ", ".join(filter(None, (progress_words(work), time_left(work))))
        told = f"Being computed now: {words}." if words else "It comes by itself."
        st.markdown(f"**{markdown(awaited(missing))}** {markdown(told)}")


def time_left(stage: StageState | None) -> str:
    """Say how long a stage will take, by what this session has seen of it; empty until there is something to measure.

    What was there before, of a run that goes on, took no time now: only steps that were seen count.
    """
    if stage is None or not stage.total:
        return ""
    now, what = time.monotonic(), (stage.stage, stage.what, stage.total)
    known = st.session_state.get(_SEEN)
    if known is None or known[0] != what or known[2] > stage.done:
        known = st.session_state[_SEEN] = (what, now, stage.done)
    seconds, steps = now - known[1], stage.done - known[2]
    if seconds < MEASURED or steps <= 0 or stage.done >= stage.total:
        return ""
    return f"about {seconds_words((stage.total - stage.done) * seconds / steps)} left"


def markup(state: Unfinished, left: str = "") -> str:
    """Write how far a run is, as HTML; every text is escaped: anybody may have written the file."""
    title = html(shown(state.title)[:LONGEST_WORD])
    lines = [f"<b>{': '.join(filter(None, (HEADINGS[state.kind], title)))}</b>"]
    if state.kind == "failed" and state.making is not None:
        lines.append(f"<span>{html(shown(state.making.error)[:LONGEST])}</span>")
    elif state.alive:
        words = ", ".join(filter(None, (progress_words(state.at_work) or "starting", left)))
        lines.append(f"<span>{html(words)}</span>")
    stages = "".join(_item(stage, state) for stage in state.stages)
    listed = f"<ol>{stages}</ol>" if stages else ""
    return f'<section class="lb-making" data-kind="{state.kind}"><p>{" ".join(lines)}</p>{listed}</section>'


def _item(stage: StageState, state: Unfinished) -> str:
    stands = stage.state if state.alive or stage.state == "done" else "waiting"
    share = min(stage.done / stage.total, 1) if stands == "working" and stage.total else 0
    spoken = {"done": "done", "working": "being computed", "waiting": "waiting"}[stands]
    return (
        f'<li data-state="{stands}" title="{html(name_of(stage.stage))}: {spoken}" style="--share: {share:.1%}">'
        f"<span>{html(name_of(stage.stage))}</span></li>"
    )
