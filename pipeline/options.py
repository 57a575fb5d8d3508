"""Command-line options of the plug-ins, made from their dataclass fields."""

from __future__ import annotations

import argparse
import types
import typing
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidParameter
from pipeline.recipe import FLAGS, Choice, Recipe, flag_of
from pipeline.registry import names, plugin

DEFAULTS = {"source": "digits", "extractor": "hog", "classifier": "linear-svm", "projection": "tsne"}


def add_plugin_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose plug-ins, and a group for each plug-in that has parameters."""
    for flag, kind in FLAGS.items():
        choices = names(kind)
        parser.add_argument(
            f"--{flag}",
            choices=choices,
            default=DEFAULTS[flag],
            help=f"{', '.join(choices)} (%(default)s)",
            metavar="NAME",
        )
    for flag, kind in FLAGS.items():
        for name in names(kind):
            _add_group(parser, f"{flag} {name}", kind, name)


def _add_group(parser: argparse.ArgumentParser, title: str, kind: str, name: str) -> None:
    group = parser.add_argument_group(title, plugin(kind, name).SUMMARY)
    for item, annotation in _parameters(kind, name):
        if flag_of(item) in parser._option_string_actions:  # argparse has no public look-up
            continue
        group.add_argument(
            flag_of(item),
            dest=_dest(item),
            type=_reader(annotation),
            default=None,
            metavar=_metavar(item, annotation),
            help=f"{item.metadata['help']} ({_shown(item.default)})",
        )


def recipe_from(args: argparse.Namespace) -> Recipe:
    """Build the recipe that the options ask for.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed, or belongs to no chosen plug-in.
    """
    given = {dest: value for dest, value in vars(args).items() if dest.startswith("-") and value is not None}
    choices = {
        flag: _choice(kind, getattr(args, flag), {**given, "--seed": args.seed})
        for flag, kind in FLAGS.items()
    }
    used = {
        flag_of(item) for flag, kind in FLAGS.items() for item, _ in _parameters(kind, getattr(args, flag))
    }
    if unused := sorted(set(given) - used):
        chosen = ", ".join(choice.name for choice in choices.values())
        raise InvalidParameter(
            f"{unused[0]} must belong to a chosen plug-in. Got {chosen}, which have no {unused[0]}.",
            remedy="python -m pipeline run --help",
        )
    return Recipe(**choices, name=args.name or "", seed=args.seed)


def _choice(kind: str, name: str, given: dict[str, Any]) -> Choice:
    parameters = {
        item.name: given[_dest(item)] for item, _ in _parameters(kind, name) if _dest(item) in given
    }
    return Choice.of(kind, name, **parameters)


def _parameters(kind: str, name: str) -> Iterator[tuple[Field[Any], Any]]:
    stage = plugin(kind, name)
    hints = typing.get_type_hints(stage)
    return ((item, hints[item.name]) for item in fields(stage) if item.init)


def _dest(item: Field[Any]) -> str:
    return flag_of(item)  # starts with "-", so it meets no other option's name


def _bare(annotation: Any) -> Any:
    """Give X for "X or None"."""
    if isinstance(annotation, types.UnionType):
        return next(choice for choice in typing.get_args(annotation) if choice is not type(None))
    return annotation


def _reader(annotation: Any) -> Any:
    bare = _bare(annotation)
    if typing.get_origin(bare) is typing.Literal:
        return str
    if typing.get_origin(bare) is tuple:
        return lambda text: tuple(float(word) for word in text.split(","))
    return bare if bare in (int, float, str, Path) else str


def _metavar(item: Field[Any], annotation: Any) -> str:
    bare = _bare(annotation)
    if typing.get_origin(bare) is typing.Literal:
        return "|".join(map(str, typing.get_args(bare)))
    return item.name.upper() if item.name != "C" else "C"


def _shown(default: Any) -> str:
    if default is None:
        return "not set"
    return ",".join(f"{value:g}" for value in default) if isinstance(default, tuple) else f"default {default}"
