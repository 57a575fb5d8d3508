"""Odd surroundings: what cannot go well is said at the beginning, in a sentence with a remedy; the rest goes well."""

from __future__ import annotations

import io
import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.projections.pca import PCA
from tests.cache.processes import in_a_child

DIGITS = [
    "run",
    "--source",
    "digits",
    "--extractor",
    "pixels",
    "--limit",
    "60",
    "--projection",
    "pca",
    "--penalties",
    "0.1",
]
NAME = "digits-pixels-limit60-pca"


@pytest.fixture
def place(tmp_path):
    """Where the store is made."""
    return tmp_path / "store"


@pytest.fixture
def call(place, capsys):
    """Run a command on that store; give exit code, output and errors."""

    def run(*words: str, cache=place) -> tuple[int, str, str]:
        code = main.main([*words, "--cache", str(cache)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def homeless(monkeypatch):
    """A process whose user has no home: no HOME, and no line in the list of users."""

    def unknown(_):
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("LAZYBONES_DOWNLOADS", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def assert_said_at_once(outcome, *words):
    """Check that a run ended before its first stage, in a sentence with these words and a remedy."""
    code, _, errors = outcome
    assert code == 1
    assert " done in " not in errors
    message, remedy = errors.split("Error: ")[1].split("\nTry: ")
    assert " must " in message
    assert "Got" in message
    assert remedy.strip()
    assert all(word in message for word in words), message


def test_a_run_needs_no_home(call, homeless):
    """Where nothing is downloaded."""
    assert call(*DIGITS)[0] == 0


def test_a_download_without_a_home_says_what_to_set(call, homeless):
    """No traceback, and before anything else."""
    outcome = call("run", "--source", "cifar10", "--extractor", "pixels")
    assert_said_at_once(outcome, "home directory", "LAZYBONES_DOWNLOADS")
    assert "Try: export LAZYBONES_DOWNLOADS=" in outcome[2]


@pytest.mark.parametrize(
    "words", [DIGITS, ["status"], ["run", "--source", "cifar10", "--data-dir", "~/images"]]
)
def test_a_path_from_a_home_that_nobody_knows_is_a_sentence(call, homeless, words, tmp_path):
    """In every option that takes a path."""
    cache = tmp_path / "store" if "--data-dir" in words else "~/store"
    assert_said_at_once(call(*words, cache=cache), "~/", "home directory")


def test_downloads_that_cannot_be_kept_are_a_sentence(call, tmp_path, monkeypatch):
    """A home that nobody may write to is one; here a file is in the way, as tests may run as root."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAZYBONES_DOWNLOADS", str(tmp_path / "file" / "downloads"))
    outcome = call("run", "--source", "cifar10", "--extractor", "pixels")
    assert_said_at_once(outcome, str(tmp_path / "file" / "downloads"))
    assert "Try: export LAZYBONES_DOWNLOADS=" in outcome[2]


@pytest.mark.parametrize(
    "where", ["file", "file/store", "file/deep/store", "/proc/store", "/proc/deep/store"]
)
def test_a_store_that_cannot_be_made_is_a_sentence(call, tmp_path, where):
    """A file in the way, or a folder in which nobody can make one; root can elsewhere, so /proc stands for those."""
    (tmp_path / "file").touch()
    outcome = call(*DIGITS, cache=tmp_path / where)
    assert_said_at_once(outcome, f"{tmp_path / where} must be a folder that can be made and written")
    assert "--cache" in outcome[2].split("Try: ")[1]


def test_a_store_in_a_folder_of_somebody_else_is_a_sentence():
    """Tried by nobody, who may do nothing, where the tests run as root, who may do anything."""
    folder = Path(tempfile.mkdtemp())  # pytest's own may be entered by its owner only
    try:
        folder.chmod(0o555)

        def run():
            sys.stderr = io.StringIO()
            return main.main([*DIGITS, "--cache", str(folder / "deep" / "store")]), "", sys.stderr.getvalue()

        outcome = in_a_child(run, as_nobody=True)
    finally:
        folder.rmdir()
    assert_said_at_once(outcome, "store must be a folder that can be made and written", "Permission denied")
    assert "--cache" in outcome[2].split("Try: ")[1]


def _run_is_a_file(place):
    (place / "runs").touch()


def _last_stage_is_a_file(place):
    (place / "artefacts").mkdir()
    (place / "artefacts" / "thumbnails").touch()


def _run_of_that_name_is_damaged(place):
    (place / "runs").mkdir()
    (place / "runs" / f"{NAME}.json").write_text("{")


@pytest.mark.parametrize("hinder", [_run_is_a_file, _last_stage_is_a_file, _run_of_that_name_is_damaged])
def test_what_would_end_a_run_at_its_end_ends_it_at_its_beginning(call, place, hinder):
    """Before the first stage."""
    place.mkdir()
    hinder(place)
    assert_said_at_once(call(*DIGITS), str(place))


def test_a_package_of_a_later_stage_is_missed_at_the_beginning_unless_its_result_is_there(call, monkeypatch):
    """What is there needs nothing to compute it."""
    with monkeypatch.context() as without:
        without.setattr(PCA, "REQUIRES", ("no_such_package",))
        assert_said_at_once(call(*DIGITS), "projection 'pca'", "no_such_package")
    assert call(*DIGITS)[0] == 0
    monkeypatch.setattr(PCA, "REQUIRES", ("no_such_package",))
    assert call(*DIGITS)[0] == 0


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "\udcff"])
def test_a_path_that_no_command_can_hold_is_refused_at_the_beginning(call, tmp_path, name):
    """A run keeps the command that makes it, for people to type."""
    outcome = call("run", "--source", "cifar10", "--data-dir", str(tmp_path / name), "--extractor", "pixels")
    assert_said_at_once(outcome, "data_dir of cifar10 must be a path of printable characters")


def test_a_poster_that_cannot_be_written_is_not_drawn(call, monkeypatch):
    """The folder is tried before the picture is made."""
    call(*DIGITS)
    monkeypatch.setattr("pipeline.maps.poster.Poster.draw", lambda *_: pytest.fail("drawn"))
    assert_said_at_once(call("poster", NAME, "--out", "/proc/poster.png"), "/proc")


def test_no_folder_for_temporary_files_is_a_sentence(call, place, monkeypatch, tmp_path):
    """Where a bundle has to be unpacked."""

    def nowhere():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    (tmp_path / "bundle.zip").touch()
    assert_said_at_once(call("status", cache=tmp_path / "bundle.zip"), "temporary files")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_output_will_do(place, monkeypatch, encoding):
    """As PYTHONIOENCODING, LC_ALL=C or an old terminal asks for; what it lacks is written as an escape."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    assert main.main([*DIGITS, "--cache", str(place)]) == 0
    dot = r"\xb7" if encoding == "ascii" else "·"
    assert f"Handwritten digits (scikit-learn) {dot} Raw pixels" in written.getvalue().decode(encoding)


ODD = {
    "no locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no columns": {"COLUMNS": "0"},
    "one column": {"COLUMNS": "1"},
    "no such time zone": {"TZ": "Nowhere/Else"},
    "no such temporary folder": {"TMPDIR": "/proc/nowhere"},
    "a home that is a file": {"HOME": "/dev/null"},
}


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_environment_does_not_matter(project, place, odd):
    """A whole run, as a process of its own."""
    command = [sys.executable, "-m", "pipeline", *DIGITS, "--cache", str(place)]
    done = subprocess.run(command, cwd=project, env={**os.environ, **ODD[odd]}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        ("{} list --help | true; exit ${{PIPESTATUS[0]}}", (0, 141), ""),
        ("{} list >&-", (0,), ""),
        ("{} list 2>&-", (0,), ""),
        (
            "{} list >/dev/full",
            (1,),
            "Error: The output must have a place to be written to. Got: No space left",
        ),
    ],
)
def test_an_output_that_nobody_takes_is_no_traceback(project, shell, code, said):
    """`| head` has what it wants and leaves; a closed output; a full disk behind it."""
    words = ["bash", "-c", shell.format(f"{sys.executable} -m pipeline")]
    done = subprocess.run(words, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode in code
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
