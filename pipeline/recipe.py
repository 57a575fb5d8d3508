"""What to run: a plug-in for each kind, with its parameters."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cache.keys import is_run_name
from pipeline.errors import InvalidParameter
from pipeline.stages.kinds import Classifier, Extractor, Kind, Projection, Source


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
                remedy="python -m pipeline run --name my-run ...",
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
        words = [self.source.NAME, self.extractor.NAME]
        for plugin in self.plugins:
            words += [_slug(word) for word in _telling(plugin)]
        usual = ("linear-svm", "tsne")
        words += [other.NAME for other in (self.classifier, self.projection) if other.NAME not in usual]
        return "-".join(words)[:80].rstrip("-.")

    @property
    def command(self) -> str:
        """The command that makes this run; files keep their name but not their folder."""
        words = [word for plugin in self.plugins for word in (f"--{plugin.KIND}", plugin.NAME)]
        words += [word for plugin in self.plugins for word in plugin.command_line()]
        words += ["--name", self.name] if self.name else []
        words += ["--seed", str(self.seed)] if self.seed and "--seed" not in words else []
        return "python -m pipeline run " + shlex.join(words)


def without_options(command: str, flags: Collection[str]) -> str:
    """Leave some options out of a recipe's command; each has one value."""
    words = iter(shlex.split(command))
    return shlex.join([word for word in words if word not in flags or next(words, None) is None])


def _telling(plugin: Kind) -> list[str]:
    """Give the parameters that change the result and differ from their defaults, as words."""
    known = {*plugin.identity(), "C"}  # C is in no key: it chooses from the path
    return [
        f"{option.name}{value:.12g}" if isinstance(value, int | float) else str(value)
        for option, value in plugin.changed()
        if option.name in known and not isinstance(value, Path | tuple)
    ]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
