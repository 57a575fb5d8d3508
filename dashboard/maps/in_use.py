"""Which map of a run is in use, as the URL says: the run's own, or another that somebody has laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from cache import Artefact, LazybonesError, Run, Store
from cache.belonging import Belongings
from cache.commands import command
from cache.removal import remove
from dashboard.jobs.request import TooMuch
from dashboard.page.context import ViewContext
from dashboard.page.view_state import PROJECTION
from dashboard.run.whole import find_whole
from dashboard.wording.escaping import markdown
from pipeline.api import Option, Projection, describe_map, projection_of, stored_maps, write_map

METHODS = {"tsne": "t-SNE", "pca": "PCA"}
"""What people call a projection's plug-in; others go by their own name."""
MOST_KEPT = 50
"""Maps of a run's features to keep beside those of runs; one of 10,000 images takes 0.1 MB with its faithfulness."""

Written = tuple[tuple[str, str], ...]
"""How a map is laid out, as ``ViewState.projection`` has it; empty: the run's own."""


@dataclass(frozen=True)
class MapInUse:
    """Hold which map a page shows.

    Attributes
    ----------
    context : ViewContext
        With the run as it is with this map.
    wanted : Projection or None
        What the URL asks for, if it is not in the store yet; another map is shown until then.
    refusal : LazybonesError or None
        Why what the URL asks for cannot be had; the run's own map is shown.
    """

    context: ViewContext
    wanted: Projection | None = None
    refusal: LazybonesError | None = None

    @property
    def projection(self) -> Artefact:
        """The map that is shown."""
        return self.context.data.artefact("projection")


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
    own = context.data.artefact("projection")
    if not context.view.projection:
        return MapInUse(context)
    try:
        wanted = read(context.view.projection, own)
        found = find_whole(context.store, wanted, context.run.stages)
        if found is None:
            check_modest(context.run, wanted)
    except LazybonesError as error:
        return MapInUse(context, refusal=error)
    if found is not None:
        return MapInUse(context.laid_out(found))
    earlier = map_in_use(replace(context, view=replace(context.view, projection=before)))
    return MapInUse(context.laid_out(earlier.projection), wanted=wanted)


def read(written: Written, own: Artefact) -> Projection:
    """Read how a map is to be laid out; by the method of the run's own map where none is named.

    Raises
    ------
    InvalidParameter
        If there is no such method, it has no such option, or a value is not allowed.
    """
    options = dict(written)
    return Projection.read(options.pop("projection", own.manifest.plugin), options)


def page_options(method: type[Projection]) -> list[Option]:
    """List the parameters of a projection that the page offers: those with a range worth trying."""
    return [option for option in method.options() if option.about]


def check_modest(run: Run, wanted: Projection) -> None:
    """Check that the page may lay out a map: every parameter is in the range that is worth trying.

    Raises
    ------
    TooMuch
        If one is not.
    """
    for option in page_options(type(wanted)):
        value = wanted.parameters[option.name]
        if not option.low <= value <= option.high:
            words = [run.name, "--projection", wanted.NAME, *wanted.command_line()]
            raise TooMuch(
                f"{option.key} must be a number from {option.low:g} to {option.high:g} on this page. "
                f"Got {value:g}.",
                remedy=command("map", *words),
            )


def write(projection: Projection) -> Written:
    """Write how a map is laid out, for the URL."""
    words = write_map(projection)
    return tuple((name, words[name]) for name in PROJECTION if name in words)


def title_of(projection: Projection, facts: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Give what people call a map: "t-SNE, perplexity 30"; as `describe_map`."""
    told = (METHODS.get(projection.NAME, projection.NAME), describe_map(projection, facts))
    return ", ".join(filter(None, told))


def title(laid_out: Artefact) -> str:
    """Give what people call a map that is there, whichever version made it, as Markdown."""
    projection, plugin = projection_of(laid_out), laid_out.manifest.plugin
    return (
        METHODS.get(plugin, markdown(plugin))
        if projection is None
        else title_of(projection, laid_out.manifest.facts)
    )


def laid_out_maps(store: Store, run: Run) -> dict[Written, Artefact]:
    """List the maps of a run: its own first, then the others that are in the store."""
    own = run.stages.get("projection", "")
    maps: dict[Written, Artefact] = {(): store.artefact("projection", own)}
    for key, projection in stored_maps(store, run).items():
        if key != own:
            maps[write(projection)] = store.artefact("projection", key)
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
