"""A recipe names itself and can say which command made it."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from cache.commands import typed, without_folders
from pipeline.cli import main
from pipeline.cli.options import recipe_from
from pipeline.recipe import Recipe, another_run, by_path, recipe_of, to_complete
from pipeline.stages.kinds import Extractor


def _recipe(*words: str) -> Recipe:
    return recipe_from(main.build_parser().parse_args(["run", *words]))


def test_the_default_name_says_source_and_extractor():
    """Nothing that is as usual lengthens the name."""
    assert _recipe("--source", "digits", "--extractor", "pixels").run_name == "digits-pixels"


def test_what_changes_the_result_is_in_the_name():
    """Two runs that differ in a result do not overwrite each other."""
    names = {
        _recipe("--source", "digits", "--extractor", "pixels", *words).run_name
        for words in ((), ("--limit", "100"), ("--C", "1"), ("--projection", "pca"), ("--seed", "3"))
    }
    assert len(names) == 5
    assert "digits-pixels-c1" in names


def test_the_published_experiment_is_what_the_options_say():
    """The issue's command gives linear-svm at C = 0.1 and t-SNE."""
    words = "--source cifar10 --extractor inception-2015 --classifier linear-svm --C 0.1 --projection tsne"
    recipe = _recipe(*words.split())
    assert [plugin.NAME for plugin in recipe.plugins] == [
        "cifar10",
        "inception-2015",
        "linear-svm",
        "tsne",
    ]
    assert recipe.classifier.C == 0.1


def test_the_command_of_a_recipe_gives_the_recipe_again():
    """Run names, parameters and seeds survive the way through the command line."""
    first = _recipe(
        "--source", "digits", "--extractor", "hog", "--orientations", "8", "--seed", "7", "--C", "2"
    )
    again = _recipe(*shlex.split(first.command)[4:])
    assert again == first
    assert recipe_of(first.command) == first


def test_the_command_works_in_any_folder(tmp_path, monkeypatch):
    """A file is named by its whole path, quoted for a shell; a bundle leaves the folder out."""
    monkeypatch.chdir(tmp_path)
    recipe = _recipe("--source", "cifar10", "--data-dir", "my data/cifar")
    assert shlex.split(recipe.command)[-1] == str(tmp_path / "my data" / "cifar")
    assert to_complete(recipe.command) == ""
    shared = without_folders(recipe.command)
    assert str(tmp_path) not in shared
    assert shared.endswith("--data-dir cifar")
    assert "before the name after --data-dir" in to_complete(shared)


def test_another_run_of_the_same_images_keeps_the_rest_of_the_recipe():
    """Source, limit and classifier stay; what only the old extractor knows goes, and so does the name."""
    first = _recipe(
        "--source", "digits", "--limit", "90", "--extractor", "hog", "--orientations", "4", "--C", "2"
    )
    other = another_run(replace(first, name="mine").command, {"--extractor": "pixels"})
    assert _recipe(*shlex.split(other)[4:]) == replace(first, extractor=Extractor.named("pixels"))


def test_a_run_of_a_path_is_typed_as_people_type_it(tmp_path):
    """Without what the path says by itself, and without detours on the way to it; else as it is."""
    (tmp_path / "here").mkdir()
    (tmp_path / "my ants").mkdir()
    detour = str(tmp_path / "here" / ".." / "my ants")
    made = _recipe("--source", "folder", "--path", detour, "--C", "2", "--extractor", "hog").command
    assert shlex.split(by_path(made)) == [
        *("lazybones", str(tmp_path / "my ants"), "--extractor", "hog", "--C", "2.0")
    ]
    assert typed(by_path(made), tmp_path).endswith(f" --cache {tmp_path}")
    digits = _recipe("--source", "digits", "--extractor", "hog").command
    assert by_path(digits) == digits


def test_an_argument_behind_a_colon_is_an_option_in_short(tmp_path):
    """The run is called after the file; its command says the same at length."""
    words = ["--source", "digits", "--mean", "0.5,0.5,0.5"]
    short = _recipe(*words, "--extractor", f"onnx:{tmp_path}/My net.onnx")
    assert short == _recipe(*words, "--extractor", "onnx", "--model", f"{tmp_path}/My net.onnx")
    assert short.run_name == "digits-onnx-my-net"
    assert _recipe(*shlex.split(short.command)[4:]) == short
    with pytest.raises(SystemExit):
        _recipe("--extractor", "hog:8")


def test_kernel_is_another_word_for_the_classifier():
    """The published experiment's way to say it; the two cannot contradict each other."""
    assert _recipe("--kernel", "rbf", "--gamma", "0.5") == _recipe(
        "--classifier", "rbf-svm", "--gamma", "0.5"
    )
    assert _recipe("--kernel", "linear") == _recipe()
    for words in (["--kernel", "poly"], ["--kernel", "rbf", "--classifier", "linear-svm"]):
        with pytest.raises(SystemExit):
            _recipe(*words)


def test_a_source_says_what_suits_its_images_where_nobody_chooses():
    """Photographs a network, small pictures histograms; who chooses gets what was chosen."""
    assert _recipe("--source", "folder", "--path", "photos").extractor.NAME == "efficientnet-lite0"
    assert _recipe("--source", "digits").extractor.NAME == "hog"
    assert (
        _recipe("--source", "folder", "--path", "photos", "--extractor", "pixels").extractor.NAME == "pixels"
    )
