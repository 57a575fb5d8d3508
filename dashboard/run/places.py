"""Where files lie on the server is told to who runs it, and not to strangers, to whom it says too much and nothing."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from cache.commands import Command
from cache.roots import named_place
from dashboard.run.mode import Mode, mode

_FOLDERS = re.compile(r"(?<![\w~./])/(?!/)(?:[^\s/]+/)+(?=[^\s/])")
_FOLDERS_OF_WORD = re.compile(r"(?<![\w~./])/(?!/)(?:[^/]+/)*(?=[^/])")


def without_folders(text: str) -> str:
    """Leave of every absolute path in a text its last name alone; addresses of other hosts stay."""
    return _FOLDERS.sub("", text)


def command_without_folders(text: str) -> Command:
    """Leave of every absolute path in commands its last name alone."""
    return Command("\n".join(map(_line, text.splitlines())))


def _line(line: str) -> str:
    words = [_FOLDERS_OF_WORD.sub("", word) for word in shlex.split(line)]
    return line if words == shlex.split(line) else shlex.join(words)


def are_told() -> bool:
    """Tell whether who looks at the pages may know where the server's files lie: only on a machine of their own."""
    return mode() is Mode.FULL


def told(text: str) -> str:
    """Give a text as who looks at it may read it."""
    return text if are_told() else without_folders(text)


def command_told(text: str) -> Command:
    """Give commands as who looks at them may read them."""
    return Command(text) if are_told() else command_without_folders(text)


def place_told() -> Path | None:
    """Give where the store is that commands have to name; None where they need not, or it is nobody's business."""
    return named_place() if are_told() else None
