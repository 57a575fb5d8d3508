"""Choose how the map is laid out, ask for a layout that is not there, watch it, and cancel it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from cache import Artefact, LazybonesError, StoreError
from cache.commands import command
from dashboard.jobs import display, noted, request
from dashboard.jobs.request import Instead, Request, TooMuch
from dashboard.maps.faithfulness import faithfulness_request
from dashboard.maps.in_use import (
    METHODS,
    MapInUse,
    Written,
    forget_oldest,
    laid_out_maps,
    page_options,
    title,
    title_of,
    write,
)
from dashboard.page import messages
from dashboard.page.context import ViewContext
from dashboard.run.places import told
from dashboard.run.whole import clear_damaged, find_whole
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import images, score
from pipeline.api import (
    FaithfulnessStage,
    Option,
    Progress,
    Projection,
    ensure,
    projection_of,
    with_map,
)

MANY = 5
"""Maps from which on their list scrolls."""
METHOD = "lazybones.map_method"
CHOSEN = "lazybones.map_chosen"
OPTION = "lazybones.map_option "
PLACE = "map"
"""Where maps are refused."""


def before(context: ViewContext) -> Written:
    """Give how the map was laid out before another was asked for, in this session; empty: the run's own."""
    view = noted.remembered(PLACE)
    return view.projection if view is not None and view.run == context.run.name else ()


def choose(context: ViewContext, shown: MapInUse, done: Callable[[], None]) -> None:
    """List the maps that are there, and offer to lay out others; ``done`` is called once somebody has chosen."""
    _known(context, shown, done)
    _another(context, shown, done)
    if display.refusal() is None:
        _warn(context)


def watch(context: ViewContext, shown: MapInUse) -> None:
    """Say what becomes of the map that the URL asks for, where that is not the one shown."""
    if shown.refusal is not None:
        _refuse(context, shown, shown.refusal)
    if shown.wanted is not None and request.result(_request(context, shown, shown.wanted)) is not None:
        st.rerun()  # it ended after the page had looked for it


def _known(context: ViewContext, shown: MapInUse, done: Callable[[], None]) -> None:
    """List the maps that are there, with how faithful they are; choosing one shows it at once."""
    maps = laid_out_maps(context.store, context.run)
    now = next((written for written, made in maps.items() if made.key == shown.projection.key), ())

    def picked() -> None:
        if st.session_state[CHOSEN] != now:  # else a slow browser told once more of a closed list
            done()
            context.change(projection=st.session_state[CHOSEN])

    st.session_state[CHOSEN] = now
    with st.container(height=320 if len(maps) > MANY else "content", border=False):
        st.radio(
            "Projection of the map",
            list(maps),
            key=CHOSEN,
            format_func=lambda written: title(maps[written]) + ("" if written else " (the run's own)"),
            captions=[_scores(context, made) for made in maps.values()],
            on_change=picked,
        )


def _scores(context: ViewContext, projection: Artefact) -> str:
    """Say how faithful a map is, if that was measured."""
    found = find_whole(context.store, FaithfulnessStage(), with_map(context.run, projection).stages)
    facts = found.manifest.facts if found else {}
    scores = [(name, facts.get(name)) for name in ("trustworthiness", "continuity")]
    return ", ".join(f"{name} {score(value)}" for name, value in scores if isinstance(value, float))


def _another(context: ViewContext, shown: MapInUse, done: Callable[[], None]) -> None:
    """Ask for a map by any method, with any parameters worth trying."""
    refused = display.refusal()
    if refused is not None:
        display.show_refusal(refused, "Other maps")
        display.show_own_way(context.run.command)
        return
    methods, now = Projection.names(), projection_of(shown.projection)
    method = st.segmented_control(
        "Lay out another",
        methods,
        default=now.NAME if now else methods[0],
        key=METHOD,
        required=True,
        format_func=lambda name: METHODS.get(name, name),
    )
    same = now.parameters if now is not None and method == now.NAME else {}
    for option in page_options(Projection.find(method)):
        _field(option, same.get(option.name, option.default))
    st.button(
        "Lay out",
        type="primary",
        icon=":material/play_arrow:",
        on_click=lambda: _lay_out(context, shown, done),
    )
    noted.show_refusal(PLACE)


def _field(option: Option, value: float) -> None:
    low, high = option.low, option.high
    name = option.key.replace("-", " ").capitalize()
    st.number_input(
        f"{name}, {low:g} to {high:g}",
        low,
        high,
        value=min(max(value, low), high),
        step=1.0,
        format="%g",
        key=OPTION + option.key,
    )
    st.caption(option.about)


def _warn(context: ViewContext) -> None:
    if context.store.scratch:
        messages.show_command(
            ":material/lock: This cache is read-only: a new map goes to a temporary folder and is lost with it. "
            "Where the cache can be written, a command like this lays one out to stay:",
            command("map", context.run.name, "--projection", "tsne", "--perplexity", 50),
        )


def _lay_out(context: ViewContext, shown: MapInUse, done: Callable[[], None]) -> None:
    """Show the map that was asked for, laying it out if need be."""
    state = st.session_state
    with noted.refusing(PLACE):
        method = state[METHOD]
        options = page_options(Projection.find(method))
        wanted = Projection.read(method, {item.key: f"{state[OPTION + item.key]:g}" for item in options})
        if find_whole(context.store, wanted, context.run.stages) is None:
            if shown.wanted is None and shown.refusal is None:
                noted.remember(PLACE, context.view)
            _request(context, shown, wanted).submit()
        done()
        own = wanted == projection_of(context.data.artefact("projection"))
        context.change(projection=() if own else write(wanted))


def _request(context: ViewContext, shown: MapInUse, wanted: Projection) -> Request[Artefact]:
    """Ask for a map, and then how faithful it is; runs that share their features share their maps."""
    store, run, n = context.store, context.run, context.data.n_test
    name, now = title_of(wanted), title(shown.projection)

    def lay_out(progress: Progress) -> Artefact:
        clear_damaged(store, wanted, run.stages)
        made = ensure(store, wanted, run.stages, progress)
        forget_oldest(store, run)
        return made

    def judge(made: Artefact) -> Request[Artefact] | None:
        there = context.laid_out(made)
        return faithfulness_request(there) if there.data.has("neighbours") else None

    return Request(
        store,
        run,
        PLACE,
        (run.stages.get("features"), wanted),
        compute=lay_out,
        find=partial(find_whole, store, wanted, run.stages),
        action=f"Laying out {name}",
        button="Lay it out now",
        offer=f"Nobody has laid this run out by {name} yet. Until then the page shows {now}.",
        note=f"Until it is done, the page shows {now}. It goes on if you leave or reload.",
        instead=Instead(now, lambda: context.now.changed(projection=before(context))),
        memory=wanted.memory(n),
        subject=f"{name} of {images(n)}",
        then=judge,
    )


def _refuse(context: ViewContext, shown: MapInUse, error: LazybonesError) -> None:
    """Say why the map of the URL cannot be had, and what to do."""
    text = f"Showing {title(shown.projection)} instead: choose another under *Projection*."
    st.warning(f"{markdown(told(error.message))} {text}", icon=":material/warning:")
    if isinstance(error, StoreError | TooMuch) and error.remedy:
        messages.show_remedy(error.remedy, context.run.command)
    st.button("Show the run's own map", on_click=lambda: context.change(projection=()))
