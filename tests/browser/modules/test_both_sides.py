"""What Python and the map's JavaScript must agree on is the same on both sides: names, defaults, groups and limits."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import product

import numpy as np
import pytest

from dashboard.comparison.trials import LONGEST_NOTE
from dashboard.components.embedding_map import FILTERS, MapData, Seed, message
from dashboard.components.map_content import ExtraFile, MapFiles
from dashboard.figures.palette import WHO
from dashboard.maps.side_by_side import GROUPS
from dashboard.navigation import discover
from dashboard.page.address import TAKEN
from dashboard.page.filter import FLIPS, OUTCOMES
from dashboard.page.view_state import COLOURS, FAITHFULNESS, ViewState
from dashboard.server import ui_bundle
from dashboard.server.columns import NO_MARGIN, STEPS
from dashboard.statistics.flips import Flips
from dashboard.views.compare import COMPARISON

pytestmark = pytest.mark.browser

EVERYTHING = {"colourBy": "margin", "trueLabels": [1], "outcome": "wrong"}
LIMITS = {"n": 9, "classes": 4, "colours": COLOURS}


def test_parameters_that_the_map_takes_over(run):
    """The address bar removes from the query what the hash says too: the colour, the image, and which are selected."""
    taken = run(
        "({ AddressBar }) => new AddressBar({ signal: AbortSignal.abort() }).taken",
        "session/address_bar",
        None,
    )
    assert sorted(taken) == sorted(TAKEN)
    script = """async ({ writeHash }, given) => {
      const { DEFAULTS } = await import("/state/view_store.js");
      const { parted } = await import("/state/filter_texts.js");
      return parted(await writeHash({ ...DEFAULTS, ...given }));
    }"""
    written = run(script, "state/view_hash", EVERYTHING)
    assert {part.split("=")[0] for part in written["hash"].split("&")} == set(TAKEN) - {"image", "rows"}
    assert dict(written["query"]) == {"true": "1", "only": "wrong"}


def test_parameters_of_filters(run):
    """Both sides have the same ones."""
    assert tuple(run("(texts) => texts.FILTER_PARAMETERS", "state/filter_texts", None)) == FILTERS.names


def test_what_pages_share_with_the_map(run):
    """Fields and defaults of the seed: the view of a page that nobody has touched is the map's own default."""
    seed = run(
        """async ({ seedOf }) => seedOf((await import("/state/view_store.js")).DEFAULTS)""",
        "session/seeds",
        None,
    )
    assert {name: value for name, value in seed.items() if value != ""} == Seed().told()
    assert set(seed) == {*FILTERS.names, *TAKEN} - {"rows"}, "which the map opens with as its selection"
    view = ViewState()
    assert Seed(view.filter, view.colour, view.selected) == Seed()


@pytest.mark.parametrize(
    ("parameter", "field", "words"),
    [("colour", "colourBy", COLOURS), ("only", "outcome", OUTCOMES), ("flips", "flips", FLIPS)],
)
def test_words_that_the_query_and_the_hash_may_have(run, parameter, field, words):
    """Each is taken, and no other."""
    texts = [f"{parameter}={word}" for word in (*words, "other")]
    script = """({ readHash }, [texts, limits]) => Promise.all(texts.map((text) => readHash(text, limits)))"""
    read = run(script, "state/view_hash", [texts, LIMITS])
    assert read == [*({field: word} for word in words), {}]


def test_colours_of_a_map_with_and_without_faithfulness(run):
    """In the same order, the first of them being the default."""
    script = """({ Attributes }, extra) => {
      const data = { extra, n: 0, class_names: ["a", "b"], columns: "" };
      const points = { n: 0, label: new Uint8Array() };
      return new Attributes({ rows: { data, points, columns: null, extra: null }, page: {} }, () => {}).limits.colours;
    }"""
    for extra in (None, ExtraFile(FAITHFULNESS, "Faithfulness", "", 0, 20, ("far away", "near"))):
        told = extra and asdict(extra)
        assert tuple(run(script, "rows/attributes", told)) == MapFiles("", "", extra=extra).colours


def test_scales_that_a_column_can_be_painted_with():
    """The browser is told of each."""
    content = MapData("run", 1, ["a", "b"], ["#AA0000", "#00AA00"], "map", MapFiles("", ""))
    paints = message(content, Seed())["paints"]
    extra = ExtraFile(FAITHFULNESS, "Faithfulness", "", 0, 20, ("far away", "near"))
    for theme in ("light", "dark"):
        assert {extra.paint, "common"} <= set(paints[theme])


def test_groups_of_two_classifiers(run):
    """Numbered in one order, named alike, and a colour for each."""
    true, first, second = (np.array(column) for column in zip(*product(range(3), repeat=3), strict=True))
    script = "(groups, [truth, a, b]) => [Array.from(groups.outcomeGroups(truth, a, b)), groups.NAMES]"
    numbers, names = run(script, "pair/outcome_groups", [true.tolist(), first.tolist(), second.tolist()])
    flips = Flips(true, before=second, after=first)
    for number, group in enumerate(GROUPS):
        assert np.flatnonzero(np.array(numbers) == number).tolist() == flips.rows(group).tolist()
    labels = {group: label for group, label, _ in COMPARISON.groups}
    assert names == [labels[group] for group in GROUPS]
    assert {len(colours) for colours in WHO.values()} == {len(GROUPS)}


def test_steps_of_margins(run):
    """What a column's numbers stand for."""
    steps = run("(columns) => [columns.STEPS, columns.NO_MARGIN]", "data/columns", None)
    assert steps == [STEPS, NO_MARGIN]


def test_longest_note(run):
    """The field takes no more letters than are kept."""
    assert run("(table) => table.LONGEST_NOTE", "widgets/history_table", None) == LONGEST_NOTE


def test_pages_that_the_map_opens():
    """Each is there."""
    scripts = b"".join(
        ui_bundle.contents()[name] for name in ui_bundle.contents() if name.endswith(".js")
    ).decode()
    calls = re.findall(r"leaveFor\?\.\((.*?), row\)", scripts)
    pages = {name for call in calls for name in re.findall(r'"(\w+)"', call)}
    assert pages
    assert pages <= {page.path for page in discover()}
