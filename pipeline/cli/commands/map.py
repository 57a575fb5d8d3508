"""``map``: lay out another map of a run."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import urlencode

from cache import Artefact, Run, Store, open_store
from pipeline.api import describe_map, judge_map, lay_out_map, with_map, write_map
from pipeline.cli.answer import Answer, dashboard_command
from pipeline.cli.options import add_plugin_options, choices_from
from pipeline.cli.terminal import TerminalReporter
from pipeline.plugins.recipe import Choice

SUMMARY = "lay out another map of a run, for the dashboard to show beside the run's own"
EXAMPLES = """  python -m pipeline map digits-hog --projection tsne --perplexity 50
  python -m pipeline map digits-hog --projection pca

The run stays as it is. On the dashboard's page Map, choose the new map under "Projection", or open the address
that this prints.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    add_plugin_options(parser, ("projection",))


def execute(args: argparse.Namespace) -> Answer:
    """Lay the map out, and measure how faithful it is; what is there is reused."""
    choice = choices_from(args, ("projection",))["projection"]
    store = open_store(args.cache, create=True)
    run = store.run(args.run)
    reporter = TerminalReporter()
    with reporter.working("projection", choice.name) as progress:
        projection = lay_out_map(store, run, choice.name, progress, **choice.parameters)
    laid = with_map(run, projection)
    judged = _judge(store, laid, reporter) if "neighbours" in run.stages else None
    address = f"map?{urlencode({'run': run.name, **write_map(choice)})}"
    note = projection.manifest.facts.get("note")
    data = {
        "run": run.name,
        "projection": projection.key,
        "address": address,
        "note": note,
        **_scores(judged),
    }
    return Answer(_text(run, choice, judged, note, _link(address, args)), data)


def _judge(store: Store, laid: Run, reporter: TerminalReporter) -> Artefact:
    with reporter.working("faithfulness", "ranks") as progress:
        return judge_map(store, laid, progress)


def _scores(judged: Artefact | None) -> dict[str, Any]:
    facts = judged.manifest.facts if judged else {}
    return {
        "faithfulness": judged.key if judged else None,
        "neighbours_kept": float(judged.array("preserved").mean()) if judged else None,
        "of": facts.get("k"),
        "trustworthiness": facts.get("trustworthiness"),
        "continuity": facts.get("continuity"),
    }


def _link(address: str, args: argparse.Namespace) -> str:
    return f"Look at it: {dashboard_command(args.cache)}, then open http://localhost:8501/{address}"


def _text(run: Run, choice: Choice, judged: Artefact | None, note: str | None, link: str) -> str:
    lines = [", ".join(filter(None, (f"{run.name}: {choice.name}", describe_map(choice))))]
    if note:
        lines.append(note)
    if judged is not None:
        scores = _scores(judged)
        lines.append(f"{scores['neighbours_kept']:.1f} of {scores['of']} nearest neighbours kept, on average")
        if scores["trustworthiness"] is not None:
            lines.append(
                f"trustworthiness {scores['trustworthiness']:.3f}, continuity {scores['continuity']:.3f}"
            )
    lines.append(link)
    return "\n".join(lines)
