"""The embedded demo: scikit-learn's digits with two feature sets, nothing to download."""

from __future__ import annotations

from cache import LazybonesError, Run, Store
from pipeline.plugins.recipe import Choice, Recipe
from pipeline.run import Reporter, run

HOG = {"orientations": 8, "pixels_per_cell": 2, "cells_per_block": 1}
"""128 numbers an image: small enough to commit."""


def recipes() -> tuple[Recipe, ...]:
    """Give the demo's runs."""
    extractors = (Choice.of("extractors", "hog", **HOG), Choice.of("extractors", "pixels"))
    return tuple(
        Recipe(
            source=Choice.of("sources", "digits"),
            extractor=extractor,
            classifier=Choice.of("classifiers", "linear-svm"),
            projection=Choice.of("projections", "tsne"),
            name=f"digits-{extractor.name}",
        )
        for extractor in extractors
    )


def is_whole(store: Store) -> bool:
    """Tell whether every run of the demo is there, byte for byte."""
    try:
        for recipe in recipes():
            for stage, key in store.run(recipe.run_name).stages.items():
                for _ in store.artefact(stage, key).verify():
                    pass
    except LazybonesError:
        return False
    return True


def build(store: Store, reporter: Reporter) -> list[Run]:
    """Compute the demo's runs."""
    return [run(recipe, store, reporter) for recipe in recipes()]
