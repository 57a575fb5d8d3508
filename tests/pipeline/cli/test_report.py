"""``report``: what it says of a file, and which endings it knows."""

import json

import pytest

from cache import Store
from pipeline.cli import main
from tests.planted import planted_run


@pytest.fixture
def call(capfd, tmp_path):
    """Run the command on a store with one run; give its exit code, output and errors."""
    planted_run(Store(tmp_path / "store"), "own")

    def run(*words):
        code = main.main(["report", *map(str, words), "--cache", str(tmp_path / "store")])
        said = capfd.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.slow
def test_it_writes_what_the_ending_says(call, tmp_path):
    """And tells where and how much; as JSON for programs."""
    code, said, _ = call("own", "--out", tmp_path / "own.html")
    assert code == 0
    assert "two pages" in said
    assert (tmp_path / "own.html").read_bytes().startswith(b"<!doctype html>")
    code, said, _ = call("own", "--out", tmp_path / "own.pdf", "--json")
    assert (code, json.loads(said)["bytes"]) == (0, (tmp_path / "own.pdf").stat().st_size)
    assert (tmp_path / "own.pdf").read_bytes().startswith(b"%PDF")


def test_another_ending_is_refused(call, tmp_path):
    """With one that would do, before anything is computed."""
    code, _, error = call("own", "--out", tmp_path / "own.docx")
    assert code != 0
    assert "--out must end in .pdf, .html. Got 'own.docx'." in error


@pytest.mark.slow
def test_what_goes_wrong_is_said_once(call, tmp_path):
    """A run that is not there, and a file that is something else."""
    code, _, error = call("none", "--out", tmp_path / "none.pdf")
    assert code != 0
    assert "none" in error
    (tmp_path / "thesis.pdf").write_text("years of work")
    code, _, error = call("own", "--out", tmp_path / "thesis.pdf")
    assert code != 0
    assert "--out must be a new file, or one that holds a report." in error
