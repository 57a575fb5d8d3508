"""Command-line options of the plug-ins, made from their dataclass fields."""

from __future__ import annotations

import argparse
import types
import typing
from collections.abc import Collection, Iterator, Mapping
from dataclasses import Field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.errors import InvalidParameter
from pipeline.plugins.recipe import FLAGS, Choice, Recipe, flag_of
from pipeline.plugins.registry import names, plugin
from pipeline.retraining.setting import PLUGINS

DEFAULTS = {"source": "digits", "extractor": "hog", "classifier": "linear-svm", "projection": "tsne"}


def add_plugin_options(parser: argparse.ArgumentParser, flags: Collection[str] = tuple(FLAGS)) -> None:
    """Add the options that choose plug-ins, and a group for each plug-in that has parameters.

    Parameters
    ----------
    parser : ArgumentParser
        Where to add them.
    flags : collection of str
        Which plug-ins can be chosen, of ``FLAGS``.
    """
    for flag in flags:
        choices = names(FLAGS[flag])
        chooser = parser.add_mutually_exclusive_group() if flag == "classifier" else parser
        chooser.add_argument(
            f"--{flag}",
            choices=choices,
            default=DEFAULTS[flag],
            help=f"{', '.join(choices)} (%(default)s)",
            metavar="NAME",
        )
        if flag == "classifier":
            chooser.add_argument(
                "--kernel",
                dest=flag,
                action=_Kernel,
                choices=list(PLUGINS),
                default=argparse.SUPPRESS,
                help="linear, rbf: short for --classifier linear-svm, rbf-svm",
                metavar="KERNEL",
            )
    for flag in flags:
        for name in names(FLAGS[flag]):
            _add_group(parser, f"{flag} {name}", FLAGS[flag], name)


class _Kernel(argparse.Action):
    """Let people name the kernel, which chooses the classifier."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        """Take the option."""
        setattr(namespace, self.dest, PLUGINS[values])


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
    choices = choices_from(args, tuple(FLAGS), {"--seed": args.seed})
    return Recipe(**choices, name=args.name or "", seed=args.seed)


def choices_from(
    args: argparse.Namespace, flags: Collection[str], shared: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Choice]:
    """Give the plug-ins that the options choose, by flag.

    Parameters
    ----------
    args : Namespace
        What was typed.
    flags : collection of str
        As given to `add_plugin_options`.
    shared : mapping of str to object, optional
        Options of the command itself that plug-ins may have too, with their values.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed, or belongs to no chosen plug-in.
    """
    given = {dest: value for dest, value in vars(args).items() if dest.startswith("-") and value is not None}
    choices = {flag: _choice(FLAGS[flag], getattr(args, flag), {**given, **shared}) for flag in flags}
    used = set().union(*(_flags(FLAGS[flag], getattr(args, flag)) for flag in flags))
    if unused := sorted(set(given) - used):
        raise _astray(unused[0], choices)
    return choices


def _astray(option: str, choices: Mapping[str, Choice]) -> InvalidParameter:
    """Give the error for an option of a plug-in that was not chosen."""
    flag, owners = next(
        (flag, owners)
        for flag in choices
        if (owners := [name for name in names(FLAGS[flag]) if option in _flags(FLAGS[flag], name)])
    )
    return InvalidParameter(
        f"{option} must go with --{flag} {' or '.join(owners)}. Got it with {choices[flag].name}.",
        remedy=f"add --{flag} {owners[0]}, or leave {option} out",
    )


def _flags(kind: str, name: str) -> set[str]:
    return {flag_of(item) for item, _ in _parameters(kind, name)}


def read_choice(kind: str, name: str, written: Mapping[str, str]) -> Choice:
    """Give a plug-in with the parameters that somebody wrote.

    Parameters
    ----------
    kind, name : str
        The plug-in.
    written : mapping of str to str
        Value of each option, without its dashes; anything at all may be written there.

    Raises
    ------
    InvalidParameter
        If there is no such plug-in, it has no such option, or a value is not allowed.
    """
    known = {flag_of(item).removeprefix("--"): (item, hint) for item, hint in _parameters(kind, name)}
    if strange := sorted(set(written) - set(known)):
        raise InvalidParameter(
            f"{strange[0]} must be an option of {name}. Got one of another, or of none.",
            remedy="python -m pipeline list --json",
        )
    values = {known[option][0].name: _value(text, known[option][1]) for option, text in written.items()}
    return Choice.of(kind, name, **values)


def _value(text: str, annotation: Any) -> Any:
    """Read a value; what cannot be read is left to the plug-in to refuse, in its own words."""
    try:
        return _reader(annotation)(text)
    except ValueError:
        return text


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
