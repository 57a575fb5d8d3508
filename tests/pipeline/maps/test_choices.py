"""How a map is laid out, written into an address and read from one that anybody may have typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.api import (
    Choice,
    InvalidParameter,
    choice_of,
    describe_map,
    lay_out_map,
    map_methods,
    map_options,
    map_parameters,
    read_map,
    stored_maps,
    write_map,
)
from tests.cache.making import flip
from tests.planted import planted_run


@given(st.floats(1, 1000), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_again(perplexity, seed):
    """To the last digit: another one would be another map."""
    choice = Choice.of("projections", "tsne", perplexity=perplexity, seed=seed)
    written = write_map(choice)
    assert read_map(written.pop("projection"), written) == choice


def test_defaults_are_not_written():
    """An address is short; what people read names what changes the picture all the same."""
    choice = read_map("tsne", {"perplexity": "30"})
    assert write_map(choice) == {"projection": "tsne"}
    assert describe_map(choice) == "perplexity 30"
    assert describe_map(read_map("tsne", {"perplexity": "12.5", "seed": "3"})) == "perplexity 12.5, seed 3"
    assert describe_map(read_map("pca", {})) == ""


@given(st.text(), st.dictionaries(st.text() | st.sampled_from(map_options()), st.text(), max_size=3))
def test_whatever_is_typed_is_a_map_or_a_sentence(method, written):
    """Never another exception."""
    for name in (method, "tsne", "pca"):
        said = ""
        try:
            assert read_map(name, written).name in map_methods()
        except InvalidParameter as error:
            said = str(error)
        assert not said or re.search(r" must .*Got ", said, re.DOTALL)


@pytest.mark.parametrize("method", map_methods())
def test_parameters_worth_trying_are_explained(method):
    """Their range holds the default and is one that the method takes; a sentence says what they do."""
    for parameter in map_parameters(method):
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.about.endswith(".")
        for value in (parameter.low, parameter.high):
            assert read_map(method, {parameter.option: str(value)})


def test_maps_in_the_store_are_listed_by_how_they_were_made(store):
    """Those of the run's features that this version would make alike; a damaged one is left out."""
    run, other = planted_run(store), planted_run(store, "other", extractor="hog")
    assert stored_maps(store, run) == {}  # the planted one was made by nobody
    made = [lay_out_map(store, run, "tsne", perplexity=value) for value in (9, 5)]
    made.append(lay_out_map(store, run, "pca"))
    lay_out_map(store, other, "tsne", perplexity=5)
    found = stored_maps(store, run)
    assert list(found) == [made[2].key, made[1].key, made[0].key]
    assert found[made[0].key] == choice_of(made[0]) == Choice.of("projections", "tsne", perplexity=9)
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
        assert choice_of(store.artefact("projection", draft.key)) is None
