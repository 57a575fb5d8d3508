"""What to run: a plug-in for each kind, with its parameters."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cache.keys import is_run_name
from pipeline.errors import InvalidParameter
from pipeline.plugins.registry import plugin

FLAGS = {
    "source": "sources",
    "extractor": "extractors",
    "classifier": "classifiers",
    "projection": "projections",
}
"""The option that chooses a plug-in, and the kind it chooses from."""


@dataclass(frozen=True)
class Choice:
    """Hold a plug-in's name and its validated parameters."""

    name: str
    stage: Any

    @classmethod
    def of(cls, kind: str, name: str, **parameters: Any) -> Choice:
        """Find a plug-in and give it its parameters.

        Raises
        ------
        InvalidParameter
            If there is no such plug-in, or a parameter is not allowed.
        """
        return cls(name, plugin(kind, name)(**parameters))

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters by their names."""
        return {item.name: getattr(self.stage, item.name) for item in fields(self.stage)}

    def options(self) -> list[str]:
        """Write the parameters that differ from their defaults as command-line options."""
        words: list[str] = []
        for item in fields(self.stage):
            value = getattr(self.stage, item.name)
            if value != item.default:
                words += [flag_of(item), _word(value)]
        return words


def flag_of(item: Any) -> str:
    """Give the command-line option of a plug-in's dataclass field."""
    return str(item.metadata.get("flag") or f"--{item.name.replace('_', '-')}")


def _word(value: Any) -> str:
    if isinstance(value, Path):
        return value.name  # a run is shared; where its files lay on this machine is nobody's business
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True)
class Recipe:
    """Hold the choice of each kind.

    Attributes
    ----------
    source, extractor, classifier, projection : Choice
        The plug-ins.
    name : str
        Name of the run; made from the choices if empty.
    seed : int
        Seed of the k-fold split. Plug-ins have their own.

    Raises
    ------
    InvalidParameter
        If the name is not allowed.
    """

    source: Choice
    extractor: Choice
    classifier: Choice
    projection: Choice
    name: str = ""
    seed: int = 0
    choices: dict[str, Choice] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name and not is_run_name(self.name):
            raise InvalidParameter(
                "name of the run must be up to 80 lower-case letters, digits, dots, dashes or underscores. "
                f"Got {self.name!r}.",
                remedy="python -m pipeline run --name my-run ...",
            )
        object.__setattr__(self, "choices", {flag: getattr(self, flag) for flag in FLAGS})

    @property
    def run_name(self) -> str:
        """The run's name: the given one, or source, extractor and what differs from the defaults."""
        if self.name:
            return self.name
        words = [self.source.name, self.extractor.name]
        for choice in self.choices.values():
            words += [_slug(word) for word in _telling(choice)]
        usual = {"classifier": "linear-svm", "projection": "tsne"}
        words += [self.choices[flag].name for flag, name in usual.items() if self.choices[flag].name != name]
        return "-".join(words)[:80].rstrip("-.")

    @property
    def command(self) -> str:
        """The command that makes this run; files keep their name but not their folder."""
        words = [word for flag, choice in self.choices.items() for word in (f"--{flag}", choice.name)]
        words += [word for choice in self.choices.values() for word in choice.options()]
        words += ["--name", self.name] if self.name else []
        words += ["--seed", str(self.seed)] if self.seed and "--seed" not in words else []
        return "python -m pipeline run " + shlex.join(words)


def without_options(command: str, flags: Collection[str]) -> str:
    """Leave some options out of a recipe's command; each has one value."""
    words = iter(shlex.split(command))
    return shlex.join([word for word in words if word not in flags or next(words, None) is None])


def _telling(choice: Choice) -> list[str]:
    """Give the parameters that change the result and differ from their defaults, as words."""
    known = {*choice.stage.identity(), "C"}  # C is in no key: it chooses from the path
    words = []
    for item in fields(choice.stage):
        value = getattr(choice.stage, item.name)
        if item.name in known and value != item.default and not isinstance(value, Path | tuple):
            words.append(f"{item.name}{value:.12g}" if isinstance(value, int | float) else str(value))
    return words


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
