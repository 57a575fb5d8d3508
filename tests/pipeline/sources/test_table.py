import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image

from cache.places import place_of, remember_place
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.errors import InvalidParameter, SourceError
from pipeline.extractors.given import Given
from pipeline.inputs.pictures import decode
from pipeline.projections.pca import PCA
from pipeline.sources.table import TableSource
from pipeline.stages.contract import ensure, key_of
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.stages.images import original_of, originals_of, thumbnails_of
from pipeline.stages.neighbours import NeighboursStage
from tests.pipeline.inputs.tables.making import FORMATS, lists, planted_vectors, write_arrow, write_table
from tests.pipeline.sources.photographs import encoded, photographs, picture


def dataset_of(store, **options):
    """Make the data set of a table."""
    source = TableSource(**options)
    source.prepare(store=store)
    return ensure(store, source, {})


def features_in(store, dataset):
    """Give the features of both splits, by the names of their rows."""
    features = ensure(store, Given(), {"dataset": dataset.key})
    return {
        name: row.tobytes()
        for split in ("train", "test")
        for name, row in zip(
            dataset.array(f"{split}_ids").tolist(), features_of(features, dataset, split), strict=True
        )
    }


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_data_set(ending, store, tmp_path, rng):
    """Labels, folds, features, cards and columns, whatever the file is."""
    vectors, labels = planted_vectors(rng)
    columns = {"label": ["cat" if label else "dog" for label in labels], "age": np.arange(40).tolist()}
    dataset = dataset_of(store, table=write_table(tmp_path / f"t.{ending}", vectors, columns))
    assert dataset.manifest.facts["class_names"] == ["cat", "dog"]
    assert dataset.manifest.facts["refused"] == []
    [note] = dataset.manifest.facts["notes"]
    assert (
        note
        == f"Columns of t.{ending}: embedding from embedding (guessed), label from label (guessed), 1 further column."
    )
    assert dataset.array("test_labels").tolist() == (1 - labels).tolist()
    assert dataset.array("test_ids").tolist() == [f"row {row}" for row in range(40)]
    assert set(dataset.array("test_folds").tolist()) == {0, 1, 2, 3, 4}
    assert features_in(store, dataset) == {f"row {row}": vectors[row].tobytes() for row in range(40)}
    [age] = json.loads(dataset.path("columns.json").read_text())["columns"]
    assert (age["name"], age["kind"], age["values"]) == ("age", "number", list(range(40)))
    assert len({thumbnails_of(dataset, "test")[row].tobytes() for row in range(40)}) == 40
    assert original_of(dataset, "test", 0) is None


def test_vectors_may_lie_in_a_file_beside(store, tmp_path, rng):
    """Whose digest counts as the table's does."""
    vectors, labels = planted_vectors(rng)
    np.save(tmp_path / "f.npy", vectors)
    pd.DataFrame({"label": labels}).to_csv(tmp_path / "t.csv", index=False)
    asked = {"table": tmp_path / "t.csv", "features": tmp_path / "f.npy"}
    dataset = dataset_of(store, **asked)
    assert features_in(store, dataset) == {f"row {row}": vectors[row].tobytes() for row in range(40)}
    before = key_of(TableSource(**asked), {})
    np.save(tmp_path / "f.npy", vectors + 1)
    assert key_of(TableSource(**asked), {}) != before


def test_a_table_that_was_moved_is_the_same_data_set_and_another_label_is_not(tmp_path, rng):
    """What counts is the content, and what its columns are taken for: said or guessed."""
    vectors, labels = planted_vectors(rng)
    path = write_table(tmp_path / "t.parquet", vectors, {"label": labels, "other": labels})
    key = key_of(TableSource(table=path), {})
    assert key == key_of(TableSource(table=path, label="label"), {})
    assert key == key_of(TableSource(table=path.rename(tmp_path / "moved.parquet")), {})
    assert key != key_of(TableSource(table=tmp_path / "moved.parquet", label="other"), {})


def test_a_column_says_which_rows_to_test_on(store, tmp_path, rng):
    """Val is tested on where there is no test; a row without a word is left out and listed."""
    vectors, _ = planted_vectors(rng)
    splits = ["train", "VAL"] * 19 + ["train", None]
    path = write_table(tmp_path / "t.parquet", vectors, {"label": np.arange(40) // 2 % 2, "split": splits})
    dataset = dataset_of(store, table=path)
    assert dataset.array("train_ids").tolist() == [f"row {row}" for row in range(0, 40, 2)]
    assert dataset.array("test_ids").tolist() == [f"row {row}" for row in range(1, 39, 2)]
    assert [row["path"] for row in dataset.manifest.facts["refused"]] == ["row 39"]
    assert dataset.manifest.facts["split"] == "column split"
    with pytest.raises(SourceError, match=r"split must be a column of train .* Got label, with"):
        dataset_of(store, table=write_table(path, vectors, {"label": ["dog", "train"] * 20}), split="label")


def test_rows_that_cannot_be_used_are_left_out_and_listed(store, tmp_path, rng):
    """Without a vector, with NaN, without a label where others have one; many together."""
    vectors, labels = planted_vectors(rng, 200)
    rows = vectors.tolist()
    rows[3], rows[4][1], rows[5][0] = None, float("nan"), float("inf")
    names = [None if row >= 150 else f"class {label}" for row, label in enumerate(labels)]
    table = pa.table({"embedding": pa.array(rows, pa.list_(pa.float32())), "label": names})
    dataset = dataset_of(store, table=write_arrow(tmp_path / "t.parquet", table))
    left_out = dataset.manifest.facts["refused"]
    assert [row["path"] for row in left_out] == ["row 3", "row 4", "row 5", "50 rows, the first is row 150"]
    assert "NaN" in left_out[0]["reason"]
    assert "label" in left_out[3]["reason"]
    kept = [row for row in range(150) if row not in (3, 4, 5)]
    assert features_in(store, dataset) == {f"row {row}": vectors[row].tobytes() for row in kept}
    everything = dataset_of(store, table=tmp_path / "t.parquet", label="none")
    assert everything.manifest.facts["no_classifier"]
    assert len(everything.array("test_ids")) == 197


def test_vectors_that_are_too_long_to_square_or_of_another_length_are_left_out(store, tmp_path, rng):
    """And listed with the reason; the rest makes a run, also where it is nearly as long."""
    vectors, labels = planted_vectors(rng, 60)
    rows = (vectors * np.float32(9e17 / np.linalg.norm(vectors, axis=1).max())).tolist()
    rows[3], rows[4] = rows[3][:-1], [1e37, *rows[4][1:]]
    names = [
        ("cat " if row < 30 else "cat") if label == labels[0] else "dog" for row, label in enumerate(labels)
    ]
    table = pa.table({"embedding": pa.array(rows, pa.list_(pa.float64())), "label": names})
    dataset = dataset_of(store, table=write_arrow(tmp_path / "t.parquet", table))
    left_out = {row["path"]: row["reason"] for row in dataset.manifest.facts["refused"]}
    assert sorted(left_out) == ["row 3", "row 4"]
    assert "another length" in left_out["row 3"]
    assert "squared" in left_out["row 4"]
    assert (
        "Classes written in several ways, as with blanks, are one each: cat."
        in dataset.manifest.facts["notes"]
    )
    features = ensure(store, Given(), {"dataset": dataset.key})
    keys = {"dataset": dataset.key, "features": features.key}
    assert np.isfinite(ensure(store, PCA(), keys).array("test")).all()
    assert np.isfinite(NeighboursStage().find(features.array("test"))[1]).all()
    assert ensure(store, LinearSVM(), keys).array("predicted_label").shape[1] == 58
    table = pa.table({"embedding": lists(np.full((5, 3), 1e37, np.float32))})
    with pytest.raises(SourceError, match=r"one row at least.* squared .*\n.*divided"):
        dataset_of(store, table=write_arrow(tmp_path / "long.parquet", table))


def test_copies_that_differ_by_rounding_are_in_one_fold(store, tmp_path, rng):
    """Where there are no pictures to tell."""
    vectors, labels = planted_vectors(rng, 60)
    vectors = np.concatenate([vectors, vectors * np.float32(1 + 3e-7)])
    labels = [f"class {label}" for label in labels] * 2
    table = pa.table({"embedding": lists(vectors), "label": labels})
    dataset = dataset_of(store, table=write_arrow(tmp_path / "t.parquet", table))
    folds = dict(zip(dataset.array("test_ids").tolist(), dataset.array("test_folds").tolist(), strict=True))
    assert [row for row in range(60) if folds[f"row {row}"] != folds[f"row {row + 60}"]] == []


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("kind", ["bytes", "structure"])
def test_pictures_in_the_table_are_shown_and_seen(kind, ending, store, tmp_path, rng):
    """As bytes or as Hugging Face has them; a row without one is a card; one that is none is left out."""
    vectors, labels = planted_vectors(rng, 20)
    contents = [encoded(picture((9 * row, 0, 0), rng), "PNG") for row in range(20)]
    contents[4], contents[5] = None, b"no picture"
    column = contents if kind == "bytes" else [
        content and {"bytes": content, "path": f"{row}.png"} for row, content in enumerate(contents)
    ]  # fmt: skip
    table = pa.table({"embedding": lists(vectors), "label": labels, "image": column})
    path = write_arrow(tmp_path / f"t.{ending}", table)
    dataset = dataset_of(store, table=path)
    shown = range(20) if kind == "structure" else range(0)
    names = [f"{row}.png" if row in shown and row != 4 else f"row {row}" for row in range(20) if row != 5]
    assert dataset.array("test_ids").tolist() == names
    [left_out] = dataset.manifest.facts["refused"]
    assert left_out["path"].startswith("5.png, row 5" if kind == "structure" else "row 5")
    remember_place(store, dataset.key, TableSource(table=path).place)
    assert place_of(dataset) == path
    np.testing.assert_array_equal(original_of(dataset, "test", 19 - 1), decode(contents[19]))
    assert original_of(dataset, "test", 4) is None
    with pytest.raises(SourceError, match="must have a picture in each row"):
        originals_of(dataset, "test")[4]


def test_paths_of_pictures_lead_into_a_folder_and_not_out_of_it(store, tmp_path, rng):
    """Relative or absolute; what leads elsewhere is left out and listed; the files' content counts."""
    folder = photographs(tmp_path / "photos", rng, 4)
    paths = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.*"))]
    paths[1] = str(folder / paths[1])
    (tmp_path / "secret.png").write_bytes((folder / paths[0]).read_bytes())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    paths += ["../secret.png", str(tmp_path / "secret.png"), "link.png", "none.png", ""]
    frame = pd.DataFrame({"image": paths, "label": [0, 1] * 8 + [0], "f0": range(17), "f1": range(17)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    asked = {"table": tmp_path / "t.csv", "images": folder}
    dataset = dataset_of(store, **asked)
    assert len(dataset.array("test_ids")) == 13
    assert dataset.array("test_ids").tolist()[-1] == "row 16"
    assert len(dataset.manifest.facts["refused"]) == 4
    files = json.loads(dataset.path("files.json").read_text())
    assert files[1]["path"] == str((folder / paths[1]).relative_to(folder))
    before = key_of(TableSource(**asked), {})
    (folder / paths[0]).write_bytes(encoded(Image.new("RGB", (9, 9)), "PNG"))
    assert key_of(TableSource(**asked), {}) != before


def test_paths_that_lead_nowhere_are_no_pictures_unless_somebody_says_so(store, tmp_path, rng):
    """A column called filename may be of another machine: then rows are cards with these names."""
    vectors, labels = planted_vectors(rng, 20)
    names = [f"/elsewhere/{row}.jpg" for row in range(20)]
    path = write_table(tmp_path / "t.parquet", vectors, {"filename": names, "label": labels})
    dataset = dataset_of(store, table=path)
    assert "files.json" not in dataset.manifest.files
    with pytest.raises(SourceError, match="one row at least that can be used") as caught:
        dataset_of(store, table=path, image="filename")
    assert "option images" in str(caught.value)


def test_names_are_the_rows_own(store, tmp_path, rng):
    """Two of one name are told apart; a missing one is its number; hostile ones are spelled out."""
    vectors, labels = planted_vectors(rng, 6)
    names = ["a", "a", None, "b\u202e", "x" * 300, " "]
    path = write_table(tmp_path / "t.parquet", vectors, {"name": names, "label": labels})
    found = dataset_of(store, table=path).array("test_ids").tolist()
    assert found == ["a (row 0)", "a (row 1)", "row 2", "b\\u202e", "x" * 255, "row 5"]


def test_images_alone_are_described_by_a_network(store, tmp_path, rng):
    """A table without vectors is a list of pictures; given has nothing to give."""
    folder = photographs(tmp_path / "photos", rng, 4)
    paths = sorted(folder.rglob("*.*"))
    frame = pd.DataFrame({"path": map(str, paths), "label": [path.parent.name for path in paths]})
    frame.to_csv(folder / "t.csv", index=False)
    dataset = dataset_of(store, table=folder / "t.csv")
    assert "embeddings.npy" not in dataset.manifest.files
    assert len(originals_of(dataset, "test")) == 12


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"label": ""}, "label of table must be the name of a column"),
        ({"embedding": "a\nb"}, "embedding of table must be the name of a column"),
        ({"table": "t.csv"}, "table of table must be a pathlib.Path"),
    ],
)
def test_wrong_parameters_are_refused(options, told):
    """Before anything is read."""
    with pytest.raises(InvalidParameter, match=told):
        TableSource(**options)


def test_a_table_that_will_not_do_is_refused(store, tmp_path, rng):
    """None, without rows, without vectors and pictures, of another length, Keras's."""
    np.save(tmp_path / "f.npy", planted_vectors(rng)[0])
    for name, frame in {
        "numbers": {"a": [1, 2]},
        "empty": {"label": []},
        "short": {"label": ["a", "b"]},
    }.items():
        pd.DataFrame(frame).to_csv(tmp_path / f"{name}.csv", index=False)
    np.savez(tmp_path / "keras.npz", x_train=np.zeros((4, 2, 2)), y_train=np.zeros(4))
    beside = {"features": tmp_path / "f.npy"}
    for options, told in (
        ({}, "table of table must be a file"),
        ({"table": tmp_path / "none.csv"}, "table must be a Parquet"),
        ({"table": tmp_path / "numbers.csv"}, "must have a column of vectors, or one of pictures"),
        ({"table": tmp_path / "short.csv", **beside}, "with 2 rows"),
        ({"table": tmp_path / "empty.csv", **beside}, "with 0 rows"),
        ({"table": tmp_path / "keras.npz"}, "npz"),
        ({"table": tmp_path / "short.csv", "images": tmp_path / "none", "image": "label"}, "images of table must"),
    ):  # fmt: skip
        with pytest.raises(SourceError, match=told):
            dataset_of(store, **options)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["parquet", "csv", "npz"])
def test_a_large_table_gives_the_same_map_and_predictions_in_every_format(ending, store, tmp_path, rng):
    """10,000 x 2,048: features, folds, map and predictions are those of the vectors themselves, bit for bit."""
    labels = rng.integers(0, 4, 10_000)
    vectors = (rng.normal(size=(10_000, 2048)) + rng.normal(size=(4, 2048))[labels] / 8).astype(np.float32)
    path = write_table(tmp_path / f"t.{ending}", vectors, {"label": labels})
    dataset = dataset_of(store, table=path, folds=2)
    features = ensure(store, Given(), {"dataset": dataset.key})
    assert features.array("test").tobytes() == vectors.tobytes()
    assert dataset.array("test_labels").tolist() == labels.tolist()
    keys = {"dataset": dataset.key, "features": features.key}
    points, _ = PCA().project(vectors)
    np.testing.assert_array_equal(ensure(store, PCA(), keys).array("test"), points)
    machine = LinearSVM(C=0.01, path=(0.01,))
    expected = machine.fit(vectors, labels, vectors, labels, 4, folds=folds_of(dataset))
    found = ensure(store, machine, keys)
    np.testing.assert_array_equal(found.array("predicted_label"), expected.arrays()["predicted_label"])
    assert (found.array("predicted_label")[0] == labels).mean() > 0.9
