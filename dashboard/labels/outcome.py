"""What becomes of what people have said of labels: a file to take away, and a run with the corrections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st

from cache import Artefact, Run, Store, StoreError
from cache.commands import command
from cache.counting import counted
from cache.errors import LazybonesError
from dashboard.jobs import display
from dashboard.jobs.making import name_of
from dashboard.jobs.request import Request, result
from dashboard.page import messages
from dashboard.page.context import ViewContext, show_pending
from dashboard.page.view_state import Versus
from dashboard.run.labelled import verdicts_of
from pipeline.api import (
    FORMATS,
    Corrections,
    LabelledImages,
    Progress,
    Stage,
    State,
    corrected_name,
    corrected_run,
    corrections_of,
    exported,
    recipe_of,
    written,
)
from pipeline.api import (
    run as make_run,
)

EVERY = 4.0
"""Seconds between two looks at what was judged meanwhile: that runs no script."""
KINDS = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json"}
NOTHING_YET = (
    "**Nothing is corrected yet.** Say what a wrong label should be (<kbd>/</kbd>), or exclude an image "
    "(<kbd>X</kbd>): here you can then run again with that."
)


def show_outcome(context: ViewContext, images: LabelledImages, suspects: Artefact) -> None:
    """Offer what was judged as a file, and a run with the corrections; looks again by itself.

    Parameters
    ----------
    context : ViewContext
        The run.
    images : LabelledImages
        Its images.
    suspects : Artefact
        How suspect their labels are.
    """
    st.fragment(_outcome, run_every=EVERY)(context, images, suspects)


def corrected_request(context: ViewContext, corrections: Corrections) -> Request[Run]:
    """Ask for a run with the corrections, which is there if it was made with the same ones."""
    store, run = context.store, context.run
    return Request(
        store,
        run,
        "Corrected run",
        (run.name, run.command),
        partial(_make, store, run),
        partial(found_corrected, store, run, corrections),
        note="",
        button="Run with the corrections",
        icon=":material/published_with_changes:",
    )


def found_corrected(store: Store, run: Run, corrections: Corrections) -> Run | None:
    """Find the run that was made of a run with these corrections; None where it is not finished, or of others."""
    with suppress(StoreError):
        made = store.run(corrected_name(run.name, store))
        dataset = store.artefact("dataset", made.stages["dataset"])
        of = {"dataset": run.stages["dataset"], "corrections": corrections.digest}
        if made.finished and dataset.manifest.identity == of:
            return made
    return None


def in_words(corrections: Corrections) -> str:
    """Say in Markdown what is corrected, and what of it among the images that are tested on."""
    facts = corrections.facts()
    labels, gone = (facts[what] for what in ("relabelled", "excluded"))
    parts = [
        f"{counted(sum(labels.values()), 'label')} changed" if sum(labels.values()) else "",
        f"{counted(sum(gone.values()), 'image')} excluded" if sum(gone.values()) else "",
    ]
    text = f"**{' and '.join(filter(None, parts))}**{_where(labels['test'] + gone['test'], corrections)}."
    if corrections.unknown:
        text += f" {counted(corrections.unknown, 'label')} called wrong without another class: as before."
    return text


def _where(tested: int, corrections: Corrections) -> str:
    """Say how many corrections are in the test split; nothing where all images are learnt from and tested on."""
    if "train" not in corrections.images.starts:
        return ""
    if tested in (0, len(corrections)):
        every = "all " if len(corrections) > 1 else ""
        return f", {every}in the {'test' if tested else 'training'} split"
    return f", {tested:,} of them in the test split"


def _outcome(context: ViewContext, images: LabelledImages, suspects: Artefact) -> None:
    with messages.shown():
        show_pending()
        try:
            state = verdicts_of(context.store).state(images)
        except LazybonesError:
            return  # the page has said that it cannot be read
        corrections = corrections_of(images, state)
        with st.container(key="outcome", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                if any(not record.judgement.is_empty for record in state.records.values()):
                    _export(context, images, suspects)
                if corrections or display.refusal() is None:
                    st.markdown(in_words(corrections) if corrections else NOTHING_YET, unsafe_allow_html=True)
            if corrections:
                _corrected(context, corrections)


def _corrected(context: ViewContext, corrections: Corrections) -> None:
    made = result(corrected_request(context, corrections))
    if made is not None:
        versus = Versus(context.run.name)
        context.link(
            "See what they change", "compare", icon=":material/compare:", run=made.name, versus=versus
        )


def _export(context: ViewContext, images: LabelledImages, suspects: Artefact) -> None:
    with st.popover("Export", icon=":material/download:"):
        back = command("labels", context.run.name, "--labels", "FILE")
        st.caption(f"All that was said of labels: a row an image. `{back}` takes it back, in your name.")
        for ending in FORMATS:
            st.download_button(
                ending.removeprefix(".").upper() if ending != ".parquet" else "Parquet",
                partial(file, context, images, suspects, ending),
                f"{context.run.name}-labels{ending}",
                KINDS[ending],
                key=f"export {ending}",
                on_click="ignore",
                width="stretch",
            )


def file(context: ViewContext, images: LabelledImages, suspects: Artefact | None, ending: str) -> bytes:
    """Write what was said of labels until now as a file; parameters as `show_outcome`, and the file's ending."""
    state: State = verdicts_of(context.store).state(images)
    return written(exported(context.data.artefact("dataset"), images, state, suspects), ending)


def _make(store: Store, run: Run, progress: Progress) -> Run:
    return make_run(recipe_of(corrected_run(run, store)), store, _Told(progress))


@dataclass(frozen=True)
class _Told:
    """Tell a job how a run is going."""

    progress: Progress

    @contextmanager
    def working(self, stage: str, detail: str) -> Iterator[Progress]:
        """Name the stage beside what is counted."""
        name = name_of(stage).lower()
        self.progress(0, 0, name)
        yield lambda done, total, what: self.progress(
            done, total, what if what == name else f"{what}, {name}"
        )

    def done(self, artefact: Artefact, *, reused: bool, seconds: float) -> None:
        """Say nothing: the next stage is named at once."""

    def left_out(self, stage: Stage, why: str) -> None:
        """Say nothing: the run's own pages do."""
