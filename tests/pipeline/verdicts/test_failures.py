"""What a database refuses: each mistake has its own message, nothing is half written, and it works again afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event

from cache.errors import LazybonesError, SchemaTooNew
from pipeline.errors import InvalidParameter, VerdictError
from pipeline.verdicts import connection
from pipeline.verdicts.connection import VARIABLE, address_of
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.records import Edit, Judgement
from tests.pipeline.verdicts.conftest import SECRET

KEEP = Judgement("keep")


@pytest.fixture
def file(store, images):
    """A database in a file, with one record."""
    kept = open_verdicts(store)
    kept.record(images, [Edit(images.keys[0], KEEP)], "ann")
    return kept


@pytest.fixture
def remote(server, store, images):
    """One of PostgreSQL, likewise."""
    kept = open_verdicts(store, server.new())
    kept.record(images, [Edit(images.keys[0], KEEP)], "ann")
    yield kept
    kept.close()


def refused(kept, images, message, kind=VerdictError):
    """Fail to record; give the same action again for when it is mended."""
    new, action = [Edit(key, Judgement("unsure", note="x" * 2000)) for key in images.keys[1:]], uuid4()
    with pytest.raises(kind, match=message) as caught:
        kept.record(images, new, "ann", action)
    assert caught.value.remedy
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None, "the driver's own error may show the address"
    return lambda: kept.record(images, new, "ann", action)


def mended(kept, images, again):
    """Record it now; nothing of it was there before."""
    assert list(kept.state(images).records) == [images.keys[0]]
    assert len(again()) == len(images) - 1
    assert len(kept.state(images).records) == len(images)


def with_pragma(kept, pragma):
    """Have every new connection begin with a pragma; give what ends that."""
    kept.close()
    engine = connection._engine(kept._url)

    def begin(raw, _):
        raw.execute(f"PRAGMA {pragma}")

    def end():
        event.remove(engine, "connect", begin)
        kept.close()

    event.listen(engine, "connect", begin)
    return end


def test_a_full_disk_says_so(file, images):
    """And has room later."""
    end = with_pragma(file, "max_page_count=1")
    again = refused(
        file, images, r"The disk of .*verdicts\.sqlite must have room\. Got: database or disk is full"
    )
    end()
    mended(file, images, again)


def test_a_file_that_may_not_be_written_says_so_and_can_be_read(file, images):
    """What is there is still shown."""
    end = with_pragma(file, "query_only=ON")
    again = refused(file, images, "must be a database that can be written. Got: attempt to write a readonly")
    assert len(file.state(images).records) == 1
    end()
    mended(file, images, again)


def test_a_place_that_is_no_folder_says_so(tmp_path, images):
    """Nor a file that can be made."""
    (tmp_path / "taken").write_text("")
    kept = open_verdicts(None, f"sqlite:///{tmp_path}/taken/v.sqlite")
    with pytest.raises(VerdictError, match="must be a folder that can be made and written"):
        kept.record(images, [Edit(images.keys[0], KEEP)], "ann")
    (tmp_path / "v.sqlite").mkdir()
    refused(
        open_verdicts(None, f"sqlite:///{tmp_path}/v.sqlite"), images, "can be written. Got: unable to open"
    )


def test_a_file_that_another_process_holds_says_so(file, images, monkeypatch):
    """After it was waited for."""
    connection._engine.cache_clear()
    monkeypatch.setattr(connection, "PATIENCE", 0)
    holder = sqlite3.connect(file.where, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    again = refused(file, images, "must be free within 10 seconds. Got: database is locked")
    assert len(file.state(images).records) == 1, "who reads does not wait"
    holder.execute("ROLLBACK")
    holder.close()
    mended(file, images, again)
    connection._engine.cache_clear()


def test_a_file_that_is_none_of_ours_says_so(store, images):
    """It is not touched."""
    kept = open_verdicts(store)
    store.root.mkdir(exist_ok=True)
    Path(kept.where).write_bytes(b"hello" * 1000)
    refused(kept, images, "must be a whole database of verdicts. Got: file is not a database")
    with pytest.raises(VerdictError, match="whole database"):
        kept.state(images)
    assert Path(kept.where).read_bytes() == b"hello" * 1000


def test_a_file_that_is_put_in_place_of_another_is_used(file, images):
    """Whoever moves it away gets what was in it, and the next verdict goes to the new one."""
    moved = Path(file.where).rename(Path(file.where).with_name("moved.sqlite"))
    for ending in ("-wal", "-shm"):
        beside = Path(f"{file.where}{ending}")
        if beside.exists():
            beside.rename(f"{moved}{ending}")
    file.record(images, [Edit(images.keys[1], KEEP)], "ann")
    assert list(file.state(images).records) == [images.keys[1]]
    there = open_verdicts(None, f"sqlite:///{moved}")
    assert list(there.state(images).records) == [images.keys[0]]


def test_a_newer_schema_is_left_alone(verdicts, images):
    """By readers and writers."""
    verdicts.record(images, [Edit(images.keys[0], KEEP)], "ann")
    with connection.writing(verdicts._url) as opened:
        opened.exec_driver_sql("UPDATE lazybones_schema SET version_num = '9999'")
    for call in (verdicts.state, lambda of: verdicts.record(of, [Edit(of.keys[1], KEEP)], "ann")):
        with pytest.raises(SchemaTooNew, match="Got 9999: a newer version made it") as caught:
            call(images)
        assert SECRET not in str(caught.value)


def test_a_server_that_is_gone_says_so_and_is_found_again(remote, server, images):
    """The connections of before are dead then."""
    server.control("stop", "-m", "immediate")
    try:
        again = refused(
            remote, images, rf"postgresql://postgres:\*\*\*@127.0.0.1:{server.port}/\w+ must be within"
        )
        with pytest.raises(VerdictError, match="within reach"):
            remote.state(images)
    finally:
        server.control("start")
    mended(remote, images, again)


def test_a_connection_that_breaks_within_an_action_leaves_nothing(remote, server, images):
    """The next call has another one."""
    with (  # noqa: PT012  # the block is where it breaks
        pytest.raises(VerdictError, match=r"within reach\. Got: terminating connection"),
        connection.writing(remote._url) as opened,
    ):
        opened.exec_driver_sql("UPDATE lazybones_clock SET number = 99")
        pid = opened.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(server.url(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        opened.exec_driver_sql("SELECT 1")
    assert remote.state(images).change == 1
    assert remote.record(images, [Edit(images.keys[1], KEEP)], "ann")[images.keys[1]].change == 2


def test_a_server_that_may_not_be_written_or_is_held_says_so(remote, server, images, monkeypatch):
    """Each in its words."""
    connection._engine.cache_clear()
    monkeypatch.setattr(connection, "PATIENCE", 1)
    plain = remote._url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(plain) as other:
        other.execute("SELECT number FROM lazybones_clock FOR UPDATE")
        again = refused(remote, images, "must be free within 10 seconds. Got: canceling statement")
        other.rollback()
    mended(remote, images, again)
    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {remote._url.database} SET default_transaction_read_only = on")
    remote.close()
    with pytest.raises(
        VerdictError, match=r"must be a database that can be written\. Got: cannot execute SELECT FOR UPDATE"
    ):
        remote.undo(images, "ann")
    assert len(remote.state(images).records) == len(images)
    connection._engine.cache_clear()


@pytest.mark.parametrize("secret", ["wr0ng-pass", "p%40ss%2Fword"])
def test_passwords_are_in_no_message(server, store, images, monkeypatch, secret):
    """Neither where they are refused, nor in the name of the place."""
    address = (
        f"postgresql://postgres:{secret}@127.0.0.1:{server.port}/postgres?sslmode=disable&passfile=s3cret"
    )
    monkeypatch.setenv(VARIABLE, address)
    kept = open_verdicts(store)
    assert kept.where == f"postgresql://postgres:***@127.0.0.1:{server.port}/postgres"
    with pytest.raises(VerdictError, match="password authentication failed") as caught:
        kept.state(images)
    plain = secret.replace("%40", "@").replace("%2F", "/")
    assert not [word for word in (secret, plain, "s3cret") if word in str(caught.value)]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:hid@den@host/labels",
        "postgresql://ann:hidden@host:port/labels",
        "mysql://ann:hidden@host/labels",
        "hidden",
        "sqlite://",
        "sqlite:///hidden.sqlite",
        "sqlite:////hidden?mode=ro",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(store, address):
    """Somebody's password may be in it."""
    with pytest.raises(LazybonesError, match="LAZYBONES_LABELS must be postgresql://USER") as caught:
        address_of(store, address)
    assert isinstance(caught.value, InvalidParameter)
    assert not [part for part in ("hid", "den@", "mysql") if part in str(caught.value)]
