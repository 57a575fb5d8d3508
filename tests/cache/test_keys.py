"""Keys: what goes in decides them, and nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.keys import canonical_json, digest, is_file_name, is_key, is_run_name, is_stage, stage_key

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=6)
HEX = st.text("0123456789abcdef", min_size=40, max_size=40)
ADDRESS = {
    "stage": "features",
    "plugin": "hog",
    "version": 2,
    "identity": {"cell": 4, "norm": "L2"},
    "inputs": {"dataset": "0" * 40},
}


def _turned(value):
    """Give an equal value whose dictionaries were filled in the opposite order."""
    if isinstance(value, dict):
        return {key: _turned(value[key]) for key in reversed(value)}
    return [_turned(item) for item in value] if isinstance(value, list) else value


@given(OBJECTS)
def test_the_order_of_parameters_is_irrelevant(identity):
    """At any depth, the order in which a dictionary was filled leaves no trace."""
    assert digest(_turned(identity)) == digest(identity)


@given(OBJECTS, OBJECTS)
def test_other_parameters_give_another_key(one, other):
    """Two identities share a key exactly if they are written as the same JSON."""
    keys = [stage_key("features", "hog", 1, identity, {}) for identity in (one, other)]
    assert (keys[0] == keys[1]) == (canonical_json(one) == canonical_json(other))


@given(OBJECTS, st.text(), st.integers(-(2**53), 2**53))
def test_one_changed_parameter_changes_the_key(identity, name, value):
    """Adding or changing a single parameter is noticed."""
    changed = {**identity, name: [identity.get(name), value]}
    assert stage_key("features", "hog", 1, changed, {}) != stage_key("features", "hog", 1, identity, {})


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "projection"},
        {"plugin": "pixels"},
        {"version": 3},
        {"identity": {"cell": 4, "norm": "L1"}},
        {"identity": {"cell": 4.0, "norm": "L2"}},
        {"identity": {"cell": 4}},
        {"inputs": {"dataset": "1" * 40}},
        {"inputs": {"features": "0" * 40}},
        {"inputs": {}},
    ],
)
def test_everything_that_changes_the_result_changes_the_key(change):
    """Stage, plug-in, version, parameters and inputs all count."""
    assert stage_key(**{**ADDRESS, **change}) != stage_key(**ADDRESS)


def test_another_layout_of_the_store_changes_the_key(monkeypatch):
    """Results of an older schema are not found by a newer Lazybones."""
    before = stage_key(**ADDRESS)
    monkeypatch.setattr("cache.keys.SCHEMA", 99)
    assert stage_key(**ADDRESS) != before


def test_a_key_stays_what_it_was():
    """A key written down once: a change of the digest would orphan every cache there is."""
    assert stage_key(**ADDRESS) == "1c3e8002bae16452c63e78c7809970784a7553b0"


@given(OBJECTS)
def test_a_key_survives_being_written_and_read(identity):
    """What a manifest holds after reading gives the key that it gave before writing."""
    assert digest(json.loads(json.dumps(identity))) == digest(identity)


def test_numbers_as_names_survive_too():
    """JSON turns 9 and 10 into text, which sorts the other way round."""
    assert digest({9: "a", 10: "b"}) == digest({"10": "b", "9": "a"})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32(1), {1, 2}, b"bytes"])
def test_what_is_not_json_has_no_digest(value):
    """NaN would not equal itself; arrays and sets have no order of their own."""
    with pytest.raises((TypeError, ValueError)):
        digest({"value": value})


@given(HEX)
def test_keys_have_the_form_of_keys(text):
    """40 hex digits, neither more nor less nor upper case."""
    assert is_key(text)
    assert not any(
        map(is_key, (text[:-1], f"{text}0", f"{text}\n", f"{text[:-1]}G", text.replace(text[0], "A")))
    )


@pytest.mark.parametrize(
    "text", ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "x\n", "x\0", "é", "x" * 81]
)
def test_names_that_could_leave_their_folder_are_no_names(text):
    """Neither of a file nor of a run nor of a stage."""
    assert not any(names(text) for names in (is_file_name, is_run_name, is_stage))


@given(st.text())
def test_no_name_leads_anywhere_else(text):
    """Whatever passes is one plain component of a path."""
    if is_file_name(text) or is_run_name(text) or is_stage(text):
        assert not set(text) & set("/\\\0\n ")
        assert text not in {"", ".", ".."}
