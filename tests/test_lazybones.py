"""The one line: ``lazybones PATH`` understands what it is given, serves, computes, and ends well."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from importlib import import_module
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

import lazybones
from cache import LazybonesError, Store
from cache.bundle import pack
from cache.making import makings
from dashboard.launch import Dashboard, Process, free_port
from pipeline.cli.main import INTERRUPTED
from pipeline.cli.paths import is_store, source_at
from pipeline.stages.kinds import Source
from tests.cache.making import a_run, make

CODE = {".py", ".pyc", ".lock"}
LONGEST = 120
"""Seconds that something may take before its test fails, rather than never ends."""


@pytest.fixture
def images(tmp_path, rng):
    """A folder of two classes, 30 small pictures each, and one file that is none."""
    for name, shade in (("bright", 200), ("dark", 50)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(30):
            pixels = rng.normal(shade, 20, (24, 32, 3)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.png")
    (tmp_path / "photos" / "dark" / "notes.jpg").write_text("no picture")
    return tmp_path / "photos"


def test_the_source_is_chosen_by_what_the_path_is(tmp_path, images):
    """A folder, a zip, a table; Keras's arrays are known by their names."""
    (tmp_path / "photos.ZIP").touch()
    assert source_at(images) == source_at(tmp_path / "photos.ZIP") == ("folder", "--path")
    for name in ("t.csv", "t.parquet", "t.npz", "T.Arrow"):
        (tmp_path / name).touch()
        assert source_at(tmp_path / name) == ("table", "--table")
    np.savez(tmp_path / "keras.npz", x_train=np.zeros(3), y_train=np.zeros(3))
    assert source_at(tmp_path / "keras.npz") == ("npz", "--file")
    np.savez(tmp_path / "vectors.npz", features=np.zeros(3))
    assert source_at(tmp_path / "vectors.npz") == ("table", "--table")
    for kind, flag in (source_at(path) for path in (images, tmp_path / "t.csv", tmp_path / "keras.npz")):
        assert flag in {option.flag for option in Source.find(kind).options()}


def test_a_store_and_a_bundle_are_shown_as_they_are(tmp_path, store, images):
    """Nothing is computed of the pictures in them."""
    store.save_run(a_run(make(store)))
    pack(store, ["first"], tmp_path / "bundle.zip")
    assert is_store(store.root)
    assert is_store(tmp_path / "bundle.zip")
    (tmp_path / "empty.zip").touch()
    assert not any(map(is_store, (images, tmp_path / "empty.zip", tmp_path / "nothing.zip")))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("photo", r"Got \S+/photo, where nothing is\. There is 'photos'"),
        ("photos/dark/0.png", r"must be a folder .* Got"),
    ],
)
def test_a_path_that_is_nothing_of_use_is_told_with_what_helps(tmp_path, images, capsys, name, said):
    """A folder that is called nearly so; the folder that a picture lies in."""
    assert lazybones.main([str(tmp_path / name)]) == 1
    told = capsys.readouterr().err
    assert re.search(said, told)
    assert f"Try: {'ls -l ' if name == 'photo' else 'lazybones '}{(tmp_path / name).parent}\n" in told


def test_the_line_starts_without_what_takes_long_to_load(project):
    """The server and the run load what they need themselves, side by side."""
    asked = "import sys, lazybones; lazybones._parser(); print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=project, capture_output=True, text=True, check=True
    )
    heavy = {"streamlit", "pandas", "scipy", "sklearn", "onnxruntime"}
    assert heavy & set(told.stdout.split()) == set()


def test_what_the_pipeline_does_it_does_too(store, capsys):
    """Where it was installed there is no other door."""
    store.root.mkdir()
    assert lazybones.main(["status", "--cache", str(store.root)]) == 0
    assert "No runs" in capsys.readouterr().out


def test_the_help_is_short_and_names_what_matters(capsys):
    """Options of a run are taken, and the help says where they are listed."""
    with pytest.raises(SystemExit):
        lazybones.main(["--help"])
    told = capsys.readouterr().out
    assert len(told.splitlines()) < 70
    for word in (
        "PATH",
        "--no-browser",
        "--port",
        "--name",
        "--extractor",
        "zip",
        "table",
        "lazybones run --help",
    ):
        assert word in told
    assert "--pixels-per-cell" not in told
    assert "inception" not in told.split("--extractor")[1].split("\n\n")[1]


def test_a_port_that_is_none_is_refused(images, capsys):
    """Before anything is started."""
    assert lazybones.main([str(images), "--port", "70000"]) == 1
    assert f"must be 1 to 65535. Got 70000.\nTry: lazybones {images}\n" in capsys.readouterr().err


def test_a_taken_port_is_passed_over():
    """By the next one; where none is free, it says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port
    with pytest.raises(LazybonesError, match=r"must be free\. Got"):
        free_port(8501, "203.0.113.1")


def test_it_is_installed_with_all_that_it_needs(project):
    """The console script leads here, and no file of the dashboard or the demo stays behind."""
    told = tomllib.loads((project / "pyproject.toml").read_text())
    module, _, name = told["project"]["scripts"]["lazybones"].partition(":")
    assert getattr(import_module(module), name) is lazybones.main
    patterns = told["tool"]["setuptools"]["package-data"]
    for package, folder in (
        ("dashboard", project / "dashboard"),
        ("cache", project / "cache" / "data" / "demo"),
    ):
        taken = {path for pattern in patterns[package] for path in (project / package).glob(pattern)}
        files = {path for path in folder.rglob("*") if path.is_file() and path.suffix not in CODE}
        assert files - taken == set()


def test_a_process_that_does_not_end_is_ended(monkeypatch):
    """After some patience; what it was writing is thrown away by whoever comes next."""
    monkeypatch.setattr("dashboard.launch.PATIENCE", 0.2)
    words = [
        "-c",
        "import signal, time; signal.signal(2, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    ]
    with Process(words, None) as process:
        while not process.output:
            time.sleep(0.01)
    assert process.code == -signal.SIGKILL


def test_a_table_of_labels_that_is_not_there_is_told_before_a_dashboard_starts(tmp_path, images, capsys):
    """By the option that named it, with what is called nearly so."""
    (tmp_path / "labels.csv").touch()
    assert lazybones.main([str(images), "--no-browser", "--labels", str(tmp_path / "label.csv")]) == 1
    told = capsys.readouterr().err
    assert "--labels must lead to a file or folder" in told
    assert "There is 'labels.csv'." in told
    assert "Look at it" not in told


def test_a_server_that_has_ended_is_told(tmp_path):
    """It says itself why."""
    with Dashboard(tmp_path, 1) as dashboard:
        dashboard._process.kill()
        dashboard._process.wait()
        with pytest.raises(LazybonesError, match=r"must keep running\. Got exit code"):
            dashboard.is_ready()


@pytest.fixture
def begin(project, store, tmp_path):
    """Give what types a line; whatever still runs at the end is killed."""
    started = []

    def begin(*words, said="Look at it: "):
        log = tmp_path / f"log{len(started)}"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "lazybones", *map(str, words), "--no-browser", "--port", "8760"],
                cwd=project,
                env=os.environ | {"LAZYBONES_CACHE": str(store.root)},
                stderr=file,
                stdout=file,
            )
        started.append(process)
        wait_for(log, said, process)
        return process, log

    yield begin
    for process in started:
        process.kill()
        process.wait()


def wait_for(log, said, process):
    """Wait until something stands in a process's log; give all that does."""
    until = time.monotonic() + LONGEST
    while said not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    return log.read_text()


def end(process):
    """Type Ctrl-C; give the exit code. Its children end with it."""
    family = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
    assert family
    process.send_signal(signal.SIGINT)
    code = process.wait(LONGEST)
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []
    return code


QUICK = ("--extractor", "pixels", "--projection", "pca", "--penalties", "0.1,1")


@pytest.mark.slow
def test_one_line_serves_and_computes_and_the_second_time_it_is_there(begin, images, store):
    """Ctrl-C afterwards is no failure; another one at the same time takes the next port."""
    process, log = begin(images, *QUICK)
    told = wait_for(log, "right at C", process)
    address = re.search(r"Look at it: (\S+)/\?run=photos-pixels", told).group(1)
    assert urlopen(address).status == 200  # noqa: S310
    assert re.search(r"60 images, 2 classes.*; 1 file left out", told)
    assert "Left out: dark/notes.jpg: " in told
    assert store.run("photos-pixels-pca").finished
    second, again = begin(images, *QUICK)
    told = wait_for(again, "right at C", second)
    assert re.search(r"Port 8760 is taken: 87\d\d is used instead\.", told)
    assert told.count("reused (took") == len(store.run("photos-pixels-pca").stages)
    assert end(second) == end(process) == 0


@pytest.mark.slow
def test_ctrl_c_in_the_middle_ends_both_and_the_same_line_goes_on(begin, images, store):
    """With the exit code of an interrupted program; what was finished is reused."""
    process, log = begin(images, said="  dataset ")
    assert end(process) == INTERRUPTED
    assert "What was finished is kept" in log.read_text()
    [making] = makings(store)
    assert not making.error
    assert not store.run(making.run).finished
    process, log = begin(images, said="right at C")
    assert re.search("dataset .* reused", log.read_text())
    assert store.run(making.run).finished
    assert end(process) == 0


@pytest.mark.slow
def test_a_failure_is_told_in_the_terminal_and_kept_for_the_page(begin, tmp_path, store):
    """The dashboard stays, to be looked at; the exit code is that of a failure."""
    (tmp_path / "none" / "ants").mkdir(parents=True)
    (tmp_path / "none" / "ants" / "a.jpg").write_text("no picture")
    process, log = begin(tmp_path / "none", said="The page says so too")
    assert "Error: A data set must have one image" in log.read_text()
    assert "must have one image" in makings(store)[0].error
    wait_for(log, "Look at it: ", process)
    assert end(process) == 1


@pytest.mark.slow
def test_without_a_path_the_dashboard_shows_what_is_there(begin, store):
    """And computes nothing."""
    Store(store.root).check_writable(())
    process, log = begin()
    assert "run=" not in log.read_text()
    assert end(process) == 0
