"""Another map of a run is what the command line would lay out, computed once."""

import json

import numpy as np
import pytest

from pipeline.cli import main
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.maps.methods import with_map
from pipeline.projections.tsne import TSNE
from pipeline.stages.contract import ensure, find
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Projection
from tests.planted import planted_run

DIGITS = ["run", "--source", "digits", "--extractor", "pixels", "--limit", "120"]


def tsne(perplexity):
    """Give t-SNE."""
    return Projection.named("tsne", perplexity=perplexity)


@pytest.fixture
def run(store):
    """A planted run; its map is of principal components."""
    return planted_run(store)


def test_a_map_has_the_parameters_asked_for(store, run):
    """The points are the plug-in's; the facts tell the perplexity."""
    found = ensure(store, tsne(5), run.stages)
    features = store.artefact("features", run.stages["features"]).array("test")
    np.testing.assert_array_equal(found.array("test"), TSNE(perplexity=5).project(features)[0])
    assert found.manifest.facts["perplexity"] == 5
    assert found.manifest.seed == 0


def test_a_map_is_laid_out_once_and_found_again(store, run):
    """Each method and perplexity by its own key."""
    assert find(store, tsne(5), run.stages) is None
    first = ensure(store, tsne(5), run.stages)
    seen = []
    again = ensure(store, tsne(5.0), run.stages, lambda *report: seen.append(report))
    assert (again.key, seen) == (first.key, [])
    assert find(store, tsne(5), run.stages).key == first.key
    assert find(store, tsne(6), run.stages) is None
    assert find(store, Projection.named("pca"), run.stages) is None  # the planted one has another identity


def test_the_command_line_finds_it_too(tmp_path, capsys):
    """And the other way round: one key for one map."""
    from cache import Store

    folder = ["--cache", str(tmp_path), "--json"]
    assert main.main([*DIGITS, "--projection", "pca", "--name", "made", *folder]) == 0
    capsys.readouterr()
    store = Store(tmp_path)
    found = ensure(store, tsne(7), store.run("made").stages)
    assert main.main([*DIGITS, "--projection", "tsne", "--perplexity", "7", *folder]) == 0
    stages = {stage["stage"]: stage for stage in json.loads(capsys.readouterr().out)["stages"]}
    assert stages["projection"]["reused"]
    assert stages["projection"]["key"] == found.key
    assert (
        find(store, Projection.named("pca"), store.run("made").stages).key
        == store.run("made").stages["projection"]
    )


def test_another_map_is_judged_anew(store, run):
    """The run's own judgement does not belong to another map; its own map stays as it is."""
    other = with_map(run, ensure(store, tsne(5), run.stages))
    assert "faithfulness" not in other.stages
    judged = ensure(store, FaithfulnessStage(), other.stages)
    assert judged.manifest.inputs["projection"] == other.stages["projection"]
    assert judged.key != run.stages["faithfulness"]
    assert with_map(run, store.artefact("projection", run.stages["projection"])) is run


def test_wrong_methods_and_parameters_are_refused(store, run):
    """In the usual sentences."""
    assert set(Projection.names()) >= {"pca", "tsne"}
    with pytest.raises(InvalidParameter, match="projection must be one of pca, tsne"):
        Projection.named("umap")
    with pytest.raises(InvalidParameter, match="perplexity of tsne must be"):
        find(store, tsne(-1), run.stages)


def test_cancelling_leaves_nothing_behind(store, run):
    """No map, and the next one is whole."""

    def cancel(done, total, what):
        if done:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        ensure(store, tsne(5), run.stages, cancel)
    assert find(store, tsne(5), run.stages) is None
