"""What to run: a plug-in for each kind, with its parameters."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cache import Run, Store, StoreError
from cache.commands import PROGRAM, Again, Command, command, shell, with_options
from cache.keys import is_run_name
from pipeline.errors import InvalidParameter
from pipeline.plugins.options import options_of, whole
from pipeline.stages.extraction import CORRECTED
from pipeline.stages.kinds import KINDS, Classifier, Extractor, Kind, Projection, Source

_BY_PATH = {"folder": "--path", "table": "--table"}
"""What reads a path that somebody types without saying what it is, and its option."""


@dataclass(frozen=True)
class Recipe:
    """Hold a plug-in of each kind.

    Attributes
    ----------
    source, extractor, classifier, projection : plug-in
        With their parameters.
    name : str
        Name of the run; made from the plug-ins if empty.
    seed : int
        Seed of the k-fold split. Plug-ins have their own.

    Raises
    ------
    InvalidParameter
        If the name is not allowed.
    """

    source: Source
    extractor: Extractor
    classifier: Classifier
    projection: Projection
    name: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.name and not is_run_name(self.name):
            raise InvalidParameter(
                "name of the run must be up to 80 lower-case letters, digits, dots, dashes or underscores. "
                f"Got {self.name!r}.",
                remedy=Again({"--name": _slug(self.name)[:80].rstrip("-.") or "my-run"}),
            )

    @property
    def plugins(self) -> tuple[Kind, ...]:
        """The plug-ins, in the order of the pipeline."""
        return self.source, self.extractor, self.classifier, self.projection

    @property
    def run_name(self) -> str:
        """The run's name: the given one, or source, extractor and what differs from the defaults."""
        if self.name:
            return self.name
        words = [_slug(self.source.short_name), _slug(self.extractor.short_name)]
        words += dict.fromkeys(_slug(word) for plugin in self.plugins for word in _telling(plugin))
        usual = ("linear-svm", "tsne")
        words += [other.NAME for other in (self.classifier, self.projection) if other.NAME not in usual]
        return "-".join(words)[:80].rstrip("-.")

    @property
    def command(self) -> Command:
        """The command that makes this run, typed in any folder."""
        words = [word for plugin in self.plugins for word in (f"--{plugin.KIND}", plugin.NAME)]
        words += [word for pair in dict.fromkeys(self._given()) for word in pair]
        words += ["--name", self.name] if self.name else []
        words += ["--seed", str(self.seed)] if self.seed and "--seed" not in words else []
        return command("run", *words)

    def _given(self) -> Iterator[tuple[str, str]]:
        """Give options with their values; one of the run itself, as its seed is, may be a parameter of several."""
        for plugin in self.plugins:
            words = plugin.command_line()
            yield from zip(words[::2], words[1::2], strict=True)


def another_run(made_by: str, options: Mapping[str, object]) -> Command:
    """Give the command that makes another run of the same images: as a run's own, but for some options.

    Parameters
    ----------
    made_by : str
        The command of a run.
    options : mapping of str to object
        New values; None leaves an option out. With another plug-in go the options that only the old one has.
    """
    given = dict(pairwise(shlex.split(made_by)))
    gone = {
        flag
        for kind in KINDS
        if (now := options.get(f"--{kind.KIND}"))
        for flag in _flags(kind, given.get(f"--{kind.KIND}", "")) - _flags(kind, str(now))
    }
    return with_options(made_by, {**dict.fromkeys(gone), "--name": None, **options})


def corrected_run(run: Run, store: Store) -> Command:
    """Give the command that makes a run anew with the labels that people have mended, named `corrected_name`.

    Parameters
    ----------
    run : Run
        That one.
    store : Store
        Where it is to be.
    """
    judging = {other.flag: None for other in options_of(Source) if other.name != "seed"}  # as they were
    new = {"--source": CORRECTED, "--of": run.name, "--name": corrected_name(run.name, store)}
    return another_run(run.command, {**judging, **new})


def corrected_name(name: str, store: Store) -> str:
    """Give the name of a run's corrected one, ``NAME-corrected``; numbered where that is the name of another run."""
    wanted = f"{name[:70]}-corrected"
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in itertools.count(1))
    there = store.run_names()
    return next(each for each in names if each not in there or _is_corrected(store, each, name))


def _is_corrected(store: Store, name: str, of: str) -> bool:
    try:
        return corrects(store.run(name).command) == of
    except StoreError:  # nobody knows what run it was
        return False


def corrects(made_by: str) -> str | None:
    """Name the run whose labels are corrected by a command; None where it makes another run."""
    given = dict(pairwise(shlex.split(made_by)))
    return given.get("--of") if given.get("--source") == CORRECTED else None


def recipe_of(made_by: str) -> Recipe:
    """Read a run's own command: that of a `Recipe`, or one of the commands above made of it.

    Parameters
    ----------
    made_by : str
        The command.

    Raises
    ------
    InvalidParameter
        If it names no plug-in of a kind, or a parameter is not allowed.
    """
    given = dict(pairwise(shlex.split(made_by)))
    return Recipe(
        Source.given(*_read(Source, given)),
        Extractor.given(*_read(Extractor, given)),
        Classifier.given(*_read(Classifier, given)),
        Projection.given(*_read(Projection, given)),
        name=given.get("--name", ""),
        seed=whole(given.get("--seed", "0")),
    )


def _read(kind: type[Kind], given: Mapping[str, str]) -> tuple[str, dict[str, object]]:
    """Give the plug-in of a kind that a command names, and the values of its options by flag."""
    name = given.get(f"--{kind.KIND}", "")
    options = kind.find(name).options()
    return name, {one.flag: one.reader(given[one.flag]) for one in options if one.flag in given}


def by_path(made_by: str) -> Command:
    """Write a command that makes a run as people type it, ``lazybones PATH``, where PATH alone says how it is read.

    Parameters
    ----------
    made_by : str
        The command of a run; it stays as it is where its source reads no folder, zip or table at a full path.
    """
    words = shlex.split(made_by)[4:]
    given = dict(zip(words[::2], words[1::2], strict=True))
    path = given.pop(_BY_PATH.get(given.get("--source", ""), ""), "")
    if not path.startswith("/"):
        return Command(made_by)
    usual = {"--source": given["--source"], "--classifier": "linear-svm", "--projection": "tsne"}
    options = [pair for pair in given.items() if usual.get(pair[0]) != pair[1]]
    return shell(PROGRAM, path, *(word for pair in options for word in pair))


def _flags(kind: type[Kind], name: str) -> set[str]:
    return {option.flag for option in kind.find(name).options()} if name in kind.names() else set()


def to_complete(made_by: str) -> str:
    """Say which options of a command need a folder, as a bundle keeps only the names of files; mostly nothing."""
    words = shlex.split(made_by)
    paths = {
        option.flag
        for kind in KINDS
        for name in kind.names()
        for option in kind.find(name).options()
        if option.type is Path
    }
    bare = [flag for flag, to in pairwise(words) if flag in paths and not to.startswith("/")]
    return (
        f"The bundle does not say in which folder the files lay: write it before the name after {' and '.join(bare)}."
        if bare
        else ""
    )


def _telling(plugin: Kind) -> list[str]:
    """Give the parameters that change the result and differ from their defaults, as words."""
    return [
        f"{option.name}{value:.12g}" if isinstance(value, int | float) else str(value)
        for option, value in plugin.changed()
        if option.told and not isinstance(value, Path | tuple)
    ]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
