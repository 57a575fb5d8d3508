"""Which map is in use is what the URL says, if it can be had, and told if it cannot."""

from __future__ import annotations

import pytest

from cache import SchemaTooNew
from dashboard.jobs.request import TooMuch
from dashboard.maps.in_use import forget_oldest, laid_out_maps, map_in_use, title, write
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.api import FaithfulnessStage, Projection, ensure, find, with_map
from tests.cache.making import rewrite
from tests.planted import planted_run

FIVE = (("projection", "tsne"), ("perplexity", "5"))
PCA = (("projection", "pca"),)


@pytest.fixture
def run(store):
    """A planted run; its own map was made by nobody that this version knows."""
    return planted_run(store)


def in_use(store, written=(), before=()):
    """Find the map that a URL asks for."""
    data = RunData(store, "planted")
    view = ViewState(run="planted", page="map", projection=written)
    return map_in_use(ViewContext(store, data, data.own_predictions, view), before)


def test_without_a_word_it_is_the_runs_own(store, run):
    """As it is in the run's file."""
    shown = in_use(store)
    assert (shown.projection.key, shown.wanted, shown.refusal) == (run.stages["projection"], None, None)
    assert shown.context.run == run


def test_a_map_in_the_store_is_in_use_at_once(store, run):
    """With the run as it is with that map; the run itself, which others look at, stays as it was."""
    made = ensure(store, Projection.named("tsne", perplexity=5), run.stages)
    data = RunData(store, "planted")
    own = data.artefact("projection")
    shown = in_use(store, FIVE)
    assert (shown.projection.key, shown.wanted, shown.refusal) == (made.key, None, None)
    assert shown.context.run == with_map(run, made)
    assert find(store, FaithfulnessStage(), shown.context.run.stages) is None
    laid = data.laid_out(made)
    assert (data.artefact("projection"), data.run) == (own, run)
    assert laid.artefact("projection") is made
    assert not laid.has("faithfulness")
    assert laid.artefact("dataset").key == data.artefact("dataset").key


@pytest.mark.parametrize(
    "written", [FIVE, (("projection", "tsne"), ("perplexity", "5.000")), (*FIVE, ("seed", "0"))]
)
def test_one_map_may_be_written_in_several_ways(store, run, written):
    """Defaults said aloud, and digits that say nothing."""
    made = ensure(store, Projection.named("tsne", perplexity=5), run.stages)
    assert in_use(store, written).projection.key == made.key


def test_a_method_that_is_not_named_is_the_runs_own(store):
    """The planted map is of principal components, which have no perplexity."""
    planted_run(store)
    assert in_use(store, (("projection-seed", "3"),)).wanted == Projection.read(
        "pca", {"projection-seed": "3"}
    )
    assert "perplexity must be an option of pca" in in_use(store, FIVE[1:]).refusal.message


def test_a_map_that_nobody_has_laid_out_is_wanted(store, run):
    """Until then the map that was in use before is shown, or the run's own."""
    pca = ensure(store, Projection.named("pca"), run.stages)
    shown = in_use(store, FIVE)
    assert (shown.projection.key, shown.wanted) == (
        run.stages["projection"],
        Projection.read("tsne", {"perplexity": "5"}),
    )
    assert in_use(store, FIVE, before=PCA).projection.key == pca.key
    assert in_use(store, FIVE, before=FIVE).projection.key == run.stages["projection"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ((("projection", "umap"),), "projection must be one of pca, tsne. Got 'umap'."),
        (
            (("projection", "tsne"), ("perplexity", "-1")),
            "perplexity of tsne must be a number from 1 to 1000. Got -1",
        ),
        ((("projection", "tsne"), ("perplexity", "many")), "Got 'many'"),
        ((("projection", "tsne"), ("perplexity", "nan")), "Got nan"),
        ((*PCA, ("perplexity", "5")), "perplexity must be an option of pca"),
        ((("projection", "../pca"),), "Got '../pca'"),
    ],
)
def test_what_cannot_be_is_refused(store, run, written, said):
    """In a sentence, and the run's own map is shown."""
    shown = in_use(store, written)
    assert said in shown.refusal.message
    assert (shown.projection.key, shown.wanted) == (run.stages["projection"], None)


@pytest.mark.parametrize("perplexity", ["2", "1000"])
def test_what_would_take_too_much_is_for_the_command_line(store, run, perplexity):
    """The command is told; once somebody has typed it, the map is shown like any other."""
    written = (FIVE[0], ("perplexity", perplexity))
    refusal = in_use(store, written).refusal
    assert isinstance(refusal, TooMuch)
    assert refusal.remedy == f"python -m pipeline map planted --projection tsne --perplexity {perplexity}.0"
    made = ensure(store, Projection.named("tsne", perplexity=float(perplexity)), run.stages)
    assert in_use(store, written).projection.key == made.key


def test_maps_that_were_tried_are_listed(store, run):
    """The run's own first; each by what asks for it in the URL."""
    for perplexity in (9, 5):
        ensure(store, Projection.named("tsne", perplexity=perplexity), run.stages)
    maps = laid_out_maps(store, run)
    assert list(maps) == [(), FIVE, (("projection", "tsne"), ("perplexity", "9"))]
    assert [title(made) for made in maps.values()] == ["PCA", "t-SNE, perplexity 5", "t-SNE, perplexity 9"]
    for written, made in maps.items():
        assert in_use(store, written).projection.key == made.key
    assert write(Projection.read("tsne", {"seed": "3", "perplexity": "5"})) == (*FIVE, ("seed", "3"))


def test_a_run_with_a_map_of_this_version_lists_it_once(store):
    """Its own is not another as well."""
    run = planted_run(store)
    made = ensure(store, Projection.named("pca"), run.stages)
    own = with_map(run, made)
    assert list(laid_out_maps(store, own)) == [()]


def test_the_oldest_maps_are_forgotten_with_their_faithfulness(store, run):
    """Those of runs, and whatever is no map, stay."""
    planted_run(store, "other", extractor="hog")
    before = set(store.artefacts())
    made = [ensure(store, Projection.named("tsne", perplexity=value), run.stages) for value in (5, 6, 7)]
    judged = [ensure(store, FaithfulnessStage(), with_map(run, one).stages) for one in made]
    for age, artefact in enumerate(made):
        rewrite(artefact.folder / "manifest.json", created=f"2026-01-0{age + 1}T00:00:00+00:00")
    forget_oldest(store, run, keep=1)
    assert set(store.artefacts()) - before == {("projection", made[2].key), ("faithfulness", judged[2].key)}
    assert before <= set(store.artefacts())


def test_a_map_of_a_newer_version_is_refused(store, run):
    """The run's own is not shown in its place without a word."""
    made = ensure(store, Projection.named("tsne", perplexity=5), run.stages)
    rewrite(made.folder / "manifest.json", schema=99)
    assert isinstance(in_use(store, FIVE).refusal, SchemaTooNew)
