"""What belongs to a run: found by a rule of a line, checked against the rule read word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactMissing, Run
from cache.belonging import Belongings
from cache.manifest import Manifest

KEYS = [f"{i:040x}" for i in range(8)]
GRAPHS = st.lists(st.sets(st.integers(0, 7)), min_size=8, max_size=8)
"""Of each artefact, those with a lower number that it was made from; higher ones count as none."""


class Graph:
    """Stand in for a store whose artefacts were made from one another."""

    def __init__(self, made_from):
        self.made_from = [{i for i in inputs if i < n} for n, inputs in enumerate(made_from)]

    def artefacts(self):
        """List stages and keys."""
        return [(f"stage{n}", key) for n, key in enumerate(KEYS)]

    def artefact(self, stage, key):
        """Give one with a manifest; the last has none that can be read."""
        n = KEYS.index(key)
        if n == 7:
            raise ArtefactMissing("The last one must be readable. Got nothing.")
        inputs = {f"role{i}": KEYS[i] for i in self.made_from[n]}
        return type("Artefact", (), {"manifest": Manifest(stage, key, "made", 1, {}, inputs)})


def described(stages):
    """Describe a run of some artefacts; the first is its features."""
    names = ("features", *(f"stage{n}" for n in stages[1:]))
    keys = {name: KEYS[n] for name, n in zip(names, stages, strict=True)}
    return Run("run", "Run", 1.0, keys, "", "2026-01-02T03:04:05+00:00")


@given(GRAPHS, st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True))
def test_what_is_on_top_follows_the_rule(made_from, stages):
    """Made from the features, and from nothing that is not the run's or on top of it; not the run's own."""
    graph, features = Graph(made_from), stages[0]

    def belongs(n):
        return n in stages or (
            n != 7 and features in graph.made_from[n] and all(belongs(i) for i in graph.made_from[n])
        )

    wanted = [(f"stage{n}", KEYS[n]) for n in range(8) if belongs(n) and n not in stages]
    assert Belongings(graph).on_top(described(stages)) == wanted


@given(GRAPHS, st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True))
def test_what_is_needed_is_the_stages_and_all_they_were_made_from(made_from, stages):
    """Down to the last one, but not beyond what cannot be read."""
    graph = Graph(made_from)

    def below(n):
        return {n}.union(*(below(i) for i in graph.made_from[n] if n != 7))

    wanted = {KEYS[i] for n in stages for i in below(n)}
    assert Belongings(graph).needed([described(stages)]) == wanted


def test_a_run_without_features_has_nothing_on_top():
    """There is nothing that it could be made from."""
    run = Run("run", "Run", 1.0, {"dataset": KEYS[0]}, "", "2026-01-02T03:04:05+00:00")
    assert Belongings(Graph([{0}] * 8)).on_top(run) == []
