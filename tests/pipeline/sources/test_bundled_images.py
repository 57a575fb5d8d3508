"""`bundle --with-images`: the files of a folder's images go along, and are opened from there."""

import hashlib
import io
import json
import re
import shlex
import shutil

import numpy as np
import pytest

from cache.bundle import pack
from cache.commands import without_folders
from cache.errors import ArtefactCorrupt
from cache.maintenance import problems, remove_corrupt
from cache.places import place_of
from cache.roots import open_store
from pipeline.cli import main
from pipeline.errors import SourceError
from pipeline.stages.images import files_of, original_of, originals_of
from tests.cache.making import assert_helps, rewrite
from tests.pipeline.sources.photographs import encoded, photographs, picture
from tests.pipeline.sources.test_folder import run_of


@pytest.fixture
def folder(tmp_path, rng):
    """Three classes of eight pictures."""
    return photographs(tmp_path / "my photos", rng)


@pytest.mark.parametrize("target", ["bundle", "bundle.zip"])
def test_a_bundle_may_have_the_files_of_its_images(store, folder, tmp_path, target, monkeypatch):
    """The same bytes, without names; a dashboard elsewhere shows each in full, and everything still verifies."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written = run_of(store, folder)
    ours = store.artefact("dataset", written.stages["dataset"])
    whole = [original_of(ours, "test", row) for row in range(ours.manifest.dims["n_test"])]
    pack(store, [written.name], tmp_path / target, originals=files_of)
    shutil.rmtree(folder)
    there = open_store(tmp_path / target)
    dataset = there.artefact("dataset", written.stages["dataset"])
    assert place_of(dataset) is None
    for row, expected in enumerate(whole):
        np.testing.assert_array_equal(original_of(dataset, "test", row), expected)
    assert len(list(originals_of(dataset, "train"))) == len(whole)
    assert problems(there) == []
    assert there.run(written.name).command == without_folders(written.command)


def test_a_bundle_of_such_a_bundle_leaves_them_out_unless_told(store, folder, tmp_path):
    """Thumbnails only: then there is no image in full."""
    written = run_of(store, folder)
    pack(store, [written.name], tmp_path / "with", originals=files_of)
    shutil.rmtree(folder)
    pack(open_store(tmp_path / "with"), [written.name], tmp_path / "without")
    pack(open_store(tmp_path / "with"), [written.name], tmp_path / "again", originals=files_of)
    key = written.stages["dataset"]
    assert original_of(open_store(tmp_path / "without").artefact("dataset", key), "test", 0) is None
    assert (
        open_store(tmp_path / "without").artefact("dataset", key).manifest
        == store.artefact("dataset", key).manifest
    )
    assert original_of(open_store(tmp_path / "again").artefact("dataset", key), "test", 0) is not None


def test_a_file_that_has_changed_does_not_go_along(store, folder, tmp_path, rng):
    """Nor is one left out: whoever packs it hears which, and no bundle is left."""
    written = run_of(store, folder)
    (folder / "red" / "0.jpeg").write_bytes(encoded(picture((1, 2, 3), rng), "JPEG"))
    with pytest.raises(SourceError, match=r"red/0\.jpeg must not change between two looks"):
        pack(store, [written.name], tmp_path / "bundle", originals=files_of)
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize("zipped", [False, True])
def test_the_command_says_how_much_that_is_before(store, folder, tmp_path, capsys, monkeypatch, zipped):
    """And that such files may tell times and places."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if zipped:
        folder = tmp_path / shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    written = run_of(store, folder)
    assert main.main(["bundle", written.name, "--with-images", "--output", str(tmp_path / "bundle")]) == 0
    said = capsys.readouterr()
    assert f"With 24 image files: {size / 1000:.1f} kB." in said.err
    assert "with the times and places that are noted in them" in said.out


def test_what_a_strange_bundle_says_of_its_files_does_no_harm(store, folder, tmp_path):
    """Content of another image: there is the thumbnail only."""
    written = run_of(store, folder)
    pack(store, [written.name], tmp_path / "bundle", originals=files_of)
    folder.rename(folder.with_name("moved"))
    dataset = open_store(tmp_path / "bundle").artefact("dataset", written.stages["dataset"])
    content = (dataset.folder / "originals.bin").read_bytes()
    (dataset.folder / "originals.bin").write_bytes(bytes(len(content)))
    names = dataset.array("test_ids").tolist()
    rows = [
        row for row, name in enumerate(names) if not name.endswith(".webp")
    ]  # which are their own thumbnails
    assert all(original_of(dataset, "test", row) is None for row in rows)


@pytest.fixture
def bundled(store, folder, tmp_path):
    """A bundle with files, and its run."""
    written = run_of(store, folder)
    pack(store, [written.name], tmp_path / "bundle", originals=files_of)
    folder.rename(folder.with_name("moved"))
    return open_store(tmp_path / "bundle"), written


def forge(store, written, name, change):
    """Change a file of a data set as somebody would who knows how to seal a manifest; give the data set."""
    dataset = store.artefact("dataset", written.stages["dataset"])
    content = change((dataset.folder / name).read_bytes())
    (dataset.folder / name).write_bytes(content)
    record = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    rewrite(dataset.folder / "manifest.json", files={**dataset.manifest.files, name: record})
    return store.artefact("dataset", written.stages["dataset"])


def array_file(content, change):
    """Give an .npy file's content after a change of its array."""
    file = io.BytesIO()
    np.save(file, change(np.load(io.BytesIO(content))))
    return file.getvalue()


def entries(**changed):
    """Give what changes each entry of files.json; None takes a value away."""

    def change(content):
        files = [{**entry, **changed} for entry in json.loads(content)]
        return json.dumps([{k: v for k, v in entry.items() if v is not None} for entry in files]).encode()

    return change


HOSTILE = [
    (
        "original_ends.npy",
        "within|ascending|or more",
        lambda content: array_file(content, lambda ends: ends[::-1]),
    ),
    (
        "original_ends.npy",
        "within|ascending|or more",
        lambda content: array_file(content, lambda ends: ends + 2**40),
    ),
    (
        "original_ends.npy",
        "within|ascending|or more",
        lambda content: array_file(content, lambda ends: ends - 2**40),
    ),
    (
        "original_ends.npy",
        "within|ascending|or more",
        lambda content: array_file(content, lambda e: np.arange(len(e)) + (2**63 - 1 - len(e))),
    ),
    (
        "original_ends.npy",  # each larger than the one before, if the difference may overflow
        "within|ascending|or more",
        lambda content: array_file(content, lambda e: np.r_[e[:-3], 2**63 - 1, -2, e[-1]]),
    ),
    (
        "picture_ends.npy",
        "within|ascending|or more",
        lambda content: array_file(content, lambda ends: ends + 1),
    ),
    ("test_rows.npy", "from 0 to 23", lambda content: array_file(content, lambda rows: rows - 1)),
    ("files.json", "SHA-256", entries(path=None)),
    ("files.json", "SHA-256", entries(path=5)),
    ("files.json", "SHA-256", entries(path="a\0")),
    ("files.json", "SHA-256", entries(sha256=None)),
    ("files.json", "SHA-256", entries(traits=[{"a": 1}])),
    ("files.json", "SHA-256", lambda content: b"[]"),
    ("files.json", "SHA-256", lambda content: b"{}"),
    ("files.json", "SHA-256", lambda content: b"[" * 100_000),
    ("files.json", "SHA-256", lambda content: json.dumps([1] * 24).encode()),
    ("files.json", "SHA-256.* lists", lambda content: json.dumps([[[]] * 10_000] * 24).encode()),
    ("files.json", "SHA-256.* commas", lambda content: json.dumps([[1] * 10_000] * 24).encode()),
    ("files.json", "SHA-256", lambda content: content + b" " * (25 << 16)),
]


def test_a_sealed_bundle_of_any_form_is_told_as_damaged(bundled, tmp_path):
    """Whoever opens it, packs it or verifies it hears which file, and what helps; no other error comes."""
    store, written = bundled
    kept = {path: path.read_bytes() for path in store.root.rglob("dataset/*/*")}
    for name, must, change in HOSTILE:
        dataset = forge(store, written, name, change)
        for look in (
            lambda data=dataset: original_of(data, "test", 0),
            lambda data=dataset: list(files_of(data)),
        ):
            with pytest.raises(ArtefactCorrupt, match=rf"{re.escape(name)} must have .*{must}") as caught:
                look()
            assert_helps(caught.value, name)
        with pytest.raises(ArtefactCorrupt):
            pack(store, [written.name], tmp_path / "again", originals=files_of)
        assert [problem.path for problem in problems(store)] == [dataset.folder]
        for path, content in kept.items():
            path.write_bytes(content)
    assert problems(store) == []
    forge(store, written, *HOSTILE[7][::2])
    assert [path.parent.name for path in remove_corrupt(store)] == ["dataset"]


@pytest.mark.parametrize("gone", [False, True])
def test_the_command_says_that_the_run_has_to_be_made_again(
    store, folder, tmp_path, capsys, monkeypatch, rng, gone
):
    """The same command would fail again for ever; after the run's command it works."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    made = ["run", "--source", "folder", "--path", str(folder), "--extractor", "pixels"]
    assert main.main(made) == 0
    (name,) = store.run_names()
    changed = folder / "red" / "0.jpeg"
    changed.unlink() if gone else changed.write_bytes(encoded(picture((1, 2, 3), rng), "JPEG"))
    packing = ["bundle", name, "--with-images", "--output", str(tmp_path / "bundle")]
    capsys.readouterr()
    assert main.main(packing) == 1
    said = capsys.readouterr().err
    assert f"Run {name} must be made again before its images' files can go along" in said
    assert "red/0.jpeg must" in said
    again = said.split("Try: ")[1].strip()
    assert again.startswith("python -m pipeline run ")
    assert main.main(shlex.split(again)[3:]) == 0
    assert main.main(packing) == 0
