"""A plug-in's parameters as options: on the command line, in an address, on a page."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from functools import cache
from math import inf
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Option:
    """Describe a parameter as people give it.

    Attributes
    ----------
    name : str
        What the parameter is called in Python.
    flag : str
        What it is called on the command line: "--perplexity".
    default : object
        Its value where none is given.
    help : str
        What it is, in a few words.
    type : type
        As annotated, without "or None".
    low, high : float
        Values worth trying on a page; the plug-in may take others.
    about : str
        What it does, for a page; empty where a page does not offer it.
    told : bool
        Whether the name of a run tells it: not where it only rounds differently.
    """

    name: str
    flag: str
    default: Any
    help: str
    type: Any
    low: float = -inf
    high: float = inf
    about: str = ""
    told: bool = True

    @property
    def key(self) -> str:
        """What it is called in an address: the flag without its dashes."""
        return self.flag.removeprefix("--")

    @property
    def words(self) -> tuple[str, ...]:
        """The only values that it takes; empty where there are others."""
        return typing.get_args(self.type) if typing.get_origin(self.type) is typing.Literal else ()

    @property
    def reader(self) -> Callable[[str], Any]:
        """What makes a value of text; the text itself where it is none, which the plug-in refuses in its own words."""
        if typing.get_origin(self.type) is tuple:
            return reader(lambda text: tuple(float(word) for word in text.split(",")))
        return reader(self.type) if self.type in (int, float, Path) else str


def reader(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Give what reads a text, or gives it back where that cannot be done."""

    def value(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            return text

    return value


whole = reader(int)
"""Reads a whole number."""


def option(default: Any, help: str, **more: Any) -> Any:
    """Give a plug-in's dataclass a field that people can choose.

    Parameters
    ----------
    default : object
        Its value where none is given.
    help : str
        What it is, in a few words.
    **more
        Further attributes of `Option`: ``flag``, unless it is the field's name; ``low``, ``high``, ``about``, ``told``.
    """
    return field(default=default, metadata={"help": help, **more})


def options_of(plugin: type[Any]) -> tuple[Option, ...]:
    """Describe the parameters of a dataclass by its fields and their metadata."""
    hints = _annotations(plugin)  # type: ignore[arg-type]  # mypy takes its instances' __hash__ for the class's
    return tuple(_option(item, hints[item.name]) for item in fields(plugin) if item.init)


@cache
def _annotations(plugin: type[Any]) -> dict[str, Any]:
    """Read a dataclass's annotations once: it takes a millisecond."""
    return typing.get_type_hints(plugin)


def _option(item: Field[Any], annotation: Any) -> Option:
    more = {"flag": f"--{item.name.replace('_', '-')}", **item.metadata}
    return Option(name=item.name, default=item.default, type=_bare(annotation), **more)


def _bare(annotation: Any) -> Any:
    """Give X for "X or None", and text for "text or X"."""
    if typing.get_origin(annotation) not in (types.UnionType, typing.Union):
        return annotation
    return next(choice for choice in typing.get_args(annotation) if choice is not type(None))
