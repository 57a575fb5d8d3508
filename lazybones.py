"""``lazybones PATH``: images in, answers in the browser; and ``lazybones.explore(features, labels)`` from Python.

It starts the dashboard at once and computes in a process of its own; the browser shows how far that is. Ctrl-C ends
both.
What ``python -m pipeline`` does, ``lazybones`` does too: ``lazybones status``.
"""

from __future__ import annotations

import argparse
import re
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cache import Store, open_store
from cache.commands import PROGRAM, Again, shell
from cache.making import makings
from cache.places import tables_folder
from cache.roots import named_place
from dashboard.launch import ADDRESS, PORT, Dashboard, Work, free_port, open_browser
from pipeline.cli.answer import Answer
from pipeline.cli.commands.run import summary_text
from pipeline.cli.main import INTERRUPTED, Parser, commands
from pipeline.cli.main import main as pipeline_main
from pipeline.cli.options import add_plugin_options, recipe_from
from pipeline.cli.paths import check_files, is_store, source_at
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.plugins.options import whole
from pipeline.recipe import Recipe
from pipeline.run import run, settled_name
from pipeline.stages.kinds import Classifier, Extractor, Projection, Source

if TYPE_CHECKING:
    from dashboard.serving import Shown

SHOWN = ("--extractor", "--evaluation", "--labels", "--label", "--image", "--embedding", "--explore", "--C")
"""Options of a run that the help lists."""

DESCRIPTION = "Look at images: what a pretrained network knows about them, in your browser."
EPILOG = f"""PATH is
  a folder of images: PATH/<class>/..., PATH/{{train,test}}/<class>/..., or images without classes
  a zip of such a folder
  a table of embeddings or images (.csv, .parquet, .npz, .arrow), or images as Keras keeps them (.npz)
  a bundle (.zip) of runs that somebody packed
Without PATH, the dashboard shows what was computed before.

examples:
  {PROGRAM} ~/photos
  {PROGRAM} ~/photos --extractor hog --name baseline
  {PROGRAM} embeddings.parquet --label species
  {PROGRAM}

Type it again and it is instant: what is there is reused. Stop it with Ctrl-C and it goes on where it was.
All options of a run are taken: {PROGRAM} run --help. Other commands: {", ".join(commands())}; {PROGRAM} COMMAND --help.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Show images, or do what a command of the pipeline does.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after ``lazybones``.

    Returns
    -------
    int
        Exit code, as `pipeline.cli.main.main`.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in commands():
        return pipeline_main(words)
    return pipeline_main(words, _parser(), PROGRAM)


def explore(
    features: Any, labels: Any = None, images: Any = None, table: Any = None, name: str | None = None
) -> Shown:
    """Write a run of vectors that are there, and show it in a dashboard.

    Rows belong together by their places; by their index, where all that is given has one (of pandas) with the same
    values, each once. Indexes that differ otherwise are refused.

    Parameters
    ----------
    features : array-like of shape (n, d), or None
        Vectors: an array, a tensor, lists, a frame. Without them EfficientNet-Lite0 describes the images.
    labels : array-like of shape (n,), optional
        Classes: text, whole numbers, categories; None where a row has none.
    images : sequence of n, optional
        Paths, Pillow's pictures, arrays (h, w), (h, w, c) or (c, h, w), or files' content as bytes.
    table : mapping, DataFrame or Arrow table, optional
        Further columns; one called ``split``, of train and test, says how rows are judged.
    name : str, optional
        Of the run, which replaces another of that name.

    Returns
    -------
    Shown
        The run, with the address of a dashboard in this machine; one is started where none shows this store.

    Raises
    ------
    LazybonesError
        If these are not what they should be, or the run cannot be made.

    Examples
    --------
    >>> import lazybones
    >>> shown = lazybones.explore(features, labels)
    >>> shown.url
    'http://127.0.0.1:8501/?run=explore-given'
    """
    from dashboard.serving import show  # these two bring Streamlit, pandas and pyarrow, which take their time
    from pipeline.inputs.tables.arrays import write_arrays

    store, slug = open_store(create=True), re.sub(r"[^a-z0-9._-]+", "-", (name or "").lower()).strip("-._")
    with store.in_use():  # nobody clears the table away before its run is there
        written = write_arrays(
            tables_folder(store.root), slug[:80] or "explore", features, labels, images, table
        )
        columns = {"embedding": written.embedding, "label": written.label, "image": written.image}
        recipe = Recipe(
            Source.named("table", table=written.path, images=written.images, **columns),
            Extractor.named("efficientnet-lite0" if features is None else "given"),
            Classifier.named("linear-svm"),
            Projection.named("tsne"),
            name=slug[:80],
        )
        made = run(recipe, store, TerminalReporter())
    return show(store, named_place(), made)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _parser() -> Parser:
    parser = Parser(PROGRAM, usage=f"{PROGRAM} [PATH] [options]", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="the images")
    parser.add_argument("--no-browser", action="store_true", help="open no browser; the address is printed")
    parser.add_argument("--port", type=whole, default=PORT, help="the first to try (%(default)s)")
    parser.add_argument(
        "--address", default=ADDRESS, help="of this machine, to be reached at (%(default)s: from here only)"
    )
    parser.add_argument("--name", help="name of the run (default: made from PATH and the choices)")
    parser.add_argument("--seed", type=whole, default=0, help="seed of all random numbers (%(default)s)")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="the store's folder (default: $LAZYBONES_CACHE)"
    )
    add_plugin_options(parser, shown=SHOWN)
    help_command = shell(PROGRAM, "--help")
    parser.set_defaults(source=None, execute=execute, help_command=help_command, json=False)
    return parser


def execute(args: argparse.Namespace) -> Answer:
    """Serve the dashboard until Ctrl-C, and compute what it is to show."""
    memory.budget()  # a bad limit is said now
    if args.path is not None:
        _understand(args)
    recipe = recipe_from(args) if args.source else None
    if recipe is not None:
        check_files(recipe)
    store = open_store(args.cache, create=recipe is not None)
    place = named_place(args.cache)
    if not 0 < args.port < 2**16:
        raise InvalidParameter(
            f"--port must be 1 to {2**16 - 1}. Got {args.port}.", remedy=Again({"--port": None})
        )
    port = free_port(args.port, args.address)
    if port != args.port:
        _say(f"Port {args.port} is taken: {port} is used instead.")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # also where a shell has told us to ignore it
    with ExitStack() as running:
        if recipe is not None:
            store.check_writable(())  # the dashboard wants it to be there
        dashboard = running.enter_context(Dashboard(place, port, args.address))
        work = running.enter_context(Work(_words(recipe, place))) if recipe else None
        return _Session(dashboard, work, recipe, store, browser=not args.no_browser).stay()


def _words(recipe: Recipe, place: Path | None) -> list[str]:
    return [*shlex.split(recipe.command)[3:], *(("--cache", str(place)) if place else ())]


def _understand(args: argparse.Namespace) -> None:
    """Choose by what PATH is: a source, or a store to be shown."""
    path = args.path.expanduser().absolute()
    if args.source:
        raise InvalidParameter(f"PATH must come without --source. Got {args.source} beside {path}.")
    if is_store(path):
        args.cache = path
    else:
        args.source, flag = source_at(path)
        setattr(args, flag, path)


class _Session:
    """Watch the dashboard and what computes, and say what a person at the terminal should know."""

    def __init__(
        self, dashboard: Dashboard, work: Work | None, recipe: Recipe | None, store: Store, *, browser: bool
    ) -> None:
        self._dashboard = dashboard
        self._work = work
        self._recipe = recipe
        self._store = store
        self._browser = browser
        self._shown = self._told = False

    def stay(self) -> Answer:
        """Stay until Ctrl-C; the exit code is 1 if the run failed, 130 if it was interrupted."""
        try:
            while True:
                ready = self._dashboard.is_ready()
                name = self._name()
                if ready and not self._shown and (name or self._recipe is None):
                    self._show(self._dashboard.url(name))
                if self._work and not self._told and self._work.code is not None:
                    self._tell(self._work)
                time.sleep(0.1 if not self._shown else 0.5)
        except KeyboardInterrupt:
            code = self._work.code if self._work else 0
            return Answer("", code=INTERRUPTED if code is None else code)

    def _name(self) -> str | None:
        """Give the run's name, as soon as it is settled."""
        if self._recipe is None or self._shown:
            return None
        if self._work and self._work.result:
            return str(self._work.result["run"])
        named = settled_name(self._recipe, self._store)
        mine = (m.run for m in makings(self._store) if m.command == self._recipe.command)
        return named or next(mine, None)

    def _show(self, url: str) -> None:
        self._shown = True
        _say(f"Look at it: {url}   (Ctrl-C ends it)")
        if self._browser:
            open_browser(url)

    def _tell(self, work: Work) -> None:
        self._told = True
        result: dict[str, Any] | None = work.result
        if result is None:
            _say("The page says so too. Ctrl-C ends it.")
        else:
            _say(summary_text(result))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
