"""``map``: lay out another map of a run."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import urlencode

from cache import Artefact, Run, Store, open_store
from cache.commands import dashboard_command
from cache.counting import counted
from cache.roots import named_place
from cache.runs import check_finished
from pipeline.cli.answer import Answer
from pipeline.cli.options import add_plugin_options, given_options
from pipeline.cli.terminal import TerminalReporter
from pipeline.maps.methods import describe_map, with_map, write_map
from pipeline.stages.contract import Stage, ensure
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Projection

SUMMARY = "lay out another map of a run, for the dashboard to show beside the run's own"
EXAMPLES = """  python -m pipeline map clipart-hog --projection tsne --perplexity 50
  python -m pipeline map clipart-hog --projection pca

The run stays as it is. On the dashboard's page Map, choose the new map under "Projection", or open the address
that this prints.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    add_plugin_options(parser, (Projection,))


def execute(args: argparse.Namespace) -> Answer:
    """Lay the map out, and measure how faithful it is; what is there is reused."""
    projection = Projection.given(args.projection, given_options(args, (Projection,)))
    store = open_store(args.cache, create=True)
    run = store.run(args.run)
    check_finished(run)
    laid_out = _ensure(store, projection, run)
    other = with_map(run, laid_out)
    judged = _ensure(store, FaithfulnessStage(), other) if "neighbours" in run.stages else None
    address = f"map?{urlencode({'run': run.name, **write_map(projection)})}"
    facts = laid_out.manifest.facts
    data = {
        "run": run.name,
        "projection": laid_out.key,
        "address": address,
        "note": facts.get("note"),
        **_scores(judged),
    }
    return Answer(_text(run, projection, facts, judged, _link(address, args)), data)


def _ensure(store: Store, stage: Stage, run: Run) -> Artefact:
    with TerminalReporter().working(stage.STAGE, stage.NAME) as progress:
        return ensure(store, stage, run.stages, progress)


def _scores(judged: Artefact | None) -> dict[str, Any]:
    facts = judged.manifest.facts if judged else {}
    chosen = (
        judged is not None and 0 < facts["k"] < judged.manifest.dims["n_test"] - 1
    )  # else any map keeps them all
    return {
        "faithfulness": judged.key if judged else None,
        "neighbours_kept": float(judged.array("preserved").mean()) if judged and chosen else None,
        "of": facts.get("k"),
        "trustworthiness": facts.get("trustworthiness"),
        "continuity": facts.get("continuity"),
    }


def _link(address: str, args: argparse.Namespace) -> str:
    return (
        f"Look at it: {dashboard_command(named_place(args.cache))}, then open http://localhost:8501/{address}"
    )


def _text(run: Run, projection: Projection, facts: dict[str, Any], judged: Artefact | None, link: str) -> str:
    lines = [", ".join(filter(None, (f"{run.name}: {projection.NAME}", describe_map(projection, facts))))]
    if facts.get("note"):
        lines.append(facts["note"])
    if judged is not None:
        scores = _scores(judged)
        if scores["neighbours_kept"] is not None:
            kept = f"{scores['neighbours_kept']:.1f} of {counted(scores['of'], 'nearest neighbour')}"
            lines.append(f"{kept} kept, on average")
        if scores["trustworthiness"] is not None:
            lines.append(
                f"trustworthiness {scores['trustworthiness']:.3f}, continuity {scores['continuity']:.3f}"
            )
    lines.append(link)
    return "\n".join(lines)
