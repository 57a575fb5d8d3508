"""Nothing is done twice: unchanged files are not read again, and their thumbnails and features are copied."""

from __future__ import annotations

import shutil
import time
import zipfile
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from cache import digests
from cache.columns import read_columns
from cache.removal import remove
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli import main
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute.progress import silent
from pipeline.errors import SourceError
from pipeline.extractors.pixels import Pixels
from pipeline.inputs import known_files
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources import folder as folder_source
from pipeline.sources.folder import Folder
from pipeline.stages.contract import ensure
from tests.pipeline.sources.photographs import encoded, photographs, picture


@dataclass(frozen=True)
class CountingPixels(Pixels):
    """Raw pixels, that note how many images they were given."""

    chunk_size: ClassVar[int] = 5
    seen: list[int] = field(default_factory=list, init=False)

    def identity(self) -> dict[str, object]:
        """Give what changes the result."""
        return {"counting": True}

    def load(self, progress: Any = silent) -> Any:
        """Give the function that extracts."""
        extract = Pixels.load(self)

        def noting(images: Any) -> Any:
            self.seen.append(len(images))
            return extract(images)

        return noting


@dataclass(frozen=True)
class OtherPixels(CountingPixels):
    """The same with another identity."""

    def identity(self) -> dict[str, object]:
        """Give what changes the result."""
        return {"counting": False}


@pytest.fixture(autouse=True)
def an_hour_later(monkeypatch):
    """The files were written long ago."""
    monkeypatch.setattr(digests, "_clock", lambda: time.time_ns() + 3600 * 10**9)


@pytest.fixture
def folder(tmp_path, rng):
    """Three classes of eight pictures."""
    return photographs(tmp_path / "photos", rng)


@pytest.fixture
def counted(monkeypatch):
    """Give the files that were read for a digest, and those that were looked at for a thumbnail."""
    read, drawn = [], []
    inside, draw = known_files.read_inside, folder_source.drawn
    monkeypatch.setattr(known_files, "read_inside", lambda *args: (read.append(args[1]), inside(*args))[1])
    monkeypatch.setattr(folder_source, "drawn", lambda *args: (drawn.append(args[1]), draw(*args))[1])
    return read, drawn


def run_of(store, folder, extractor):
    """Make a run, with features of both splits; give its data set and features."""
    source = Folder(folder, evaluation="holdout")
    recipe = Recipe(source, extractor, LinearSVM(C=1, path=(1,)), PCA())
    written = run(recipe, store, TerminalReporter())
    return [store.artefact(stage, written.stages[stage]) for stage in ("dataset", "features")]


def features_by_file(dataset, features):
    """Give each file's features."""
    return {
        name: row.tobytes()
        for split in ("train", "test")
        for name, row in zip(dataset.array(f"{split}_ids"), features.array(split), strict=True)
    }


def test_a_second_run_reads_no_file(store, folder, counted):
    """Nor decodes one, nor asks the network."""
    first = run_of(store, folder, CountingPixels())
    read, drawn = counted
    assert len(read) == len(drawn) == 24
    again = CountingPixels()
    assert [one.key for one in run_of(store, folder, again)] == [one.key for one in first]
    assert (len(read), len(drawn), again.seen) == (24, 24, [])


def test_changing_one_file_computes_that_file(store, folder, counted, rng, tmp_path):
    """It is read, drawn and described; all others are copied, and every byte is as if all were made anew."""
    run_of(store, folder, CountingPixels())
    counted[0].clear(), counted[1].clear()
    (folder / "red" / "1.png").write_bytes(encoded(picture((150, 30, 30), rng), "PNG"))
    changed = CountingPixels()
    dataset, features = run_of(store, folder, changed)
    assert counted[0] == ["red/1.png"]
    assert (len(counted[1]), sum(changed.seen)) == (1, 1)
    anew = type(store)(tmp_path / "another")
    whole = CountingPixels()
    whole_dataset, whole_features = run_of(anew, folder, whole)
    assert sum(whole.seen) == 24
    assert whole_dataset.key == dataset.key
    for one, other in ((dataset, whole_dataset), (features, whole_features)):
        assert {name: file["sha256"] for name, file in one.manifest.files.items()} == {
            name: file["sha256"] for name, file in other.manifest.files.items()
        }


def test_files_that_moved_or_lie_in_another_folder_are_known_by_their_content(store, folder, counted):
    """Another data set, with some of the files, under other names and in other classes."""
    before = features_by_file(*run_of(store, folder, CountingPixels()))
    other = folder.with_name("others")
    shutil.copytree(folder / "red", other / "a")
    shutil.copytree(folder / "blue", other / "b")
    extractor = CountingPixels()
    found = features_by_file(*run_of(store, other, extractor))
    assert extractor.seen == []
    assert len(counted[1]) == 24
    for name, row in found.items():
        assert row == before[name.replace("a/", "red/").replace("b/", "blue/")]


def test_another_extractor_is_asked_for_everything(store, folder):
    """Features belong to plug-in, version and identity."""
    run_of(store, folder, CountingPixels())
    other = OtherPixels()
    run_of(store, folder, other)
    assert sum(other.seen) == 24


def test_what_is_damaged_or_gone_is_made_again(store, folder, rng):
    """Features whose data set was removed, or that differ from what their manifest promises, are none."""
    features = run_of(store, folder, CountingPixels())[1]
    (folder / "red" / "1.png").write_bytes(encoded(picture((150, 30, 30), rng), "PNG"))
    damaged = features.folder / "train.npy"
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(bytes(content))
    extractor = CountingPixels()
    store = type(store)(store.root)
    run_of(store, folder, extractor)
    assert sum(extractor.seen) >= 18
    (folder / "red" / "1.png").write_bytes(encoded(picture((10, 130, 30), rng), "PNG"))
    remove(store, [path.parent for path in store.root.glob("artefacts/dataset/*/manifest.json")])
    extractor = CountingPixels()
    run_of(store, folder, extractor)
    assert sum(extractor.seen) == 24


def test_a_digest_that_is_wrong_is_an_error_once(store, folder, rng, monkeypatch):
    """Should a file have changed without looking different: what is remembered is forgotten, so that it works again."""
    run_of(store, folder, CountingPixels())
    monkeypatch.setattr(digests, "_look", lambda name, file: (name.encode().ljust(16)[:16], True))
    for path in (store.root / "digests").iterdir():
        path.unlink()
    Folder(folder).prepare(silent, store)
    shutil.copytree(folder, folder.with_name("kept"))
    (folder / "red" / "1.png").write_bytes(encoded(picture((150, 30, 30), rng), "PNG"))
    remove(store, [path.parent for path in store.root.glob("artefacts/*/*/manifest.json")])
    with pytest.raises(SourceError, match="must not change between two looks"):
        run_of(store, folder, CountingPixels())
    assert run_of(store, folder, CountingPixels())[0].manifest.facts["images"] == 24


@pytest.mark.parametrize("change", [lambda rows: rows[::-1], lambda rows: rows[:5], None])
def test_a_table_of_labels_that_is_saved_again_meanwhile_is_an_error_once(store, folder, monkeypatch, change):
    """Its columns would be another order's, under the key of what it was; the same command works then."""
    labels = folder.with_name("labels.csv")
    rows = [f"{name}/{i}.png,{name},{len(name)}{i}" for name in ("red", "blue") for i in (1, 5)] * 3
    labels.write_text("\n".join(["path,label,note", *rows]))
    draw = folder_source.write_pictures

    def saved_meanwhile(*args):
        packed = draw(*args)
        labels.write_text("\n".join(["path,label,note", *change(rows)])) if change else labels.unlink()
        return packed

    monkeypatch.setattr(folder_source, "write_pictures", saved_meanwhile)
    with pytest.raises(SourceError, match=r"labels\.csv must not change between two looks"):
        ensure(store, Folder(folder, labels=labels), {})
    monkeypatch.undo()
    if change:
        dataset = ensure(store, Folder(folder, labels=labels), {})
        (note,) = read_columns(dataset)
        names = dataset.array("test_ids").tolist()
        assert note.values.tolist() == [10 * name.index("/") + int(name[-5]) for name in names]


def test_digests_are_no_part_of_a_bundle(store, folder, tmp_path, monkeypatch):
    """Nor are places."""
    run_of(store, folder, CountingPixels())
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    bundle = tmp_path / "bundle.zip"
    assert list((store.root / "digests").iterdir())
    assert main.main(["bundle", *store.run_names(), "--output", str(bundle)]) == 0
    assert {name.partition("/")[0] for name in zipfile.ZipFile(bundle).namelist()} == {"artefacts", "runs"}
