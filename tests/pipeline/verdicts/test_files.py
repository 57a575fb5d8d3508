"""Verdicts as files: what is written is read back, and comes back into a database."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InvalidParameter, SourceError
from pipeline.verdicts import files
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.exchange import bring_back, rows_of
from pipeline.verdicts.files import FORMATS, Row, read, written
from pipeline.verdicts.records import Edit, Judgement

plain = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=12)
cells = st.one_of(
    plain, st.sampled_from(["=1+1", "'=1", "''@x", "-", "'", '"', "a,b\nc", "\ttab", "\uff1d1"])
)
names = cells.filter(bool)
tags = st.lists(names.map(str.strip).filter(lambda text: text and ";" not in text), max_size=3)
rows = st.lists(
    st.builds(
        Row,
        id=names, file=cells, split=st.sampled_from(["test", "train"]), given=cells,
        judged=st.one_of(st.none(), names), verdict=st.sampled_from([None, "keep", "wrong"]),
        tags=tags.map(tuple), who=cells,
        when=st.one_of(st.none(), st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))),
        score=st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), note=cells, key=cells,
    ),
    max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(rows)
def test_what_is_written_is_read_back(tmp_path, ending, said):
    """Whatever people have written, in each format."""
    path = tmp_path / f"labels{ending}"
    path.write_bytes(written(said, ending))
    assert read(path) == said


def test_no_cell_of_a_csv_file_is_run_by_a_spreadsheet():
    """Names, notes, tags and classes are anybody's text."""
    evil = "=cmd|' /C calc'!A0"
    row = Row(evil, evil, "test", evil, evil, "wrong", (evil,), evil, None, -0.5, evil, "")
    cells = written([row], ".csv").decode("utf-8-sig").splitlines()[1].split(",")
    assert [cell for cell in cells if cell.startswith(("=", '"='))] == []
    assert "-0.5" in cells, "a number is one"


@pytest.mark.parametrize("ending", FORMATS)
def test_verdicts_go_out_and_come_back(verdicts, images, tmp_path, ending):
    """Into an empty database all of them, in one action; again, none; what differs is left alone unless it is asked."""
    wrong = Judgement("wrong", "frog", ("a", "b"), "note\nof two lines")
    verdicts.record(images, [Edit(images.keys[0], wrong), Edit(images.keys[1], Judgement("keep"))], "ann")
    verdicts.record(images, [Edit(images.keys[2], Judgement("unsure"))], "ann")
    verdicts.undo(images, "ann")
    path = tmp_path / f"labels{ending}"
    out = rows_of(images, verdicts.state(images), {images.keys[0]: 0.25})
    assert [(row.id, row.score) for row in out] == [(images.ids[0], 0.25), (images.ids[1], None)]
    path.write_bytes(written(out, ending))
    other = open_verdicts(None, f"sqlite:///{tmp_path}/other.sqlite")
    assert bring_back(other, images, read(path), "bob").recorded == 2
    state = other.state(images)
    assert {key: record.judgement for key, record in state.records.items()} == {
        images.keys[0]: wrong, images.keys[1]: Judgement("keep"),
    }  # fmt: skip
    assert {(record.kind, record.who, record.change) for record in state.records.values()} == {
        ("import", "bob", 1)
    }
    assert bring_back(other, images, read(path), "bob").as_before == 2
    other.record(images, [Edit(images.keys[1], Judgement("excluded"), 1)], "cleo")
    told = bring_back(other, images, read(path), "bob")
    assert (told.recorded, [record.who for _, record in told.differing]) == (0, ["cleo"])
    assert (
        told.in_words()
        == "0 images recorded, 1 was so before, 1 has another verdict here and stayed as before."
    )
    assert bring_back(other, images, read(path), "bob", replace=True).recorded == 1


def test_rows_without_keys_are_found_by_their_names(store, images, tmp_path):
    """Where the label is still the one that was judged; all others are counted."""
    said = [
        {"id": images.ids[0], "verdict": "keep"},
        {"id": images.ids[1], "given": images.given[1], "verdict": "excluded", "tags": ["a"]},
        {"id": images.ids[2], "given": "another class than that", "key": "f" * 40, "verdict": "keep"},
        {"id": "nobody", "verdict": "keep"},
    ]
    (tmp_path / "own.json").write_text(json.dumps(said))
    told = bring_back(open_verdicts(store), images, read(tmp_path / "own.json"), "ann")
    assert (told.recorded, told.unknown) == (2, 2)
    assert "2 rows of no image of this data set" in told.in_words()


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_spreadsheet_writes_what_its_country_does(tmp_path, between):
    """Commas, semicolons or tabs, and tags between semicolons all the same."""
    cells = ("id", "verdict", "tags"), ("a, b", "keep", "one;two")
    lines = (between.join(f'"{cell}"' for cell in row) for row in cells)
    (tmp_path / "x.csv").write_text("\r\n".join(lines))
    assert [(row.id, row.verdict, row.tags) for row in read(tmp_path / "x.csv")] == [
        ("a, b", "keep", ("one", "two"))
    ]


def test_a_spreadsheets_own_way_of_writing_is_read(tmp_path):
    """Empty rows below, capitals, its time, number and letters; who names a class alone calls the label wrong."""
    lines = [
        "id;verdict;judged;when;score;note",
        "a; Keep;;01.12.2026 13:02;0,25;K\xe4fer",
        ";;;;;",
        "b;;dog;;;",
    ]
    (tmp_path / "x.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    rows = read(tmp_path / "x.csv")
    assert [(row.id, row.verdict, row.when, row.score, row.note) for row in rows] == [
        ("a", "keep", None, None, "K\xe4fer"), ("b", None, None, None, ""),
    ]  # fmt: skip
    for bad in ("yesterday", 5, [], float("nan")):
        (tmp_path / "x.json").write_text(json.dumps([{"id": "a", "when": bad, "score": bad}]))
        assert [(row.id, row.when) for row in read(tmp_path / "x.json")] == [("a", None)]


def test_a_row_that_cannot_be_read_is_named(tmp_path):
    """By its number below the head of the table."""
    (tmp_path / "x.csv").write_text("id,verdict\na,keep\n,keep\n")
    with pytest.raises(SourceError, match="Got: row 2: a row without id and key"):
        read(tmp_path / "x.csv")


def test_a_row_for_another_label_is_of_no_image(store, images):
    """Where it says which label it judges, that must be the image's."""
    rows = [replace(_row(images.ids[0]), given="another class than that"), _row(images.ids[1])]
    told = bring_back(open_verdicts(store), images, rows, "ann")
    assert (told.recorded, told.unknown) == (1, 1)


def test_who_names_the_right_class_calls_the_label_wrong(store, images):
    """A verdict need not be there, too; a class that differs by its letters' case alone is a slip."""
    right = images.class_names[-1]
    verdicts = open_verdicts(store)
    bring_back(verdicts, images, [replace(_row(images.ids[0]), verdict=None, judged=right)], "ann")
    assert [record.judgement.verdict for record in verdicts.state(images).records.values()] == ["wrong"]
    with pytest.raises(InvalidParameter, match=f"Got {right.title()!r}, where there is {right!r}"):
        bring_back(verdicts, images, [replace(_row(images.ids[1], "wrong"), judged=right.title())], "ann")
    bring_back(verdicts, images, [replace(_row(images.ids[1], "wrong"), judged="another class")], "ann")


def test_classes_that_were_alike_before_do_not_hide_a_slip(store, images):
    """Nor are they one."""
    named = replace(images, class_names=("Frog", "toad", "to ad", "frog "))
    row = replace(_row(images.ids[0], "wrong"), judged="FROG")
    with pytest.raises(InvalidParameter, match="Got 'FROG', where there is 'Frog'"):
        bring_back(open_verdicts(store), named, [row], "ann")


def _row(name, verdict="keep", key=""):
    return Row(name, "", "test", "", None, verdict, (), "", None, None, "", key)


def test_a_file_that_contradicts_itself_is_refused(store, images):
    """Two rows of one image, or one of two; the same said twice is said once. Nothing is recorded."""
    (one, other), keys, verdicts = images.ids[:2], images.keys, open_verdicts(store)
    for rows, got in (
        ([_row(one), _row("", "wrong", keys[0])], f"Got two rows of {one!r}"),
        ([_row(other), _row(one, key=keys[1])], f"Got the id {one!r} with the key of {other!r}"),
    ):
        with pytest.raises(InvalidParameter, match=re.escape(got)):
            bring_back(verdicts, images, rows, "ann")
    assert verdicts.state(images).records == {}
    rows = [_row(one), _row(one), _row("renamed since", key=keys[1])]
    assert bring_back(verdicts, images, rows, "ann").recorded == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b"id,verdict\na"),
        ("x.csv", b"id,verdict\na,b,c"),
        ("x.csv", b"verdict\nkeep\n"),
        ("x.csv", b""),
        ("x.csv", b"\xff\xfe\x00"),
        ("x.csv", b"id\n" + b"x" * 200_000),
        ("x.json", b"{}"),
        ("x.json", b"[" * 100_000),
        ("x.json", b'[{"id": 3}]'),
        ("x.json", b'[{"id": "a", "tags": "b"}]'),
        ("x.parquet", b"PAR1"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content):
    """In a sentence, whatever is in it."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"x\.\w+ must be a file of labels, with columns id or key"):
        read(tmp_path / name)


def test_a_file_that_is_too_much_is_refused(tmp_path, monkeypatch):
    """By its size, and a packed one by its rows."""
    pq.write_table(pa.table({"id": ["a"] * 300_000}), tmp_path / "many.parquet")
    with pytest.raises(SourceError, match="Got: 300,000 rows"):
        read(tmp_path / "many.parquet")
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    (tmp_path / "x.csv").write_text("id,verdict\n" * 9)
    with pytest.raises(SourceError, match="bytes"):
        read(tmp_path / "x.csv")
    with pytest.raises(SourceError, match="No such file"):
        read(tmp_path / "absent.csv")
    with pytest.raises(InvalidParameter, match=r"must end in \.csv"):
        read(tmp_path / "x.xlsx")


def test_what_a_file_says_is_checked(store, images):
    """As what somebody types is."""
    row = Row(images.ids[0], "", "test", "", None, "maybe", (), "", None, None, "", "")
    with pytest.raises(InvalidParameter, match="verdict must be one of"):
        bring_back(open_verdicts(store), images, [row], "ann")
