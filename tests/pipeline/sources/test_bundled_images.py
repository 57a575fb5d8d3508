"""`bundle --with-images`: the files of a folder's images go along, and are opened from there."""

import shutil

import numpy as np
import pytest

from cache.bundle import pack
from cache.commands import without_folders
from cache.maintenance import problems
from cache.places import place_of
from cache.roots import open_store
from pipeline.cli import main
from pipeline.errors import SourceError
from pipeline.stages.images import files_of, original_of, originals_of
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
    """Ends that lie anywhere, or content of another image: there is the thumbnail only."""
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
    ends = dataset.array("original_ends", mmap=False)
    for strange in (ends[::-1].copy(), ends + 2**40, ends - 2**40):
        dataset.array = lambda name, strange=strange, own=dataset.array, **more: (
            strange if name == "original_ends" else own(name, **more)
        )
        assert all(original_of(dataset, "test", row) is None for row in rows)
