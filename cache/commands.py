"""The commands that are shown to be typed: every one is written here, for a shell and for the store in use."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cache.home import in_checkout

COMMAND = "python -m pipeline"
PROGRAM = "lazybones"
"""The same, and the dashboard, as a program: all there is where the product was installed outside its repository."""
FILLING = ("run", "map")
"""Verbs that write to the store, which a bundle's zip is not."""


class Command(str):
    """Hold lines to type in a shell; a remedy of another type is advice in words."""


class Again(str):
    """Advise to type the same command with other options; who knows that command can write it out.

    Attributes
    ----------
    options : mapping of str to object
        New value of each option; None leaves it out.
    otherwise : str
        Advice in words where that changes nothing.
    """

    options: Mapping[str, object]
    otherwise: str

    def __new__(cls, options: Mapping[str, object] | None = None, otherwise: str = "") -> Again:
        """Say it in words."""
        given = options or {}
        words = [f"with {shlex.join([flag, str(to)])}" for flag, to in given.items() if to is not None]
        words += [f"without {flag}" for flag, to in given.items() if to is None]
        self = super().__new__(cls, f"the same command again{', ' if words else ''}{' and '.join(words)}")
        self.options, self.otherwise = given, otherwise
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.options, self.otherwise

    def written_out(self, typed: str) -> str:
        """Give the command to type in place of one, or the advice for where it would be the same."""
        changed = with_options(typed, self.options)
        return self.otherwise if self.otherwise and changed == typed else changed


def command(verb: str, *words: object) -> Command:
    """Write a command of ours; each word is quoted where a shell needs it."""
    return shell(*COMMAND.split(), verb, *words)


def shell(*words: object) -> Command:
    """Write any command; each word is quoted where a shell needs it."""
    return Command(shlex.join(map(str, words)))


def with_options(typed: str, options: Mapping[str, object]) -> Command:
    """Write a command again with other values of some options, each of which has one value; None leaves it out."""
    words, kept = iter(shlex.split(typed)), []
    for word in words:
        flag, given, _ = word.partition("=")
        if flag not in options:
            kept.append(word)
        elif not given:
            next(words, None)
    return shell(*kept, *(word for flag, to in options.items() if to is not None for word in (flag, to)))


def is_own_command(text: str) -> bool:
    """Tell whether a text is a command of this project, or empty: readers are told to type it."""
    try:
        plain = shlex.join(shlex.split(text)) == text and text.isprintable()
    except ValueError:
        return False
    return text == "" or (plain and text.startswith(f"{COMMAND} "))


def typed(remedy: str | None, place: Path | None, again: str = "") -> str:
    """Give a remedy as people have to type it.

    Parameters
    ----------
    remedy : str, optional
        A `Command`, an `Again`, or advice in words, which stays as it is.
    place : Path, optional
        The store in use, absolute; None for the one that commands use by themselves.
    again : str, optional
        The command that `Again` means.
    """
    if isinstance(remedy, Again) and again:
        remedy = remedy.written_out(again)
    if not isinstance(remedy, Command):
        return remedy or ""
    lines = [_on(line, place) if place else line for line in remedy.splitlines()]
    return Command("\n".join(as_typed_here(line) for line in lines))


def as_typed_here(text: str) -> str:
    """Write commands as they are typed where the product is: there may be no Python that knows it, but a program."""
    return text if in_checkout() else text.replace(f"{COMMAND} ", f"{PROGRAM} ")


def _on(line: str, place: Path) -> str:
    """Say on which store a command of ours works; a bundle's zip is unpacked before it is written to."""
    words = shlex.split(line)
    ours = line.startswith(f"{COMMAND} ") and not {"--cache", "--help", "list", "demo"} & set(words)
    by_path = words[:1] == [PROGRAM] and words[1:2] and words[1].startswith("/") and "--cache" not in words
    if not ours and not by_path:
        return line
    if place.suffix == ".zip" and (by_path or words[3] in FILLING):
        folder = place.with_suffix("")
        return f"{shell('python', '-m', 'zipfile', '-e', place, folder)}\n{shell(*words, '--cache', folder)}"
    return shell(*words, "--cache", place)


def own_folder(name: str) -> Path:
    """Give a place for a folder where people may write: in their home, or where they are."""
    try:
        return Path.home() / name
    except RuntimeError:  # nobody knows whose process this is
        return Path.cwd() / name


def dashboard_command(place: Path | None) -> Command:
    """Write the command that shows a store on the dashboard; None for the one that it shows by itself."""
    return shell(PROGRAM, *(() if place is None else ("--cache", place)))


def demo_command(place: Path | None) -> Command:
    """Write the command that shows the demo, also where another store is in use."""
    return Command(f"{'' if place is None else 'LAZYBONES_CACHE= '}{PROGRAM}")


def without_folders(command: str) -> str:
    """Leave out the folders of a command's files: where they lay is nobody's business but their owner's."""
    return shell(*(Path(word).name if word.startswith("/") else word for word in shlex.split(command)))


FIRST_RUN = command("run", "--source", "digits", "--extractor", "hog")
"""What an empty store begins with."""

DASHBOARD_AT_HOME_HERE = Command(f'HOME="$PWD" {PROGRAM}')
"""What starts the dashboard where the home of its user cannot be used."""
