"""Draw what a run found: how good it is, the map in small, and each finding with its images and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from dashboard.components.gallery import Gallery, Group, Look, Tile, gallery, word
from dashboard.components.sprites import sprites_of
from dashboard.findings.choose import findings_of, headline_of
from dashboard.findings.finding import FACES, Finding
from dashboard.findings.headline import Headline
from dashboard.images.captions import sentence
from dashboard.maps.thumbnail import show_thumbnail
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer
from dashboard.page.view_state import Versus
from dashboard.retraining import fit_request
from dashboard.run.data import RunData, class_name, colours_of, image_ids
from dashboard.run.features import is_stand_in, model_of
from dashboard.wording.escaping import html, markdown, shown
from dashboard.wording.setting import setting_name

NOTHING_STANDS_OUT = '<p class="lb-finding">No class and no image stands out as worse than the others.</p>'


def show_findings(context: ViewContext) -> None:
    """Draw the first screen of a run with a classifier."""
    with st.container(key="first_screen"):
        left, right = st.columns([5, 9], gap="large")
    with left, st.container(key="headline", gap="xsmall"):
        _headline(context)
        show_thumbnail(context)
    with right, st.container(key="findings"):
        found = findings_of(context.data, context.predictions)
        if not found:
            st.html(NOTHING_STANDS_OUT)
        seen: list[int] = []
        for finding in found:
            faces = finding.shown(seen)
            seen += faces
            _finding(context, finding, faces)


def _headline(context: ViewContext) -> None:
    data, told = context.data, headline_of(context.data, context.predictions)
    st.title(told.title, anchor=False)
    st.html(headline_html(data, told))
    if is_stand_in(data):
        st.warning(
            "**Stand-in model.** The features come from a *stand-in* that bears the published model's name but not all "
            "of its weights. Do not quote this accuracy as Inception-v3's.",
            icon=":material/warning:",
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="headline_links"):
        if told.rival and "compare" in context.pages:
            context.link("Compare the two runs", "compare", versus=Versus(told.rival), group=None)
        st.html('<p class="lb-small"><a href="#computed">How was this computed?</a></p>', width="content")


def headline_html(data: RunData, told: Headline) -> str:
    """Write what stands below the headline: what it is to be compared with, and of what it is made."""
    return f'<p class="lb-lead">{told.sentences}</p><p class="lb-small lb-made-of">{made_of(data)}</p>'


def made_of(data: RunData) -> str:
    """Say as HTML of which images a run is, and what has described them."""
    title = str(data.artefact("dataset").manifest.facts.get("title") or data.run.title)
    return f"{html(shown(title))}, described by {html(model_of(data))}."


def _finding(context: ViewContext, finding: Finding, faces: Sequence[int]) -> None:
    with st.container(key=f"finding_{finding.key}", gap="xsmall"):
        words, pictures = st.columns([4, 7], gap="small")
        with words:
            st.html(f'<p class="lb-finding">{finding.sentence}</p>')
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                _use(context, finding)
                evidence = finding.evidence
                if evidence.page in context.pages:
                    context.link(evidence.label, evidence.page, **evidence.changes)
        with pictures:
            _faces(context, finding.key, faces)


def _use(context: ViewContext, finding: Finding) -> None:
    """Offer the other setting; the button stands out only where that is recommended."""
    setting = finding.use
    if setting is not None:
        name = markdown(setting_name(setting, context.setting))
        kind: Literal["primary", "secondary"] = "primary" if finding.urged else "secondary"
        st.button(f"Use {name}", type=kind, on_click=lambda: fit_request.choose(context, setting))


def _faces(context: ViewContext, key: str, rows: Sequence[int]) -> None:
    if not rows:
        return
    content = Gallery(
        groups=[Group(finding_tiles(context, rows))],
        sheet=sprites_of(context.data, "test", rows),
        colours=colours_of(context.data),
        action="Show details and neighbours",
        selected=context.view.selected,
        look=Look(size=96, columns=FACES),
    )
    name = f"faces_{key}"
    gallery(content, name, offer(context, name, rows))


def finding_tiles(context: ViewContext, rows: Sequence[int]) -> list[Tile]:
    """Caption each image with its class and, if that is another one, with what it is taken for."""
    data, said = context.data, context.predictions
    tiles = []
    for row, image_id in zip(rows, image_ids(data, "test", list(rows)), strict=True):
        true, predicted = int(data.test_labels[row]), int(said.predicted[row])
        taken = [] if true == predicted else [[word(f"→ {class_name(data, predicted)}")]]
        tiles.append(
            Tile(row, sentence(context, row, image_id), [[word(class_name(data, true), true)], *taken])
        )
    return tiles
