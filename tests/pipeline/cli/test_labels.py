"""``labels``: verdicts out into a file and back in."""

from __future__ import annotations

import json

import pytest

from pipeline.cli import main
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.files import read
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import Edit, Judgement
from tests.planted import planted_run


@pytest.fixture
def call(capsys, store):
    """Type `labels planted`; give the exit code, the output and the errors."""

    def typed(*words):
        code = main.main(["labels", "planted", *map(str, words), "--cache", str(store.root)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def images(store):
    """Images of a planted run, of which two are judged by ann."""
    found = images_of(store.artefact("dataset", planted_run(store).stages["dataset"]))
    other = next(name for name in found.class_names if name != found.given[0])
    said = [Edit(found.keys[0], Judgement("wrong", other)), Edit(found.keys[1], Judgement("keep"))]
    open_verdicts(store).record(found, said, "ann")
    return found


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_verdicts_go_out_are_changed_and_come_back(store, images, call, tmp_path, ending):
    """With scores; what is changed in the file is taken, what was judged meanwhile is told and stays, unless asked."""
    path = tmp_path / f"out.{ending}"
    code, said, _ = call("--export", path)
    assert (code, f"{path}: verdicts on 2 images of {len(images)}" in said) == (0, True)
    first, *_ = read(path)
    assert (first.id, first.given, first.who) == (images.ids[0], images.given[0], "ann")
    assert 0 <= first.score <= 1
    if ending != "json":
        return
    rows = json.loads(path.read_text())
    rows[0]["verdict"], rows[0]["judged"] = "excluded", None
    rows[1]["verdict"] = "unsure"
    path.write_text(json.dumps(rows))
    verdicts = open_verdicts(store)
    verdicts.record(images, [Edit(images.keys[1], Judgement("keep", tags=("odd",)), 1)], "bob")
    code, said, _ = call("--labels", path, "--who", "cleo")
    assert code == 1
    assert said.startswith(
        "1 image recorded, 0 were so before, 1 has another verdict here and stayed as before."
    )
    assert f"{images.ids[1]}: keep, odd here, by bob at " in said
    assert "; unsure in the file" in said
    now = verdicts.state(images).records
    assert (now[images.keys[0]].judgement, now[images.keys[0]].who) == (Judgement("excluded"), "cleo")
    assert now[images.keys[1]].judgement == Judgement("keep", tags=("odd",))
    code, said, _ = call("--labels", path, "--replace", "--json")
    assert (code, json.loads(said)["recorded"], json.loads(said)["differing"]) == (0, 1, [])
    assert verdicts.state(images).records[images.keys[1]].judgement == Judgement("unsure")


def test_a_file_that_is_no_use_says_why(images, call, tmp_path):
    """Missing, damaged, of other images, and options that go with none."""
    code, _, said = call("--labels", tmp_path / "none.csv")
    assert (code, "none.csv must be a file of labels" in said) == (1, True)
    assert "--export verdicts.csv" in said
    (tmp_path / "paths.csv").write_text("path,label\na.png,cat\n")
    assert "Got: the columns 'path', 'label'" in call("--labels", tmp_path / "paths.csv")[2]
    (tmp_path / "other.csv").write_text("id,verdict\nnobody,keep\n")
    code, said, _ = call("--labels", tmp_path / "other.csv")
    assert (code, "The file is of another data set" in said) == (1, True)
    (tmp_path / "bad.csv").write_text(f"id,verdict\n{images.ids[2]},maybe\n")
    assert (
        f"The row of {images.ids[2]!r} must be allowed. Got: verdict must be one of"
        in call("--labels", tmp_path / "bad.csv")[2]
    )
    (tmp_path / "new.csv").write_text(f"id,verdict,judged\n{images.ids[2]},wrong,unicorns\n")
    assert "1 class that planted has not: 'unicorns'." in call("--labels", tmp_path / "new.csv")[1]
    assert "--export must end in .csv" in call("--export", tmp_path / "out.xlsx")[2]
    assert "The folder of --export must exist" in call("--export", tmp_path / "no" / "out.csv")[2]
    assert "--replace must come with --labels FILE" in call("--replace")[2]
