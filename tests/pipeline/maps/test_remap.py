"""Another map of a run is what the command line would lay out, computed once."""

import json

import numpy as np
import pytest

from pipeline.api import (
    Cancelled,
    InvalidParameter,
    find_map,
    judge_map,
    lay_out_map,
    map_methods,
    with_map,
)
from pipeline.cli import main
from pipeline.projections.tsne import TSNE
from tests.planted import planted_run

DIGITS = ["run", "--source", "digits", "--extractor", "pixels", "--limit", "120"]


@pytest.fixture
def run(store):
    """A planted run; its map is of principal components."""
    return planted_run(store)


def test_a_map_has_the_parameters_asked_for(store, run):
    """The points are the plug-in's; the facts tell the perplexity."""
    found = lay_out_map(store, run, "tsne", perplexity=5)
    features = store.artefact("features", run.stages["features"]).array("test")
    np.testing.assert_array_equal(found.array("test"), TSNE(perplexity=5).project(features)[0])
    assert found.manifest.facts["perplexity"] == 5
    assert found.manifest.seed == 0


def test_a_map_is_laid_out_once_and_found_again(store, run):
    """Each method and perplexity by its own key."""
    assert find_map(store, run, "tsne", perplexity=5) is None
    first = lay_out_map(store, run, "tsne", perplexity=5)
    seen = []
    again = lay_out_map(store, run, "tsne", lambda *report: seen.append(report), perplexity=5.0)
    assert (again.key, seen) == (first.key, [])
    assert find_map(store, run, "tsne", perplexity=5).key == first.key
    assert find_map(store, run, "tsne", perplexity=6) is None
    assert find_map(store, run, "pca") is None  # the planted one has another identity


def test_the_command_line_finds_it_too(tmp_path, capsys):
    """And the other way round: one key for one map."""
    from cache import Store

    folder = ["--cache", str(tmp_path), "--json"]
    assert main.main([*DIGITS, "--projection", "pca", "--name", "made", *folder]) == 0
    capsys.readouterr()
    store = Store(tmp_path)
    found = lay_out_map(store, store.run("made"), "tsne", perplexity=7)
    assert main.main([*DIGITS, "--projection", "tsne", "--perplexity", "7", *folder]) == 0
    stages = {stage["stage"]: stage for stage in json.loads(capsys.readouterr().out)["stages"]}
    assert stages["projection"]["reused"]
    assert stages["projection"]["key"] == found.key
    assert find_map(store, store.run("made"), "pca").key == store.run("made").stages["projection"]


def test_another_map_is_judged_anew(store, run):
    """The run's own judgement does not belong to another map; its own map stays as it is."""
    other = with_map(run, lay_out_map(store, run, "tsne", perplexity=5))
    assert "faithfulness" not in other.stages
    judged = judge_map(store, other)
    assert judged.manifest.inputs["projection"] == other.stages["projection"]
    assert judged.key != run.stages["faithfulness"]
    assert with_map(run, store.artefact("projection", run.stages["projection"])) is run


def test_wrong_methods_and_parameters_are_refused(store, run):
    """In the usual sentences."""
    assert set(map_methods()) >= {"pca", "tsne"}
    with pytest.raises(InvalidParameter, match="projection must be one of pca, tsne"):
        lay_out_map(store, run, "umap")
    with pytest.raises(InvalidParameter, match="perplexity of tsne must be"):
        find_map(store, run, "tsne", perplexity=-1)


def test_cancelling_leaves_nothing_behind(store, run):
    """No map, and the next one is whole."""

    def cancel(done, total, what):
        if done:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        lay_out_map(store, run, "tsne", cancel, perplexity=5)
    assert find_map(store, run, "tsne", perplexity=5) is None
