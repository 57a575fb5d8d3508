"""Where the server's files lie is told to its own people alone."""

import pytest

from dashboard.run import places
from dashboard.run.mode import VARIABLE, Mode

HIDDEN = [
    ("/srv/lazy/cache/artefacts/a1/x.npy must be whole. Got 3 bytes.", "x.npy must be whole. Got 3 bytes."),
    ("The graph /home/ann/net.pb and '/home/ann/other.pb'", "The graph net.pb and 'other.pb'"),
    ("See https://example.org/a/b, ~/models/x or a/b.", "See https://example.org/a/b, ~/models/x or a/b."),
    ("Keys: / names a class, 1 / 2, and/or.", "Keys: / names a class, 1 / 2, and/or."),
]
COMMANDS = [
    (
        "python -m pipeline run --data-dir '/home/ann/My Pictures/cats' --extractor onnx:/home/ann/net.onnx",
        "python -m pipeline run --data-dir cats --extractor onnx:net.onnx",
    ),
    ("python -m pipeline run --path 'Open Clip Art'", "python -m pipeline run --path 'Open Clip Art'"),
    (
        "python -m pipeline clean --corrupt --cache /srv/x\npython -m pipeline verify",
        "python -m pipeline clean --corrupt --cache x\npython -m pipeline verify",
    ),
]


@pytest.mark.parametrize(("text", "left"), HIDDEN)
def test_of_a_path_its_name_is_left(text, left):
    """Addresses of other hosts, and what only looks like a path, stay."""
    assert places.without_folders(text) == left


@pytest.mark.parametrize(("text", "left"), COMMANDS)
def test_of_paths_in_commands_their_names_are_left(text, left):
    """Also of one with a space, and behind the name of a plug-in."""
    assert places.command_without_folders(text) == left


@pytest.mark.parametrize("mode", Mode)
def test_only_who_runs_it_is_told(mode, monkeypatch):
    """A machine's own dashboard names all places, as its commands are to be typed there."""
    monkeypatch.setenv(VARIABLE, mode)
    monkeypatch.setenv("LAZYBONES_CACHE", "/srv/x")
    own = mode is Mode.FULL
    text, command = HIDDEN[0][0], COMMANDS[0][0]
    assert (places.told(text) == text) == own
    assert (places.command_told(command) == command) == own
    assert (places.place_told() is not None) == own
