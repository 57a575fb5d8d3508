"""What a run found, each finding with its images and a link to the evidence; the classes; examples; how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from dashboard.components.class_table import RECALL, message, score_columns
from dashboard.components.gallery import Gallery, Group, Look
from dashboard.components.sprites import SpriteSheet
from dashboard.findings.choose import findings_of, headline_of
from dashboard.findings.display import NOTHING_STANDS_OUT, finding_tiles, headline_html
from dashboard.findings.finding import FACES, Evidence, Finding
from dashboard.maps.files import sheets_of
from dashboard.maps.thumbnail import content
from dashboard.page.context import ViewContext
from dashboard.run.data import colours_of, folds_in
from dashboard.run.features import is_stand_in
from dashboard.run.predictions import untrained
from dashboard.run.provenance import stage_rows, stage_table
from dashboard.site.nodes import Node, address, columns, goes_to, html, linked, paragraph, part
from dashboard.statistics.scores import class_scores, confusion_matrix
from dashboard.topbar import STAND_IN
from dashboard.views.overview import (
    EXAMPLES_LOOK,
    HOW_TO_READ,
    averages,
    example_groups,
    examples_lead,
    how_judged,
)
from dashboard.wording.comparison import untrained_sentence
from dashboard.wording.escaping import html as safe
from dashboard.wording.escaping import shown
from dashboard.wording.numbers import images

NO_SHEET = SpriteSheet("", 0, 0, 1)
"""Images are drawn from the map's thumbnails."""


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    small_map = [_thumbnail(context)] if "map" in context.pages else []
    if context.said is None:
        return [_unjudged(context), *small_map, *_examples(context), _provenance(context)]
    return [
        columns("first", [_headline(context), *small_map], _findings(context)),
        *_classes(context),
        *_examples(context),
        _provenance(context),
    ]


def gallery(context: ViewContext, groups: Sequence[Group], look: Look) -> Node:
    """Show images; a press on one shows it on the map."""
    goes = {"picked": goes_to("map", {"image": "$"})} if "map" in context.pages else {}
    action = "Show it on the map" if goes else ""
    told = Gallery(groups, NO_SHEET, colours_of(context.data), action, look=look).payload()
    sheets, _ = sheets_of(context.data)
    return part("gallery", {**told, "atlas": None if sheets is None else asdict(sheets)}, goes)


def _headline(context: ViewContext) -> Node:
    told = headline_of(context.data, context.predictions)
    more = ""
    if is_stand_in(context.data):
        more += f'<p class="lb-stand-in"><b>Stand-in model.</b> {STAND_IN}</p>'
    if "compare" in context.pages:
        more += f"<p>{linked(context, 'Compare it with another run', 'compare')}</p>"
    return html(f"<h1>{safe(told.title)}</h1>{headline_html(context.data, told)}{more}")


def _unjudged(context: ViewContext) -> Node:
    data = context.data
    title = str(data.artefact("dataset").manifest.facts.get("title") or data.run.title)
    return html(f'<h1>{safe(shown(title))}</h1><p class="lb-lead">{images(data.n_test)}.</p>')


def _thumbnail(context: ViewContext) -> Node:
    told = {**content(context), "href": address("map", context.view.to_query())}
    return part("map_thumbnail", told, {"open": goes_to("map", {})})


def _findings(context: ViewContext) -> list[Node]:
    seen: list[int] = []
    made = []
    for finding in findings_of(context.data, context.predictions):
        faces = finding.shown(seen)
        seen += faces
        made.append(_finding(context, finding, faces))
    return made or [html(NOTHING_STANDS_OUT)]


def _finding(context: ViewContext, finding: Finding, faces: Sequence[int]) -> Node:
    evidence, link = finding.evidence, ""
    if evidence.page in context.pages:
        link = f"<p>{linked(context, safe(_label(evidence)), evidence.page, **evidence.changes)}</p>"
    said = html(f'<p class="lb-finding">{finding.sentence}</p>{link}')
    look = Look(size=96, columns=FACES)
    pictures = [gallery(context, [Group(finding_tiles(context, faces))], look)] if faces else []
    return columns("finding", [said], pictures)


def _label(evidence: Evidence) -> str:
    """Say what a link to the evidence offers: in a site labels can be seen, not judged."""
    return "See these labels" if evidence.page == "labels" else evidence.label


def _classes(context: ViewContext) -> list[Node]:
    data, names = context.data, context.data.class_names
    scores = class_scores(confusion_matrix(data.test_labels, context.predictions.predicted, len(names)))
    table = message(
        score_columns(scores),
        scores.support,
        names,
        colours_of(data),
        action="Show its errors",
        locates="map" in context.pages,
        worst=RECALL,
    )
    goes = {
        "picked": goes_to("errors", {"true": "$", "only": "wrong"}),
        "located": goes_to("map", {"true": "$"}),
    }
    missing = untrained_sentence(untrained(context.predictions, folds_in(data)), names)
    return [
        html("<h2>Classes</h2>"),
        paragraph(HOW_TO_READ, averages(context), missing, style="lb-small"),
        part("class_table", table, goes),
    ]


def _examples(context: ViewContext) -> list[Node]:
    groups = example_groups(context)
    if not groups:
        return []
    lead = paragraph(examples_lead(context), style="lb-small")
    return [html("<h2>Examples</h2>"), lead, gallery(context, groups, EXAMPLES_LOOK)]


def _provenance(context: ViewContext) -> Node:
    stages = stage_table(stage_rows(context.data, context.said))
    return html(
        '<details class="lb-provenance" id="computed"><summary>How this was computed</summary>'
        f'<p class="lb-small">{how_judged(context)}</p>{stages}</details>'
    )
