"""Tell what was computed from what, from the manifests of a run's artefacts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from cache import Artefact, StoreError
from cache.manifest import Manifest
from dashboard.run.data import RunData, lacks
from dashboard.run.places import told
from dashboard.run.predictions import Predictions
from dashboard.wording.escaping import html
from dashboard.wording.html import definitions

_LONG = 80
_OPEN = ("dataset", "features", "classifier")
_TOLD_ELSEWHERE = frozenset({"class_names", "classes_present", "refused", "odd", "notes", "no_classifier"})
_DIGEST = re.compile(r"[0-9a-f]{32,}")


@dataclass(frozen=True)
class StageRow:
    """Describe how one stage's result came about.

    Attributes
    ----------
    stage, plugin : str
        What was computed, and by what.
    inputs : str
        From what.
    parameters, facts : tuple of (str, str)
        What changes the result, and what else is known of it.
    seconds, created, key : str
        As text; empty where unknown.
    versions : str
        Packages used.
    """

    stage: str
    plugin: str
    inputs: str
    parameters: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    seconds: str
    created: str
    key: str
    versions: str


def stage_rows(data: RunData, said: Predictions | None) -> list[StageRow]:
    """Describe every stage of a run that there is; a live fit takes the place of the path over C.

    Stages that cannot be read say so instead of hiding the others.
    """
    rows = []
    for stage in data.run.stages:
        if lacks(data, stage):
            continue
        try:
            artefact = said.artefact if said is not None and stage == "classifier" else data.artefact(stage)
            rows.append(_row(artefact))
        except StoreError as error:
            broken = (("trouble", told(error.message)),)
            rows.append(StageRow(stage, "", "", (), broken, "", "", data.run.stages[stage][:12], ""))
    return rows


def _row(artefact: Artefact) -> StageRow:
    manifest = artefact.manifest
    return StageRow(
        stage=manifest.stage,
        plugin=manifest.plugin,
        inputs=", ".join(manifest.inputs),
        parameters=(*_pairs(_used(manifest)), ("plug-in version", str(manifest.plugin_version))),
        facts=tuple(_pairs(manifest.facts, without=manifest.identity)),
        seconds=_duration(manifest.seconds),
        created=manifest.created.replace("T", " ").replace("+00:00", " UTC"),
        key=manifest.key[:12],
        versions=", ".join(f"{name} {version}" for name, version in manifest.versions.items()),
    )


def _used(manifest: Manifest) -> dict[str, Any]:
    """Give the parameters; where something else had to be used, that and what was asked for."""
    asked, facts = manifest.identity, manifest.facts
    changed = {name for name in asked if facts.get(name) not in (None, asked[name])}
    return {
        name: f"{_short(facts[name])} ({_short(value)} was asked for)" if name in changed else value
        for name, value in asked.items()
    }


def _pairs(values: dict[str, Any], without: Collection[str] = ()) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if value is not None and name not in _TOLD_ELSEWHERE and name not in without:
            yield ("stand-in" if name == "stand_in" else name.replace("_", " ")), _short(value)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        text = ", ".join(_short(item) for item in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{name} {_short(item)}" for name, item in value.items())
    else:
        text = str(value)
    if _DIGEST.fullmatch(text):
        return f"{text[:16]}…"
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def stage_table(rows: list[StageRow]) -> str:
    """Write the rows as HTML; every text is escaped. Packages common to all stages are told once, below."""
    versions = {row.versions for row in rows if row.versions}
    common = versions.pop() if len(versions) == 1 else ""
    foot = f'<p class="lb-small">Packages: {html(common)}</p>' if common else ""
    return f'<div class="lb-stages">{"".join(_section(row, tell=not common) for row in rows)}</div>{foot}'


def _section(row: StageRow, *, tell: bool) -> str:
    last = (
        ("computed", row.created),
        ("key", row.key),
        ("packages", row.versions if tell else ""),
    )
    listed = definitions(pair for pair in (*row.parameters, *row.facts, *last) if pair[1])
    how = f"{row.plugin}, from {row.inputs}" if row.inputs else row.plugin
    opened = " open" if row.stage in _OPEN else ""
    return (
        f"<details{opened}><summary><b>{html(row.stage)}</b><span>{html(how)}</span>"
        f"<span>{html(row.seconds)}</span></summary>{listed}</details>"
    )
