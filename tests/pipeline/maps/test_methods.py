"""How a map is laid out, written into an address and read from one that anybody may have typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InvalidParameter
from pipeline.maps.methods import describe_map, map_options, projection_of, stored_maps, write_map
from pipeline.stages.contract import ensure
from pipeline.stages.kinds import Projection
from tests.cache.making import flip
from tests.planted import planted_run


@given(st.floats(1, 1000), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_again(perplexity, seed):
    """To the last digit: another one would be another map."""
    choice = Projection.named("tsne", perplexity=perplexity, seed=seed)
    written = write_map(choice)
    assert Projection.read(written.pop("projection"), written) == choice


def test_defaults_are_not_written():
    """An address is short; what people read names what changes the picture all the same."""
    choice = Projection.read("tsne", {"perplexity": "30"})
    assert write_map(choice) == {"projection": "tsne"}
    assert describe_map(choice) == "perplexity 30"
    assert (
        describe_map(Projection.read("tsne", {"perplexity": "12.5", "seed": "3"}))
        == "perplexity 12.5, seed 3"
    )
    assert describe_map(Projection.read("pca", {})) == ""


@given(st.text(), st.dictionaries(st.text() | st.sampled_from(map_options()), st.text(), max_size=3))
def test_whatever_is_typed_is_a_map_or_a_sentence(method, written):
    """Never another exception."""
    for name in (method, "tsne", "pca"):
        said = ""
        try:
            assert Projection.read(name, written).NAME in Projection.names()
        except InvalidParameter as error:
            said = str(error)
        assert not said or re.search(r" must .*Got ", said, re.DOTALL)


@pytest.mark.parametrize("method", Projection.names())
def test_parameters_worth_trying_are_explained(method):
    """Their range holds the default and is one that the method takes; a sentence says what they do."""
    for parameter in (option for option in Projection.find(method).options() if option.about):
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.about.endswith(".")
        for value in (parameter.low, parameter.high):
            assert Projection.read(method, {parameter.key: str(value)})


def test_maps_in_the_store_are_listed_by_how_they_were_made(store):
    """Those of the run's features that this version would make alike; a damaged one is left out."""
    run, other = planted_run(store), planted_run(store, "other", extractor="hog")
    assert stored_maps(store, run) == {}  # the planted one was made by nobody
    made = [ensure(store, Projection.named("tsne", perplexity=value), run.stages) for value in (9, 5)]
    made.append(ensure(store, Projection.named("pca"), run.stages))
    ensure(store, Projection.named("tsne", perplexity=5), other.stages)
    found = stored_maps(store, run)
    assert list(found) == [made[2].key, made[1].key, made[0].key]
    assert found[made[0].key] == projection_of(made[0]) == Projection.named("tsne", perplexity=9)
    flip(made[0].folder / "manifest.json", 50)
    assert list(stored_maps(store, run)) == [made[2].key, made[1].key]


def test_a_map_made_otherwise_has_no_choice(store):
    """By a method, a version or parameters that are not this version's."""
    run = planted_run(store)
    features = {"features": run.stages["features"]}
    for plugin, version, identity in (
        ("umap", 1, {}),
        ("pca", 1, {"seed": 0}),
        ("tsne", 3, {"perplexity": -1}),
    ):
        with store.writing(
            "projection", plugin=plugin, version=version, identity=identity, inputs=features
        ) as draft:
            draft.save("test", store.artefact("projection", run.stages["projection"]).array("test"))
        assert projection_of(store.artefact("projection", draft.key)) is None


def test_a_map_is_called_by_the_perplexity_that_was_used():
    """What was asked for is too much for 20 images; a map that is not there yet has what was asked for."""
    asked = Projection.find("tsne")(perplexity=30.0)
    assert describe_map(asked) == "perplexity 30"
    assert describe_map(asked, {"perplexity": 19 / 3}) == "perplexity 6.33"
