"""Which map of a run is in use, as the URL says: the run's own, or another that somebody has laid out."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from cache import Artefact, LazybonesError, Run, Store
from cache.belonging import Belongings
from cache.removal import remove
from dashboard.page.context import ViewContext
from dashboard.page.view_state import PROJECTION
from dashboard.wording.markdown import plain
from pipeline.api import (
    Choice,
    choice_of,
    describe_map,
    find_map,
    map_parameters,
    read_map,
    stored_maps,
    write_map,
)

METHODS = {"tsne": "t-SNE", "pca": "PCA"}
"""What people call a projection's plug-in; others go by their own name."""
MOST_KEPT = 50
"""Maps of a run's features to keep beside those of runs; one of 10,000 images takes 0.1 MB with its faithfulness."""

Written = tuple[tuple[str, str], ...]
"""How a map is laid out, as ``ViewState.projection`` has it; empty: the run's own."""


class TooMuch(LazybonesError):
    """Signal a map that the dashboard does not lay out: whoever opens a page cannot take any time and memory."""


@dataclass(frozen=True)
class MapInUse:
    """Hold which map a page shows.

    Attributes
    ----------
    context : ViewContext
        With the run as it is with this map.
    wanted : Choice or None
        What the URL asks for, if it is not in the store yet; another map is shown until then.
    refusal : LazybonesError or None
        Why what the URL asks for cannot be had; the run's own map is shown.
    """

    context: ViewContext
    wanted: Choice | None = None
    refusal: LazybonesError | None = None

    @property
    def projection(self) -> Artefact:
        """The map that is shown."""
        return self.context.data.projection


def map_in_use(context: ViewContext, before: Written = ()) -> MapInUse:
    """Find the map that the URL asks for.

    Parameters
    ----------
    context : ViewContext
        Its view may name anything.
    before : tuple of (str, str)
        What to show while the map that is asked for is not there.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run has no map of its own, or it cannot be read.
    """
    own = context.data.projection
    if not context.view.projection:
        return MapInUse(context)
    try:
        choice = read(context.view.projection, own)
        found = find_map(context.store, context.run, choice.name, **choice.parameters)
        if found is None:
            check_modest(context.run, choice)
    except LazybonesError as error:
        return MapInUse(context, refusal=error)
    if found is not None:
        return MapInUse(context.laid_out(found))
    earlier = map_in_use(replace(context, view=replace(context.view, projection=before)))
    return MapInUse(context.laid_out(earlier.projection), wanted=choice)


def read(written: Written, own: Artefact) -> Choice:
    """Read how a map is to be laid out; by the method of the run's own map where none is named.

    Raises
    ------
    InvalidParameter
        If there is no such method, it has no such option, or a value is not allowed.
    """
    options = dict(written)
    return read_map(options.pop("projection", own.manifest.plugin), options)


def check_modest(run: Run, choice: Choice) -> None:
    """Check that the page may lay out a map: every parameter is in the range that is worth trying.

    Raises
    ------
    TooMuch
        If one is not.
    """
    for parameter in map_parameters(choice.name):
        value = choice.parameters[parameter.name]
        if not parameter.low <= value <= parameter.high:
            words = [run.name, "--projection", choice.name, *choice.options()]
            raise TooMuch(
                f"{parameter.option} must be a number from {parameter.low:g} to {parameter.high:g} on this page. "
                f"Got {value:g}.",
                remedy=f"python -m pipeline map {shlex.join(words)}",
            )


def write(choice: Choice) -> Written:
    """Write how a map is laid out, for the URL."""
    words = write_map(choice)
    return tuple((name, words[name]) for name in PROJECTION if name in words)


def title_of(choice: Choice) -> str:
    """Give what people call a map: "t-SNE, perplexity 30"."""
    return ", ".join(filter(None, (METHODS.get(choice.name, choice.name), describe_map(choice))))


def title(projection: Artefact) -> str:
    """Give what people call a map that is there, whichever version made it, as Markdown."""
    choice, plugin = choice_of(projection), projection.manifest.plugin
    return METHODS.get(plugin, plain(plugin)) if choice is None else title_of(choice)


def tried(store: Store, run: Run) -> dict[Written, Artefact]:
    """List the maps of a run: its own first, then the others that are in the store."""
    own = run.stages.get("projection", "")
    maps: dict[Written, Artefact] = {(): store.artefact("projection", own)}
    for key, choice in stored_maps(store, run).items():
        if key != own:
            maps[write(choice)] = store.artefact("projection", key)
    return maps


def forget_oldest(store: Store, run: Run, keep: int = MOST_KEPT) -> None:
    """Remove the oldest maps beside those of runs: visitors may ask as often as they like, but the disk has an end.

    Parameters
    ----------
    store : Store
        What is not in its first root is left alone.
    run : Run
        Whose features they are made from.
    keep : int
        Maps to keep.
    """
    belongings = Belongings(store)
    needed = belongings.needed(store.run(name) for name in store.run_names())
    spare = [store.artefact(*at) for at in belongings.on_top(run) if at[1] not in needed]
    maps = [made for made in spare if made.manifest.stage == "projection"]
    maps.sort(key=lambda made: made.manifest.created, reverse=True)
    gone = {made.key for made in maps[keep:]}
    judged = [made for made in spare if made.manifest.inputs.get("projection") in gone]
    remove(store, [made.folder for made in (*maps[keep:], *judged)])
