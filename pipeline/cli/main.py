"""The command line: one verb a file in ``pipeline/cli/commands``; the only place that catches errors."""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import pkgutil
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from cache import LazybonesError, StoreError
from cache.commands import COMMAND, Command, as_typed_here, command, shell, typed
from cache.roots import named_place
from pipeline.cli.answer import Answer

DESCRIPTION = "Turn labelled images into features, a linear SVM over C, a map and neighbours."
EXAMPLES = """examples:
  python -m pipeline run --source digits --extractor hog
  python -m pipeline run --source cifar10 --extractor inception-2015 --classifier linear-svm --C 0.1 --projection tsne
  python -m pipeline status
"""
INTERRUPTED = 130
DEAF = 141
"""Exit code where whoever read the output has left, as a shell gives it for other programs."""


def main(
    argv: Sequence[str] | None = None,
    parser: argparse.ArgumentParser | None = None,
    program: str = COMMAND,
) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after the program's name.
    parser : ArgumentParser, optional
        What reads them, and sets ``execute``, ``help_command``, ``json`` and ``cache``; by default that of all verbs.
    program : str
        What was typed before them.

    Returns
    -------
    int
        Exit code: 0; 1 for a mistake a user can mend or a problem found; 2 for unknown options; 130 if
        interrupted; 141 if nobody reads the output any more.
    """
    _open_streams()
    try:
        try:
            return _execute(list(sys.argv[1:] if argv is None else argv), parser or build_parser(), program)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout, sys.stderr)
        return DEAF
    except OSError as error:
        _drop(sys.stdout)
        sys.stderr.write(f"Error: The output must have a place to be written to. Got: {error.strerror}.\n")
        return 1


def _open_streams() -> None:
    """Let the output take any character, as an escape if need be, and be there even where it was closed."""
    for name in ("stdout", "stderr"):  # a file opened later would get a closed one's number
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  # for as long as the process runs
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop(*streams: Any) -> None:
    """Let what is still to be written go nowhere."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _execute(words: list[str], parser: argparse.ArgumentParser, program: str) -> int:
    """Run one command, and say what it gives, or what is wrong."""
    args, again = parser.parse_args(words), shell(*program.split(), *words)
    try:
        answer: Answer = args.execute(args)
    except LazybonesError as error:
        error.remedy = error.remedy or args.help_command
        _tell_error(error, args, again)
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:  # a file of the user's, named in the error, that cannot be read or written
        _tell_error(StoreError(f"A file must be readable and writable. Got: {error}."), args, again)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. What was finished is kept: run the same command again to go on.\n")
        return INTERRUPTED
    sys.stdout.write((json.dumps(answer.data, indent=1) if args.json else answer.text).rstrip() + "\n")
    return answer.code


def _tell_error(error: LazybonesError, args: argparse.Namespace, again: str) -> None:
    place = named_place(args.cache)
    if args.json:
        content = {"error": type(error).__name__, "message": error.message}
        remedy = typed(error.remedy, place, again) or None
        sys.stdout.write(json.dumps({**content, "try": remedy}, indent=1) + "\n")
    sys.stderr.write(f"Error: {error.told(place, again)}\n")


def commands() -> dict[str, ModuleType]:
    """Find the verbs: every module in ``pipeline/cli/commands``."""
    folder = Path(__file__).parent / "commands"
    names = sorted(module.name for module in pkgutil.iter_modules([str(folder)]))
    return {name: importlib.import_module(f"pipeline.cli.commands.{name}") for name in names}


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = Parser(
        as_typed_here(f"{COMMAND} ").strip(), description=DESCRIPTION, epilog=as_typed_here(EXAMPLES)
    )
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, module in commands().items():
        verb = verbs.add_parser(
            name,
            help=module.SUMMARY,
            description=module.SUMMARY,
            epilog=as_typed_here(f"examples:\n{module.EXAMPLES}"),
        )
        verb.add_argument("--json", action="store_true", help="print the result as JSON")
        verb.add_argument(
            "--cache", type=Path, metavar="DIR", help="the store's folder (default: $LAZYBONES_CACHE)"
        )
        module.add_options(verb)
        verb.set_defaults(execute=module.execute, help_command=command(name, "--help"))
    return parser


_SENTENCES = (
    (r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)", r"\1 must be one of \3. Got \2."),
    (r"argument (\S+): expected (.+)", r"\1 must have \2. Got none."),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 must not come with \2. Got both."),
    (r"argument (\S+): ignored explicit argument (.+)", r"\1 must stand alone. Got \2."),
    (r"the following arguments are required: (.+)", r"\1 must be given. Got nothing."),
    (r"unrecognized arguments: (.+)", r"Options must be those that --help lists. Got \1."),
)
"""What argparse says of a wrong word, and how we say it."""


class Parser(argparse.ArgumentParser):
    """Keep the line breaks of examples, refuse in our words.

    There are no abbreviations: they break when an option is added.
    """

    def __init__(self, prog: str, **words: Any) -> None:
        super().__init__(
            prog, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **words
        )

    def error(self, message: str) -> NoReturn:
        """End with a sentence and exit code 2."""
        for pattern, sentence in _SENTENCES:
            message = re.sub(f"^{pattern}$", sentence, message, flags=re.DOTALL)
        self.exit(2, f"Error: {StoreError(message, remedy=Command(f'{self.prog} --help'))}\n")
