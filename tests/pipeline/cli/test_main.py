"""The command line: every verb is documented, every mistake is a sentence and exit code 1."""

from __future__ import annotations

import json
import shlex

import pytest

from pipeline.cli import main

VERBS = sorted(main.commands())
DIGITS = ["run", "--source", "digits", "--extractor", "pixels", "--limit", "120", "--projection", "pca"]


@pytest.fixture
def call(tmp_path, capsys):
    """Run a command on a store of its own; give exit code, output and errors."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main.main([*words, "--cache", str(tmp_path / "store")])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_shows_its_summary_and_examples(verb, capsys):
    """`--help` of each verb ends well and shows at least one example that names the verb."""
    with pytest.raises(SystemExit) as ended:
        main.main([verb, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"python -m pipeline {verb}" in shown.split("examples:")[1]
    assert "--json" in shown


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_in_the_readme(verb, project):
    """The README names each verb."""
    assert f"python -m pipeline {verb}" in (project / "README.md").read_text()


@pytest.mark.parametrize("verb", VERBS)
def test_examples_parse(verb):
    """Each example is a command line the parser takes."""
    text = main.commands()[verb].EXAMPLES.replace("\\\n", " ")
    lines = [
        line.split("#")[0].strip() for line in text.splitlines() if line.startswith("  python -m pipeline")
    ]
    assert lines
    for line in lines:
        main.build_parser().parse_args(shlex.split(line)[3:])


def test_a_run_is_written_then_reused(call):
    """The first run computes every stage, the second none, and both give the same keys."""
    code, out, _ = call(*DIGITS, "--json")
    first = json.loads(out)
    assert code == 0
    assert not any(stage["reused"] for stage in first["stages"])
    _, out, errors = call(*DIGITS, "--json")
    second = json.loads(out)
    assert all(stage["reused"] for stage in second["stages"])
    assert second["keys"] == first["keys"]
    assert errors.count("reused") == len(second["stages"])


def test_other_parameters_leave_a_run_of_the_same_name_alone(call):
    """What the name does not tell apart gets a number, is found again, and gives way where --name says so."""
    first = json.loads(call(*DIGITS, "--json")[1])
    other = [*DIGITS, "--penalties", "0.05,0.1"]
    code, out, _ = call(*other)
    assert code == 0
    assert f"{first['run']}-2: " in out
    assert f"{first['run']} was made with other parameters and stays as it is" in out
    assert json.loads(call(*other, "--json")[1])["run"] == f"{first['run']}-2"
    assert json.loads(call(*DIGITS, "--json")[1])["run"] == first["run"]
    assert json.loads(call(*other, "--name", first["run"], "--json")[1])["run"] == first["run"]


def test_the_grids_last_line_can_be_pasted(call):
    """It is the run's own command with the best point's options, and makes another run."""
    first = json.loads(call(*DIGITS, "--json")[1])
    _, out, _ = call("grid", first["run"], "--C", "0.1", "--kernel", "rbf", "--folds", "2")
    command = shlex.split(out.strip().splitlines()[-1].removeprefix("Run it: "))
    assert command[:4] == ["python", "-m", "pipeline", "run"]
    assert command[-2] == "--cache"
    code, out, _ = call(*command[3:], "--json")
    assert code == 0
    made = json.loads(out)
    assert made["run"] != first["run"]
    assert made["train_images"] == first["train_images"]


def test_the_last_line_shows_the_store_that_was_filled(call, tmp_path):
    """Which is not the one that the dashboard shows by itself."""
    _, out, _ = call(*DIGITS)
    assert out.splitlines()[-1] == f"Look at it: lazybones --cache {tmp_path / 'store'}"


def test_another_projection_recomputes_only_what_depends_on_it(call):
    """Content addressing: what does not depend on a change is reused."""
    call(*DIGITS)
    words = ["tsne" if word == "pca" else word for word in DIGITS]
    _, out, _ = call(*words, "--json")
    computed = [stage["stage"] for stage in json.loads(out)["stages"] if not stage["reused"]]
    assert computed == ["projection", "faithfulness"]


def test_a_c_off_the_path_is_fitted_and_reported(call):
    """A C that is not on the path gets a fit of its own, and status shows its accuracy."""
    _, out, _ = call(*DIGITS, "--C", "0.123", "--json")
    accuracy = json.loads(out)["accuracy"]
    _, out, _ = call("status", "--json")
    assert json.loads(out)[0]["C"] == 0.123
    assert json.loads(out)[0]["accuracy"] == accuracy > 0.5


def test_another_map_is_laid_out_beside_the_runs_own(call, tmp_path):
    """Stored as any result, judged, found again at once, bundled along; the run stays as it is."""
    call(*DIGITS)
    before = json.loads(call("status", "--json")[1])[0]
    words = ["map", before["run"], "--projection", "tsne", "--perplexity", "7.5"]
    code, out, _ = call(*words, "--json")
    made = json.loads(out)
    assert code == 0
    assert made["address"] == f"map?run={before['run']}&projection=tsne&perplexity=7.5"
    assert 0 < made["trustworthiness"] <= 1
    assert json.loads(call(*words, "--json")[1]) == made
    assert made["address"] in call(*words)[1]
    assert json.loads(call("status", "--json")[1])[0] == before
    assert call("clean", "--unreferenced")[1].startswith("Nothing to remove.")
    assert "All is well" in call("verify")[1]
    target = tmp_path / "shared.zip"
    _, out, _ = call("bundle", before["run"], "--output", str(target), "--json")
    assert json.loads(out)["on_top"] == 3  # the map, how faithful it is, and the index of support vectors
    assert main.main([*words, "--cache", str(target)]) == 1  # a zip is not to be written to
    assert sorted(made[stage] for stage in ("projection", "faithfulness")) == sorted(
        path.name
        for path in (tmp_path / "store" / "artefacts").glob("*/*")
        if path.name not in before["keys"].values() and path.parent.name != "supports"
    )
    _, out, _ = call("clean", "--on-top", "--json")
    assert len(json.loads(out)["removed"]) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["map", "nothing-like-this"], "nothing-like-this"),
        (["map", "x", "--projection", "pca", "--perplexity", "5"], "Got it with pca"),
        (["map", "x", "--perplexity", "nan"], "Try: python -m pipeline map --help"),
        (["run", "--gamma", "0.1"], "--gamma must go with --classifier rbf-svm. Got it with linear-svm."),
        (["run", "--gamma", "0.1"], "Try: python -m pipeline run --cache "),
        (["poster", "x", "--size", "7"], "Try: python -m pipeline poster --help"),
        (["poster", "x", "--out", "no/folder/x.png"], "The folder of --out must exist. Got 'no/folder'."),
        (["run", "--source", "digits", "--extractor", "pixels", "--C", "-1"], "Got -1"),
        (["run", "--source", "digits", "--extractor", "pixels", "--limit", "0"], "Got 0"),
        (["run", "--source", "digits", "--extractor", "pixels", "--precision", "float32"], "--precision"),
        (["run", "--source", "digits", "--extractor", "pixels", "--name", "../x"], "../x"),
        (["status", "nothing-like-this"], "nothing-like-this"),
        (["bundle", "nothing-like-this"], "nothing-like-this"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_one(call, tmp_path, words, said):
    """A wrong value ends with exit code 1, one `Error:` that names it, a next step, and no traceback."""
    (tmp_path / "store").mkdir()
    code, _, errors = call(*words)
    assert code == 1
    assert errors.startswith("Error: ")
    assert said in errors
    assert "Try: " in errors
    assert "Traceback" not in errors


def test_an_error_is_json_too(call, tmp_path):
    """With --json, standard output is JSON even when something is wrong."""
    (tmp_path / "store").mkdir()
    code, out, _ = call("status", "nothing-like-this", "--json")
    assert code == 1
    assert json.loads(out)["error"] == "ArtefactMissing"


def test_a_flipped_byte_is_found_named_and_cleaned(call, tmp_path):
    """Verify exits 1 and names the file; clean --corrupt removes it; the next run makes it again."""
    call(*DIGITS)
    path = next(tmp_path.glob("store/artefacts/projection/*/test.npy"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    code, out, _ = call("verify")
    assert code == 1
    assert str(path) in out
    assert call("clean", "--corrupt")[0] == 0
    assert not path.exists()
    _, out, _ = call(*DIGITS, "--json")
    assert [stage["stage"] for stage in json.loads(out)["stages"] if not stage["reused"]] == ["projection"]
    assert call("verify")[0] == 0


def test_a_bundle_serves_the_same_run(call, tmp_path):
    """A zip made by bundle opens as a store and shows the same numbers."""
    call(*DIGITS)
    _, out, _ = call("status", "--json")
    before = json.loads(out)
    target = tmp_path / "shared.zip"
    assert call("bundle", before[0]["run"], "--output", str(target))[0] == 0
    assert main.main(["status", "--json", "--cache", str(target)]) == 0
