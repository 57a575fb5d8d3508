"""The database of verdicts: what is recorded stays, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from cache import Store
from cache.bundle import pack
from cache.maintenance import problems, remove_all, remove_stale, remove_unreferenced
from pipeline.errors import InvalidParameter, VerdictError
from pipeline.verdicts import connection
from pipeline.verdicts.connection import FILE
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import MOST_TAGS, Conflict, Edit, Judgement
from tests.planted import planted_run

KEEP, WRONG = Judgement("keep"), Judgement("wrong", "frog", ("blurred", "two things"), "a note\nof two lines")


def test_what_is_recorded_is_there_with_who_and_when(verdicts, images):
    """Every part of it, and the name of the given class."""
    before = datetime.now(UTC)
    new = verdicts.record(images, [Edit(images.keys[3], WRONG)], "Ann Ä")
    state = verdicts.state(images)
    assert state.records == new
    (record,) = new.values()
    assert (record.image, record.given, record.judgement) == (images.keys[3], images.given[3], WRONG)
    assert (record.revision, record.who, record.kind, record.change) == (1, "Ann Ä", "judge", state.change)
    assert before <= record.at <= datetime.now(UTC)
    assert verdicts.history(images.keys[3]) == [record]


def test_nothing_is_made_by_looking(store, images):
    """Neither a file nor a folder."""
    kept = open_verdicts(store)
    assert kept.state(images).records == {}
    assert kept.history(images.keys[0]) == []
    assert not (store.root / FILE).exists()


def test_what_came_since_is_told_to_the_other(verdicts, images):
    """By the number of the last change."""
    verdicts.record(images, [Edit(key, KEEP) for key in images.keys[:5]], "ann")
    seen = verdicts.state(images).change
    assert verdicts.state(images, seen).records == {}
    verdicts.record(images, [Edit(images.keys[2], WRONG, 1)], "bob")
    assert {key: record.who for key, record in verdicts.state(images, seen).records.items()} == {
        images.keys[2]: "bob"
    }


def test_nobody_overwrites_what_they_have_not_seen(verdicts, images):
    """Nor any other edit of the same action; who was first is named, and what they said."""
    first = verdicts.record(images, [Edit(images.keys[0], WRONG)], "ann")
    with pytest.raises(Conflict, match=r"Got another state: ann has changed it to wrong, frog at") as caught:
        verdicts.record(images, [Edit(images.keys[1], KEEP), Edit(images.keys[0], KEEP)], "bob")
    assert caught.value.records == tuple(first.values())
    assert verdicts.state(images).records == first
    verdicts.record(images, [Edit(images.keys[0], KEEP, based_on=1)], "bob")
    assert [record.who for record in verdicts.history(images.keys[0])] == ["ann", "bob"]


def test_an_action_is_recorded_once(verdicts, images):
    """However often it is sent: its answer may have been lost."""
    action = uuid4()
    new = verdicts.record(images, [Edit(images.keys[0], KEEP)], "ann", action)
    assert verdicts.record(images, [Edit(images.keys[0], KEEP)], "ann", action) == new
    assert len(verdicts.history(images.keys[0])) == 1
    undone = uuid4()
    assert verdicts.undo(images, "ann", undone) == verdicts.undo(images, "ann", undone)
    assert len(verdicts.history(images.keys[0])) == 2
    with pytest.raises(InvalidParameter, match="one person"):
        verdicts.record(images, [Edit(images.keys[0], KEEP)], "bob", action)


def test_undo_and_redo_restore_what_was_there(verdicts, images):
    """Of a person's own actions, as often as there are some; history only grows."""
    a, b = images.keys[:2]
    verdicts.record(images, [Edit(a, KEEP), Edit(b, KEEP)], "ann")
    verdicts.record(images, [Edit(a, WRONG, 1)], "ann")
    assert {key: record.judgement for key, record in verdicts.undo(images, "ann").items()} == {a: KEEP}
    assert verdicts.undo(images, "bob") == {}
    assert all(record.judgement.is_empty for record in verdicts.undo(images, "ann").values())
    assert verdicts.undo(images, "ann") == {}
    assert verdicts.redo(images, "ann").keys() == {a, b}
    assert verdicts.redo(images, "ann")[a].judgement == WRONG
    assert verdicts.redo(images, "ann") == {}
    assert [record.kind for record in verdicts.history(a)] == [
        "judge", "judge", "undo", "undo", "redo", "redo",
    ]  # fmt: skip
    verdicts.undo(images, "ann")
    verdicts.record(images, [Edit(b, WRONG, verdicts.state(images).records[b].revision)], "ann")
    assert verdicts.redo(images, "ann") == {}, "something new was done instead"


def test_undo_leaves_alone_what_somebody_else_has_changed(verdicts, images):
    """Also where they have changed it back."""
    key = images.keys[0]
    verdicts.record(images, [Edit(key, WRONG)], "ann")
    verdicts.record(images, [Edit(key, KEEP, 1)], "bob")
    for _ in range(2):
        with pytest.raises(Conflict, match="bob has changed it"):
            verdicts.undo(images, "ann")
        if verdicts.state(images).records[key].judgement == KEEP:
            verdicts.undo(images, "bob")
    assert verdicts.state(images).records[key].judgement == WRONG


def test_many_are_judged_at_once(verdicts, images):
    """All images, in one action."""
    verdicts.record(images, [Edit(key, KEEP) for key in images.keys], "ann")
    assert len(verdicts.state(images).records) == len(images)
    assert len(verdicts.undo(images, "ann")) == len(images)


@pytest.mark.parametrize(
    ("judgement", "who", "message"),
    [
        (Judgement("maybe"), "ann", "verdict must be one of"),
        (Judgement("keep", "frog"), "ann", "judged must come with the verdict wrong"),
        (Judgement("wrong", "a\x07b"), "ann", r"control characters. Got U\+0007"),
        (Judgement("wrong", ""), "ann", "judged must be a text"),
        (Judgement(tags=("a\nb",)), "ann", "tag must be without control"),
        (Judgement(tags=("a;b",)), "ann", "tag must be without a semicolon"),
        (Judgement(tags=tuple(f"t{i}" for i in range(MOST_TAGS + 1))), "ann", "tags of an image must be"),
        (Judgement(note="x" * 2001), "ann", "note must be a text of 1 to 2,000"),
        (Judgement(note="x\0"), "ann", "note must be without"),
        (Judgement(note="\udcff"), "ann", "note must be without"),
        (Judgement(note="\u202e"), "ann", "note must be without"),
        (KEEP, "", "name must be a text of 1 to 200"),
        (KEEP, " ", "name must be a text"),
        (KEEP, "a\nb", "name must be without"),
        (KEEP, "x" * 201, "name must be a text"),
    ],
)
def test_what_cannot_be_kept_is_refused(store, images, judgement, who, message):
    """Before anything is written."""
    kept = open_verdicts(store)
    with pytest.raises(InvalidParameter, match=message):
        kept.record(images, [Edit(images.keys[0], judgement)], who)
    assert not (store.root / FILE).exists()


def test_edits_are_of_images_of_the_data_set_one_of_each(store, images):
    """And not of the class that is given already."""
    kept, edit = open_verdicts(store), Edit(images.keys[0], KEEP)
    for edits, got in (([], "Got 0"), ([edit, edit], "twice"), ([Edit("0" * 40, KEEP)], "1 others")):
        with pytest.raises(InvalidParameter, match=got):
            kept.record(images, edits, "ann")
    with pytest.raises(InvalidParameter, match="another class than the given one"):
        kept.record(images, [Edit(images.keys[0], Judgement("wrong", images.given[0]))], "ann")
    with pytest.raises(VerdictError, match="another database than before"):
        kept.record(images, [Edit(images.keys[0], KEEP, 3)], "ann")


def test_what_people_write_comes_back_as_it_is(verdicts, images):
    """Quotes, percents, other scripts, emoji, what looks like SQL; no semicolon in a tag, as in files."""
    texts = ["'; DROP TABLE lazybones_edits; --", "100 %(x)s %s :a ?", "لبنى 🐸👩‍🔬", '\\ " ` {0}']
    for key, text in zip(images.keys, texts, strict=False):
        judgement = Judgement("wrong", text, (text.replace(";", ""),), text)
        verdicts.record(images, [Edit(key, judgement)], text)
    said = verdicts.state(images).records
    for key, text in zip(images.keys, texts, strict=False):
        assert said[key].judgement == Judgement("wrong", text, (text.replace(";", ""),), text)
        assert said[key].who == text


def test_many_threads_record_beside_each_other(verdicts, images):
    """Each change has a number of its own, and none is lost."""

    def judge(part):
        for key in images.keys[part::8]:
            verdicts.record(images, [Edit(key, KEEP)], f"person {part}")

    threads = [threading.Thread(target=judge, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = verdicts.state(images).records.values()
    assert sorted(record.change for record in records) == list(range(1, len(images) + 1))


def test_the_store_neither_minds_the_file_nor_gives_it_away(store, tmp_path):
    """Verifying, clearing and packing leave it alone."""
    run = planted_run(store)
    images = images_of(store.artefact("dataset", run.stages["dataset"]))
    kept = open_verdicts(store)
    kept.record(images, [Edit(images.keys[0], WRONG)], "ann")
    assert problems(store) == []
    pack(store, ["planted"], tmp_path / "bundle")
    assert not list((tmp_path / "bundle").rglob("verdicts*"))
    remove_stale(store)
    remove_unreferenced(store)
    remove_all(store)
    assert len(kept.state(images).records) == 1


def test_a_bundle_has_the_users_own_file(tmp_path, monkeypatch):
    """What lies in a temporary folder would be lost."""
    monkeypatch.setattr(connection, "own_store", lambda: tmp_path / "own")
    kept = open_verdicts(Store(tmp_path / "temporary", (), scratch=True))
    assert kept.where == str(tmp_path / "own" / FILE)


def test_two_processes_make_the_database_at_once(verdicts, images, store):
    """Both records are there."""
    code = """if 1:
        import sys
        from pathlib import Path
        from cache import Store
        from pipeline.api import Edit, Judgement, images_of, open_verdicts
        store = Store(Path(sys.argv[1]))
        images = images_of(store.artefact("dataset", store.run("planted").stages["dataset"]))
        kept = open_verdicts(store, sys.argv[2])
        print("ready", flush=True)
        sys.stdin.readline()
        kept.record(images, [Edit(images.keys[int(sys.argv[3])], Judgement("keep"))], "ann")
    """
    url = verdicts._url.render_as_string(hide_password=False).replace("+psycopg", "")
    command = [sys.executable, "-c", code, str(store.root), url]
    writers = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 3
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate() and writer.returncode for writer in writers] == [0] * 3
    assert len(verdicts.state(images).records) == 3
