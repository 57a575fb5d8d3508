"""What a JSON file will be in memory is told before it is parsed."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import json_shape
from cache.json_shape import Shape, shape_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


def counted(value) -> Shape:
    """Count in what was parsed."""
    if not isinstance(value, list | dict):
        return Shape(0, 0)
    parts = [counted(one) for one in (value.values() if isinstance(value, dict) else value)]
    return Shape(
        1 + sum(part.containers for part in parts), max(0, len(parts) - 1) + sum(p.commas for p in parts)
    )


@given(value=VALUES, ascii_only=st.booleans(), size=st.integers(1, 9))
def test_it_is_the_shape_of_what_is_parsed(tmp_path_factory, value, ascii_only, size):
    """Whatever stands in texts, and wherever the pieces that are read end."""
    path = tmp_path_factory.mktemp("json") / "x.json"
    path.write_text(json.dumps(value, ensure_ascii=ascii_only), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shape, "AT_ONCE", size)
        assert shape_of(path) == counted(value)


@pytest.mark.parametrize(
    "content", [b"[" * 5_000_000, b'"",' * 1_700_000, b'"' + b"\\" * 5_000_000, b"\xff" * 5_000_000]
)
def test_counting_takes_little_memory(tmp_path, content):
    """Also of what was made to take much."""
    path = tmp_path / "x.json"
    path.write_bytes(content)
    tracemalloc.start()
    shape_of(path)
    assert tracemalloc.get_traced_memory()[1] < 60e6
    tracemalloc.stop()
