"""What may stand on a page twice has no key of its own: a second one would end the page."""

from __future__ import annotations

import ast
from collections import Counter

from tests.test_rooms import PROJECT, sources

MANY = ("dashboard/page/", "dashboard/jobs/request.py")
"""Any part of a page may draw what these draw: messages, offers, progress."""


def fixed_keys() -> list[tuple[str, str]]:
    """List the file and the key of all that is drawn with one that is written down."""
    return [
        (str(path.relative_to(PROJECT)), named.value.value)
        for path in sources(".py", tests=False)
        if path.is_relative_to(PROJECT / "dashboard")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        for named in call.keywords
        if named.arg == "key" and isinstance(named.value, ast.Constant) and isinstance(named.value.value, str)
    ]


def test_fixed_keys_are_of_what_a_page_has_one_of():
    """Each is written once, and nowhere in what many parts draw."""
    found = fixed_keys()
    assert len(found) > 30
    assert [file for file, _ in found if file.startswith(MANY)] == []
    assert [key for key, times in Counter(key for _, key in found).items() if times > 1] == []
