"""Command-line options of the plug-ins, made from what these say of their parameters."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cache.commands import Again
from pipeline.errors import InvalidParameter
from pipeline.plugins.options import Option, options_of
from pipeline.plugins.plugin import Plugin, chosen
from pipeline.recipe import Recipe
from pipeline.retraining.setting import PLUGINS
from pipeline.stages.kinds import KINDS, Classifier, Extractor, Projection, Source

DEFAULTS = {"source": "digits", "extractor": None, "classifier": "linear-svm", "projection": "tsne"}
"""A source says itself which extractor suits it."""


def add_plugin_options(
    parser: argparse.ArgumentParser,
    kinds: Sequence[type[Plugin]] = KINDS,
    shown: Collection[str] | None = None,
) -> None:
    """Add the options that choose plug-ins, and a group for each plug-in that has parameters.

    Parameters
    ----------
    parser : ArgumentParser
        Where to add them.
    kinds : sequence of type
        Which plug-ins can be chosen.
    shown : collection of str, optional
        The only flags that the help is to list; all are taken.
    """
    groups, actions = len(parser._action_groups), len(parser._actions)  # argparse has no public lists
    for kind in kinds:
        _add_chooser(parser, kind)
    for kind in kinds:
        if shared := options_of(kind):
            _add_group(parser, f"every {kind.KIND}", str(kind.__doc__).splitlines()[0], shared)
        for name in kind.names():
            plugin = kind.find(name)
            _add_group(parser, f"{kind.KIND} {name}", plugin.SUMMARY, plugin.options())
    if shown is not None:
        _hide(parser._actions[actions:], parser._action_groups[groups:], shown)


def _add_chooser(parser: argparse.ArgumentParser, kind: type[Plugin]) -> None:
    names = [_with_argument(kind.find(name)) for name in kind.names()]
    chooser = parser.add_mutually_exclusive_group() if kind is Classifier else parser
    chooser.add_argument(
        f"--{kind.KIND}",
        action=_Choice,
        kind=kind,
        default=DEFAULTS[kind.KIND],
        help=f"{', '.join(names)} ({'as suits the source' if kind is Extractor else '%(default)s'})",
        metavar="NAME",
    )
    if kind is Classifier:
        chooser.add_argument(
            "--kernel",
            dest=kind.KIND,
            action=_Kernel,
            choices=list(PLUGINS),
            default=argparse.SUPPRESS,
            help="linear, rbf: short for --classifier linear-svm, rbf-svm",
            metavar="KERNEL",
        )


def _hide(actions: Iterable[argparse.Action], groups: Iterable[Any], shown: Collection[str]) -> None:
    """Leave options out of the help, and the headings that the others were under."""
    for action in actions:
        if not set(action.option_strings) & set(shown):
            action.help = argparse.SUPPRESS
    for group in groups:
        group.title = group.description = None


class _Choice(argparse.Action):
    """Let people name a plug-in, with its argument behind a colon: ``onnx:FILE``."""

    def __init__(self, *, kind: type[Plugin], **more: Any) -> None:
        super().__init__(**more)
        self._kind = kind

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        """Take the name, and the argument as the option that it is short for."""
        try:
            name, argument = chosen(self._kind, values)
        except InvalidParameter as problem:
            parser.error(f"--{problem.message}")
        setattr(namespace, self.dest, name)
        for flag, value in argument.items():
            setattr(namespace, flag, value)


class _Kernel(argparse.Action):
    """Let people name the kernel, which chooses the classifier."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        """Take the option."""
        setattr(namespace, self.dest, PLUGINS[values])


def _with_argument(plugin: type[Plugin]) -> str:
    return f"{plugin.NAME}:{plugin.ARGUMENT.upper()}" if plugin.ARGUMENT else plugin.NAME


def _add_group(parser: argparse.ArgumentParser, title: str, about: str, options: Sequence[Option]) -> None:
    group = parser.add_argument_group(title, about)
    for option in options:
        if option.flag in parser._option_string_actions:  # argparse has no public look-up
            continue
        group.add_argument(
            option.flag,
            dest=option.flag,  # starts with "-", so it meets no other option's name
            type=option.reader,
            default=None,
            metavar="|".join(option.words) or ("C" if option.name == "C" else option.name.upper()),
            help=f"{option.help} ({_shown(option)})",
        )


def _shown(option: Option) -> str:
    if option.default is None:
        return "not set"
    values = option.default if isinstance(option.default, tuple) else ()
    return ",".join(f"{value:g}" for value in values) or f"default {option.default}"


def recipe_from(args: argparse.Namespace) -> Recipe:
    """Build the recipe that the options ask for.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed, or belongs to no chosen plug-in.
    """
    args.extractor = args.extractor or Source.find(args.source).EXTRACTOR
    given = given_options(args, KINDS, {"--seed": args.seed})
    return Recipe(
        Source.given(args.source, given),
        Extractor.given(args.extractor, given),
        Classifier.given(args.classifier, given),
        Projection.given(args.projection, given),
        name=args.name or "",
        seed=args.seed,
    )


def given_options(
    args: argparse.Namespace,
    kinds: Sequence[type[Plugin]],
    shared: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, object]:
    """Give the plug-ins' options that were typed, by flag.

    Parameters
    ----------
    args : Namespace
        What was typed.
    kinds : sequence of type
        As given to `add_plugin_options`.
    shared : mapping of str to object, optional
        Options of the command itself that plug-ins may have too, with their values.

    Raises
    ------
    InvalidParameter
        If one belongs to no chosen plug-in.
    """
    given = {dest: value for dest, value in vars(args).items() if dest.startswith("-") and value is not None}
    used = {flag for kind in kinds for flag in _flags(kind.find(getattr(args, kind.KIND)))}
    if unused := sorted(set(given) - used):
        raise _astray(unused[0], kinds, args)
    return {**given, **shared}


def _flags(plugin: type[Plugin]) -> set[str]:
    return {option.flag for option in plugin.options()}


def _astray(flag: str, kinds: Sequence[type[Plugin]], args: argparse.Namespace) -> InvalidParameter:
    """Give the error for an option of a plug-in that was not chosen."""
    owners = [(kind.KIND, name) for kind in kinds for name in kind.names() if flag in _flags(kind.find(name))]
    kind = owners[0][0]
    names = [name for of, name in owners if of == kind]
    return InvalidParameter(
        f"{flag} must go with --{kind} {' or '.join(names)}. Got it with {getattr(args, kind)}.",
        remedy=Again({flag: None}),
    )
