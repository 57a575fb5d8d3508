"""Sealed JSON: a change is noticed, whoever made it."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactCorrupt, ArtefactMissing, SchemaTooNew, StoreError
from cache.keys import digest
from cache.sealed import MAX_BYTES, seal, unseal
from tests.cache.making import assert_helps
from tests.cache.test_keys import OBJECTS

REPAIR = "python -m pipeline clean --corrupt"


def _speakable(value):
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Where to write: one file for all examples of a property."""
    return tmp_path_factory.mktemp("sealed") / "run.json"


@given(OBJECTS.filter(_speakable))
def test_what_was_sealed_is_read(path, content):
    """Any JSON object comes back as it was."""
    content = {**content, "schema": 1}
    content.pop("digest", None)
    path.write_bytes(seal(content))
    assert unseal(path, REPAIR) == content


@given(st.data())
def test_no_flipped_bit_goes_unnoticed(path, data):
    """Whichever bit of the file flips: it is refused, or says the very same (as white space may)."""
    content = {"schema": 1, "C": 0.1, "title": "Zürich", "stages": {"dataset": "0" * 40}}
    sealed = bytearray(seal(content))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(sealed)
    try:
        assert unseal(path, REPAIR) == content
    except (ArtefactCorrupt, SchemaTooNew) as error:
        assert_helps(error, path)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_raise(path, content):
    """Random bytes are refused by name."""
    path.write_bytes(content)
    with pytest.raises(ArtefactCorrupt) as caught:
        unseal(path, REPAIR)
    assert_helps(caught.value, path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"schema": 1}',
        b'{"schema": 0, "digest": ""}',
        b'{"schema": true}',
        b'{"schema": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b" " * (MAX_BYTES + 1),
        b'{"schema": 1, "title": "\xff"}',
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_malformed_files_are_refused(path, content):
    """Empty, of another kind, nested too deep, too large, not UTF-8."""
    path.write_bytes(content)
    with pytest.raises(ArtefactCorrupt) as caught:
        unseal(path, REPAIR)
    assert_helps(caught.value, path)


def test_half_a_character_is_refused_even_if_sealed(path):
    """A lone surrogate is JSON, but no page and no terminal can show it."""
    content = {"schema": 1, "title": "\ud800"}
    with pytest.raises(StoreError):
        seal(content)
    path.write_text(json.dumps({**content, "digest": digest(content)}))
    with pytest.raises(ArtefactCorrupt):
        unseal(path, REPAIR)


def test_a_newer_schema_says_so(path):
    """Also where a newer version seals in another way."""
    path.write_bytes(json.dumps({"schema": 2, "digest": "of a new kind"}).encode())
    with pytest.raises(SchemaTooNew) as caught:
        unseal(path, REPAIR)
    assert_helps(caught.value, path)
    assert "git pull" in caught.value.remedy


def test_an_absent_file_is_missing(tmp_path):
    """Not corrupt: it may just not have been made yet."""
    with pytest.raises(ArtefactMissing) as caught:
        unseal(tmp_path / "run.json", REPAIR)
    assert_helps(caught.value, tmp_path / "run.json")


def test_a_link_a_pipe_and_a_folder_are_no_files(tmp_path):
    """A link may lead anywhere, a pipe would block for ever."""
    (tmp_path / "real.json").write_bytes(seal({"schema": 1}))
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for name in ("link.json", "pipe.json", "folder.json"):
        with pytest.raises(ArtefactCorrupt) as caught:
            unseal(tmp_path / name, REPAIR)
        assert_helps(caught.value, tmp_path / name)


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), OSError(24, "Too many open files")]
)
def test_what_cannot_be_read_now_is_not_called_corrupt(path, monkeypatch, error):
    """Else `clean --corrupt` would delete good files for want of permission or file handles."""
    path.write_bytes(seal({"schema": 1}))

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(StoreError) as caught:
        unseal(path, REPAIR)
    assert type(caught.value) is StoreError
    assert_helps(caught.value, path)


@pytest.mark.parametrize(
    "value", [float("nan"), object(), {1, 2}, "x" * MAX_BYTES], ids=["nan", "object", "set", "long"]
)
def test_what_could_not_be_read_again_is_not_written(value):
    """Better to fail when writing than ever after."""
    with pytest.raises(StoreError, match="must"):
        seal({"schema": 1, "facts": value})
