import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from cache.columns import read_columns
from cache.errors import ArtefactCorrupt
from cache.maintenance import problems
from cache.places import place_of
from cache.removal import remove
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli import main
from pipeline.cli.terminal import TerminalReporter
from pipeline.errors import InvalidParameter, SourceError
from pipeline.extractors.hog import Hog
from pipeline.extractors.pixels import Pixels
from pipeline.inputs.pictures import decode
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.folder import Folder
from pipeline.stages.contract import ensure
from pipeline.stages.images import original_of, originals_of, thumbnails_of
from tests.pipeline.sources.photographs import COLOURS, encoded, photographs, picture

HELD = {"evaluation": "holdout"}


@pytest.fixture
def folder(tmp_path, rng):
    """Three classes of eight pictures."""
    return photographs(tmp_path / "my photos", rng)


def dataset_of(store, folder, **options):
    """Give the data set of a folder."""
    return ensure(store, Folder(folder, **options), {})


def run_of(store, folder, extractor=None):
    """Make a run of a folder."""
    source = Folder(folder)
    return run(
        Recipe(source, extractor or Pixels(), LinearSVM(C=1, path=(0.1, 1)), PCA()), store, TerminalReporter()
    )


def test_a_folder_becomes_a_run(store, folder):
    """Colours are easily told apart: every image is right, by machines that have not seen it."""
    written = run_of(store, folder)
    dataset, classifier = (
        store.artefact(stage, written.stages[stage]) for stage in ("dataset", "classifier")
    )
    assert dataset.manifest.facts["class_names"] == sorted(COLOURS)
    assert dataset.manifest.facts["title"] == "my photos"
    assert dataset.manifest.dims == {"n_train": 24, "n_test": 24, "pictures": 24}
    np.testing.assert_array_equal(classifier.array("predicted_label")[-1], dataset.array("test_labels"))
    assert place_of(dataset) == folder


@pytest.mark.parametrize("extractor", [Pixels(), Hog()], ids=["pixels", "hog"])
def test_simple_features_take_images_of_any_size(store, folder, extractor):
    """Files are brought to one size; one by one or together makes no difference."""
    images = originals_of(store_place(store, folder), "train")
    assert len({image.shape for image in images}) > 1
    extract = extractor.load()
    alone = np.concatenate([extract([image]) for image in images])
    np.testing.assert_array_equal(extract(list(images)), alone)
    np.testing.assert_array_equal(extract(images), alone)


def test_a_part_of_the_images_reads_nothing_until_one_is_asked_for(store, folder):
    """So a chunk of large photographs is never in memory as a whole."""
    images = originals_of(store_place(store, folder), "train")
    whole = list(images)
    part = images[3:9][1:]
    shutil.rmtree(folder / "blue")
    assert len(images[:5]) == 5
    np.testing.assert_array_equal(part[-1], whole[8])
    with pytest.raises(SourceError, match="must be a file in its folder"):
        images[0]


def store_place(store, folder):
    """Make the run of a folder, and give its data set."""
    return store.artefact("dataset", run_of(store, folder).stages["dataset"])


def not_kept(dataset):
    """Give the row and the name of a test image whose file the store does not have in full."""
    names = dataset.array("test_ids").tolist()
    return next((row, name) for row, name in enumerate(names) if not name.endswith("webp"))


def test_the_thumbnail_is_what_the_network_sees(store, folder):
    """Turned upright, on white, whole: compared for every file of the folder, at the size of what pages show."""
    exif = Image.Exif()
    exif[0x0112] = 6
    tall = picture((200, 10, 200), np.random.default_rng(1), (400, 100))
    (folder / "red" / "lying.jpg").write_bytes(encoded(tall, "JPEG", exif=exif))
    half = Image.new("RGBA", (300, 100))
    half.paste((10, 10, 200), (0, 0, 150, 100))
    (folder / "red" / "see-through.png").write_bytes(encoded(half, "PNG"))
    dataset = store_place(store, folder)
    for split in ("train", "test"):
        seen, shown = originals_of(dataset, split), thumbnails_of(dataset, split)
        assert shown.shape == (len(seen), 160, 160, 4)
        for row in range(len(seen)):
            whole = Image.fromarray(seen[row])
            small = whole.resize([max(1, round(160 * side / max(whole.size))) for side in whole.size])
            opaque = shown[row][..., 3] == 255
            rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
            inside = shown[row][rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, :3]
            assert inside.shape[:2] == (small.height, small.width)
            assert np.abs(inside.astype(int) - np.asarray(small)).mean() < 12
    assert max(image.shape[0] / image.shape[1] for image in originals_of(dataset, "train")) <= 4


def test_what_is_no_image_is_left_out_and_listed(store, folder, rng):
    """Text called .jpg, half a picture, an empty file, a file beside the class folders; an image called .txt counts."""
    (folder / "red" / "text.jpg").write_text("no picture")
    (folder / "red" / "half.png").write_bytes(encoded(picture((9, 9, 9), rng), "PNG")[:200])
    (folder / "red" / "empty.gif").touch()
    (folder / "beside.jpg").write_bytes(encoded(picture((9, 9, 9), rng), "JPEG"))
    (folder / "blue" / "picture.txt").write_bytes(encoded(picture(COLOURS["blue"], rng), "JPEG"))
    (folder / "nothing").mkdir()
    facts = dataset_of(store, folder).manifest.facts
    assert [file["path"] for file in facts["refused"]] == [
        "beside.jpg", "red/empty.gif", "red/half.png", "red/text.jpg",
    ]  # fmt: skip
    assert all(file["reason"].endswith(".") for file in facts["refused"])
    assert facts["images"] == 25
    assert facts["empty_classes"] == ["nothing"]
    assert str(folder) not in json.dumps(facts)


def test_a_test_split_may_be_a_share_of_each_class(store, folder):
    """Where that is asked for. Seeded; another seed or share chooses other images and has another key."""
    first, again = dataset_of(store, folder, **HELD), Folder(folder, **HELD)
    other = dataset_of(store, folder, seed=1, **HELD)
    half = dataset_of(store, folder, test_size=0.5, **HELD)
    assert np.bincount(first.array("test_labels")).tolist() == [2, 2, 2]
    assert np.bincount(half.array("test_labels")).tolist() == [4, 4, 4]
    assert set(first.array("test_ids")) & set(first.array("train_ids")) == set()
    assert first.manifest.identity == again.identity()
    assert len({first.key, other.key, half.key}) == 3
    assert list(first.array("test_ids")) != list(other.array("test_ids"))


def test_folders_say_which_images_to_test_on(store, tmp_path, rng):
    """And then no seed chooses anything."""
    photographs(tmp_path / "set" / "train", rng, 4)
    photographs(tmp_path / "set" / "val", rng, 2)
    dataset = dataset_of(store, tmp_path / "set")
    assert all(str(name).startswith("val/") for name in dataset.array("test_ids"))
    assert dataset.manifest.dims == {"n_train": 12, "n_test": 6, "pictures": 18}
    assert Folder(tmp_path / "set", seed=1).identity() == dataset.manifest.identity


@pytest.mark.parametrize("zipped", [False, True])
def test_a_table_of_labels_overrides_folders(store, folder, zipped):
    """Its classes, its split, its further columns in the order of the test images; its content is part of the key."""
    files = [
        f"{name}/{number}.{kind}" for name in COLOURS for number, kind in enumerate(("jpeg", "png", "webp"))
    ]
    columns = {
        "path": [*files, "gone.png"],
        "label": [*["warm", "cold", "warm"] * 3, "warm"],
        "split": [*["train", "train", "val"] * 2, *["val", "val", "train"], "val"],
        "weight": np.arange(10.0),
    }
    pd.DataFrame(columns).to_csv(folder.parent / "labels.csv", index=False)
    if zipped:
        folder = Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))
    dataset = dataset_of(store, folder, labels=folder.parent / "labels.csv")
    assert dataset.manifest.facts["class_names"] == ["cold", "warm"]
    assert dataset.array("test_ids").tolist() == ["blue/0.jpeg", "blue/1.png", "green/2.webp", "red/2.webp"]
    assert dataset.array("test_labels").tolist() == [1, 0, 1, 1]
    (weight,) = read_columns(dataset)
    assert weight.values.tolist() == [6, 7, 5, 2]
    assert [file["path"] for file in dataset.manifest.facts["refused"]] == ["gone.png"]
    first = Folder(folder, labels=folder.parent / "labels.csv").identity()
    pd.DataFrame(columns).assign(weight=1).to_csv(folder.parent / "labels.csv", index=False)
    assert Folder(folder, labels=folder.parent / "labels.csv").identity() != first


def test_columns_go_with_a_table():
    """Nobody else has any."""
    with pytest.raises(
        InvalidParameter, match=r"label of folder must be a column of the table that labels names"
    ):
        Folder(label="species")


def test_the_key_depends_on_content_not_on_the_place(folder, tmp_path, rng):
    """A copy has the same key; a changed, added or renamed file another."""
    moved = tmp_path / "elsewhere" / "other name"
    shutil.copytree(folder, moved)
    before = Folder(folder).identity()
    assert Folder(moved).identity() == before
    file = moved / "red" / "0.jpeg"
    file.write_bytes(encoded(picture(COLOURS["red"], rng), "JPEG"))
    assert Folder(moved).identity() != before
    shutil.copy(folder / "red" / "0.jpeg", file)
    assert Folder(moved).identity() == before
    file.rename(file.with_name("00.jpeg"))
    assert Folder(moved).identity() != before


def test_a_zip_file_of_a_folder_is_the_same_data_set(store, folder):
    """It has the same key, its own name, and an image in full comes out of it while it is the same."""
    packed = Path(
        shutil.make_archive(str(folder.with_name("packed photos")), "zip", folder.parent, folder.name)
    )
    assert Folder(packed).identity() == Folder(folder).identity()
    assert Folder(packed).short_name == "packed photos"
    written = run_of(store, packed)
    dataset = store.artefact("dataset", written.stages["dataset"])
    assert place_of(dataset) == packed / folder.name
    row, name = not_kept(dataset)
    expected = decode((folder / name).read_bytes())
    shutil.rmtree(folder)
    np.testing.assert_array_equal(original_of(dataset, "test", row), expected)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{folder.name}/{name}", "changed")
    assert original_of(dataset, "test", row) is None
    packed.unlink()
    assert place_of(dataset) is None
    assert original_of(dataset, "test", row) is None


def test_an_image_in_full_comes_from_its_file_while_that_is_unchanged(store, folder, rng):
    """Gone, changed, or a link that leads outside: there is the thumbnail only."""
    dataset = store_place(store, folder)
    row, name = not_kept(dataset)
    file = folder / name
    np.testing.assert_array_equal(original_of(dataset, "test", row), decode(file.read_bytes()))
    kept = file.read_bytes()
    file.write_bytes(encoded(picture((1, 2, 3), rng), "PNG"))
    assert original_of(dataset, "test", row) is None
    outside = folder.parent / "outside.png"
    outside.write_bytes(kept)
    file.unlink()
    assert original_of(dataset, "test", row) is None
    file.symlink_to(outside)
    assert original_of(dataset, "test", row) is None
    folder.rename(folder.with_name("moved"))
    assert original_of(dataset, "test", row) is None
    assert thumbnails_of(dataset, "test")[row].shape == (160, 160, 4)


def test_a_small_webp_file_is_its_own_thumbnail(store, folder, rng):
    """It loses nothing by another encoding, and is there in full also where its folder is not."""
    small = encoded(picture((1, 2, 3), rng), "WEBP", quality=70)
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    told = encoded(picture((3, 2, 1), rng), "WEBP", quality=70, exif=exif)
    for content, name in ((small, "small"), (told, "told"), (small + b"where I live", "longer")):
        (folder / "red" / f"{name}.webp").write_bytes(content)
    dataset = store_place(store, folder)
    assert dataset.path("pictures.bin").read_bytes().count(small) == 1
    assert b"where I live" not in dataset.path("pictures.bin").read_bytes()
    folder.rename(folder.with_name("moved"))
    for split in ("train", "test"):
        for row, name in enumerate(dataset.array(f"{split}_ids").tolist()):
            if name == "red/small.webp":
                np.testing.assert_array_equal(original_of(dataset, split, row), decode(small))


def test_features_need_the_files_where_they_were(store, folder):
    """Another extractor reads them again; the error says how to tell where they are now."""
    run_of(store, folder)
    moved = folder.rename(folder.with_name("moved"))
    with pytest.raises(SourceError, match="must be a folder of images, or a zip file of one"):
        run_of(store, folder, Hog())
    assert run_of(store, moved, Hog()).stages["features"]


def test_a_file_that_changes_meanwhile_is_an_error(store, folder, rng):
    """Its key was made of other content."""
    source = Folder(folder)
    source.identity()
    (folder / "red" / "0.jpeg").write_bytes(encoded(picture((1, 2, 3), rng), "JPEG"))
    with pytest.raises(SourceError, match="must not change between two looks"):
        ensure(store, source, {})


def emptied(folder, **kept):
    """Leave only the first few pictures of some classes."""
    for name in COLOURS:
        for file in sorted((folder / name).iterdir())[kept.get(name, 0) :]:
            file.unlink()
    return folder


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"red": 8}, r"of two classes\. These are of one: red \(8 images\)\."),
        ({"red": 2}, r"These are of one: red \(2 images\)\."),
        ({"red": 1}, r"These are of one: red \(1 image\)\."),
        (
            {"red": 1, "blue": 1},
            r"two images or more in each of two classes\. These are blue \(1\), red \(1\)\.",
        ),
        ({"red": 8, "blue": 1}, r"These are blue \(1\), red \(8\)\."),
    ],
)
def test_too_little_to_learn_from_is_a_run_that_says_what_is_missing(store, folder, kept, message):
    """Map, neighbours and thumbnails of all images, but no classifier."""
    written = run_of(store, emptied(folder, **kept))
    dataset = store.artefact("dataset", written.stages["dataset"])
    assert re.search(message, dataset.manifest.facts["no_classifier"])
    assert set(written.stages) == {
        "dataset", "features", "projection", "neighbours", "faithfulness", "thumbnails", "duplicates",
    }  # fmt: skip
    assert problems(store) == []
    n = sum(kept.values())
    assert dataset.manifest.facts["train_in_test"] == [0, n]
    assert store.artefact("projection", written.stages["projection"]).array("test").shape == (n, 2)
    assert len(thumbnails_of(dataset, "test")) == len(originals_of(dataset, "train")) == n


@pytest.mark.parametrize("split", [False, True])
def test_images_without_classes_are_one_set(store, tmp_path, rng, split):
    """Directly under the path, or in train/ and test/ with nothing else; in alphabetical order."""
    names = [
        f"{'train' if number % 2 else 'test'}/{number}.png" if split else f"{number}.png"
        for number in range(6)
    ]
    for name in names:
        (tmp_path / "flat" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "flat" / name).write_bytes(encoded(picture((9, 9, 200), rng), "PNG"))
    written = run_of(store, tmp_path / "flat")
    dataset = store.artefact("dataset", written.stages["dataset"])
    assert dataset.manifest.facts["class_names"] == []
    assert "These have no classes." in dataset.manifest.facts["no_classifier"]
    assert dataset.array("test_ids").tolist() == sorted(names)
    assert dataset.array("test_labels").tolist() == [-1] * 6
    assert problems(store) == []


def test_the_command_line_says_that_there_is_no_classifier(store, tmp_path, rng, capsys, monkeypatch):
    """And `status` does; a search of a grid is an error that says why."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    (tmp_path / "flat").mkdir()
    for number in range(3):
        (tmp_path / "flat" / f"{number}.png").write_bytes(encoded(picture((9, 9, 200), rng), "PNG"))
    words = [
        "run",
        "--source",
        "folder",
        "--path",
        str(tmp_path / "flat"),
        "--extractor",
        "pixels",
        "--projection",
    ]
    assert main.main([*words, "pca", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] is None
    assert main.main([*words, "pca"]) == 0
    assert "A classifier needs images of two classes. These have no classes.\nLook" in capsys.readouterr().out
    assert main.main(["status"]) == 0
    assert "no classifier" in capsys.readouterr().out
    assert main.main(["grid", "flat-pixels-pca"]) == 1
    assert "must have images of at least 2 classes" in capsys.readouterr().err


def test_not_one_usable_image_is_an_error(store, folder):
    """Which names some of the files and what is wrong with them."""
    for file in [file for name in COLOURS for file in (folder / name).iterdir()]:
        file.write_text("no picture")
    with pytest.raises(
        SourceError, match=r"one image at least\. Got none\. blue/0\.jpeg: A picture must be .* and 21 more"
    ):
        dataset_of(store, folder)


def test_training_images_of_one_class_teach_nothing(store, tmp_path, rng):
    """Where folders give the split: all are shown all the same."""
    photographs(tmp_path / "set" / "train", rng, 2)
    photographs(tmp_path / "set" / "test", rng, 2)
    emptied(tmp_path / "set" / "train", red=2)
    dataset = dataset_of(store, tmp_path / "set")
    assert "These are of one: red" in dataset.manifest.facts["no_classifier"]
    assert dataset.manifest.dims["n_test"] == dataset.manifest.dims["n_train"] == 8


def test_no_path_is_an_error(store):
    """The one parameter that has no default."""
    with pytest.raises(SourceError, match="path of folder must be the folder"):
        ensure(store, Folder(), {})


@pytest.mark.parametrize("share", [0, 1, 0.0, 1.0, -0.5, "half", True])
def test_a_test_split_is_a_share(share):
    """Neither nothing nor everything."""
    with pytest.raises(InvalidParameter, match="test_size of folder must be a number between 0 and 1"):
        Folder(test_size=share)


def test_the_command_line_says_what_was_left_out(store, folder, capsys, monkeypatch):
    """The first few files by name, and the rest by number."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    for number in range(7):
        (folder / "red" / f"{number}.txt").write_text("no picture")
        (folder / "red" / f"{number}.svg").write_text("<svg/>")
    (folder / "blue" / "ink.jpg").write_bytes(encoded(Image.new("CMYK", (40, 40), (200, 99, 0, 0)), "JPEG"))
    words = [
        "run",
        "--source",
        "folder",
        "--path",
        str(folder),
        "--extractor",
        "pixels",
        "--projection",
        "pca",
    ]
    assert main.main(words) == 0
    said = capsys.readouterr().out
    assert "Left out: red/0.txt: A picture must be JPEG" in said
    assert "Left out: 2 more files; the page Overview lists all." in said
    assert "7 .svg files are left out: the package cairosvg reads them" in said
    assert "Odd: blue/ink.jpg: In the inks of print (CMYK)" in said


@pytest.mark.real_data
def test_the_fate_of_the_placeholder_among_photographs_is_told(store, real_data):
    """A valid GIF picture that some web site gave in place of an ant: it is used, and named."""
    facts = dataset_of(store, real_data / "ants-bees").manifest.facts
    assert facts["odd"] == [
        {"path": "train/ants/imageNotFound.gif", "reason": "GIF among files of JPEG. It is used."}
    ]
    assert facts["refused"] == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("picture_ends", lambda ends: ends[::-1]),
        ("picture_ends", lambda ends: ends + 1),
        ("picture_ends", lambda ends: np.append(ends[:-1], 2**40)),
        ("test_rows", lambda rows: rows - 100),
        ("test_rows", lambda rows: rows + 100),
    ],
)
def test_a_data_set_that_does_not_fit_together_is_refused(store, folder, name, change):
    """Whoever made it: nothing outside its file is read."""
    made = dataset_of(store, folder)
    changed = ensure_changed(store, made, name, change)
    with pytest.raises(ArtefactCorrupt, match=rf"{name}.npy must have"):
        thumbnails_of(changed, "test")


def test_a_thumbnail_that_is_none_is_refused(store, folder):
    """Another kind of picture, or one that is too large."""
    made = dataset_of(store, folder)
    large = encoded(Image.new("RGB", (161, 10)), "WEBP")
    for content in (encoded(Image.new("RGB", (9, 9)), "PNG"), large, b"nothing"):
        ends = np.cumsum([len(content)] * 24)
        changed = ensure_changed(
            store, made, "picture_ends", lambda _, ends=ends: ends, pictures=content * 24
        )
        with pytest.raises(ArtefactCorrupt, match=r"must have WebP files of at most 160 pixels"):
            thumbnails_of(changed, "test")[0]


def ensure_changed(store, made, name, change, pictures=None):
    """Write a data set again, with something changed, under a key of its own."""
    identity = {"changed": str((name, change(made.array(name)).tolist(), pictures))}
    with store.writing("dataset", plugin="folder", version=1, identity=identity, inputs={}) as draft:
        for file in made.manifest.files:
            shutil.copy(made.path(file), draft.path(file))
        if pictures is not None:
            draft.path("pictures.bin").write_bytes(pictures)
        draft.save(name, change(made.array(name)).astype(made.array(name).dtype))
        draft.facts.update(made.manifest.facts)
    return store.artefact("dataset", draft.key)


def test_what_is_removed_leaves_no_note_of_its_folder(store, folder):
    """With a data set goes where its files lay; with another stage nothing does."""
    written = run_of(store, folder)
    dataset = store.artefact("dataset", written.stages["dataset"])
    remove(store, [store.artefact("features", written.stages["features"]).folder])
    assert place_of(dataset) == folder
    remove(store, [dataset.folder])
    assert place_of(dataset) is None
    assert list((store.root / "places").iterdir()) == []


def test_a_file_that_cannot_be_read_is_left_out(store, folder, monkeypatch):
    """Whoever runs it: a folder in its place, a link in a circle, a size that no picture has."""
    (folder / "red" / "loop.png").symlink_to("loop.png")
    (folder / "red" / "much.mp4").open("wb").truncate(300 << 20)
    deep = folder / "red" / "/".join(["d"] * 70)
    deep.mkdir(parents=True)
    facts = dataset_of(store, folder).manifest.facts
    assert facts["images"] == 24
    assert [file["reason"].partition(" must ")[2][:30] for file in facts["refused"]] == [
        "be one that is at most 64 deep", "lead to a file in the same fol", "be at most 268,435,456 bytes. ",
    ]  # fmt: skip


def test_damaged_exif_data_do_not_spoil_a_picture(rng):
    """The picture itself is whole."""
    found = decode(encoded(picture((9, 9, 9), rng), "PNG", exif=b"Exif\x00\x00damaged"))
    assert found.shape == (24, 40, 3)


def test_grey_of_16_bits_may_be_inverted_or_transparent():
    """A TIFF whose zero is white, and a PNG with a transparent value."""
    values = Image.fromarray(np.array([[0, 65535]], np.uint16).repeat(2, 0))
    inverted = decode(encoded(values, "TIFF", tiffinfo={262: 0}))
    assert inverted[0, :, 0].tolist() == [255, 0]
    assert decode(encoded(values, "PNG", transparency=0))[0, :, 0].tolist() == [255, 255]
