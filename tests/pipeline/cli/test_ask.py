"""``ask``: what it says of files, in words and as JSON."""

import json

import numpy as np
import pytest
from PIL import Image

from pipeline.cli import main


@pytest.fixture
def call(capsys, tmp_path):
    """Run a command on a store of the test's own; give its exit code, output and errors."""

    def run(*words):
        code = main.main([*map(str, words), "--cache", str(tmp_path / "store")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def made(call, tmp_path, rng):
    """A run of a folder of pictures, and two of its files."""
    folder = tmp_path / "pictures"
    for split, n in (("train", 12), ("test", 6)):
        for name, level in (("dark", 40), ("light", 200)):
            (folder / split / name).mkdir(parents=True)
            for number in range(n):
                pixels = rng.normal(level, 12, (40, 50, 3)).clip(0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{number}.png")
    words = ("--source", "folder", "--path", folder, "--extractor", "pixels", "--projection", "pca")
    assert call("run", *words, "--penalties", "0.1", "--name", "own")[0] == 0
    return folder


def test_files_of_a_run_are_told_what_is_stored(call, made):
    """They are themselves, and the table says of which class."""
    files = [made / "test" / "dark" / "0.png", made / "train" / "light" / "3.png"]
    code, said, _ = call("ask", "own", *files, "--json")
    data = json.loads(said)
    assert (code, data["run"]) == (0, "own")
    dark, light = data["images"]
    assert (dark["file"], dark["predicted"], dark["runner_up"]) == (str(files[0]), "dark", "light")
    assert dark["copy_of"] == {
        "id": "test/dark/0.png",
        "split": "test",
        "row": 0,
        "class": "dark",
        "distance": 0,
    }
    assert (light["predicted"], light["copy_of"]["id"]) == ("light", "train/light/3.png")
    assert [one["class"] for one in dark["classes"]] == ["dark", "light"]
    assert dark["classes"][1]["against"] > 0
    assert (dark["agree"], dark["voters"]) == (dark["votes"]["dark"], 20)
    assert len(dark["place"]) == 2
    assert not dark["unusual"]
    code, said, _ = call("ask", "own", *files)
    assert code == 0
    assert "IMAGE" in said
    assert "test/dark/0.png" in said


def test_a_file_that_is_no_picture_is_told_and_the_others_are_asked(call, made, tmp_path):
    """The exit code says that something needs attention."""
    wrong, absent = tmp_path / "notes.txt", tmp_path / "absent.png"
    wrong.write_text("nothing to see")
    code, said, _ = call("ask", "own", wrong, absent, made / "test" / "dark" / "0.png", "--json")
    first, second, third = json.loads(said)["images"]
    assert code == 1
    assert "begins with" in first["error"]
    assert "absent.png" in second["error"]
    assert third["predicted"] == "dark"
    code, said, _ = call("ask", "own", wrong)
    assert (code, "notes.txt: A picture must be" in said) == (1, True)


def test_what_a_guest_takes_is_kept(call, made, tmp_path):
    """The second time nothing is computed; of the file nothing is."""
    words = ("ask", "own", made / "test" / "dark" / "0.png")
    assert call(*words)[0] == 0
    before = sorted(path for path in (tmp_path / "store").rglob("*") if path.suffix != ".lock")
    assert call(*words)[0] == 0
    assert sorted(path for path in (tmp_path / "store").rglob("*") if path.suffix != ".lock") == before


def test_vectors_that_somebody_brought_have_no_guests(call, tmp_path, rng):
    """Nobody knows what made them."""
    np.savez(
        tmp_path / "own.npz", embeddings=rng.normal(size=(60, 8)).astype(np.float32), labels=np.arange(60) % 3
    )
    words = (
        "--source",
        "table",
        "--table",
        tmp_path / "own.npz",
        "--extractor",
        "given",
        "--projection",
        "pca",
    )
    assert call("run", *words, "--penalties", "0.1", "--name", "own")[0] == 0
    picture = tmp_path / "picture.png"
    Image.new("RGB", (9, 9)).save(picture)
    code, _, error = call("ask", "own", picture)
    assert code == 1
    assert "Got vectors that came with their table" in error
