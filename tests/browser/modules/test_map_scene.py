"""The colours, layers and legends of the map, compared with brute force."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

SCENE = """async (scene, look) => {
  const { label, predicted, margin, by, lit, passing, selected, chosen, shapes, extra, range, hues } = look;
  const n = label.length;
  const points = { n, x: new Uint16Array(n), y: new Uint16Array(n), label: Uint8Array.from(label) };
  const { attributesOf, wrongRows } = await import("/data/attributes.js");
  const columns = { predicted: Uint8Array.from(predicted), runnerUp: new Uint8Array(n),
    margin: Uint16Array.from(margin), range };
  const paints = { classes: hues, correct: "#0000aa", wrong: "#aa0000",
    margin: ["#ff0000", "#808080", "#0000ff"], kept: ["#000010", "#0000f0"], muted: "#eeeeee", none: "#777777",
    background: "#ffffff" };
  const mask = (rows) => (rows ? Uint8Array.from(rows) : new Uint8Array(n).fill(1));
  const wrong = wrongRows(points, columns);
  const kept = extra && Uint8Array.from(extra.values);
  const known = attributesOf({ names: ["a", "b", "c"], points, columns, wrong, judged: true, groups: null,
    extra, kept, table: [] });
  const got = scene.compose({ points, attribute: known.find(({ name }) => name === by), wrong,
    lit: mask(lit), passing: mask(passing ?? lit), selected: selected && Uint8Array.from(selected),
    chosen: new Set(chosen), shapes }, paints);
  const list = (values) => values && Array.from(values);
  const blue = list(got.colour).map((index) => (got.palette[index] >> 16) & 255);
  const layers = ["muted", "faded", "fadedWrong", "plain", "marked"].map((name) => list(got[name]));
  return { blue, layers, order: list(got.order), shape: list(got.shape), scale: got.scale,
    entries: got.entries.map(({ name, count, muted, marker }) => [name, count, muted, marker]) };
}"""


def scene(run, by, margin=(0, 32767, 65534, 65535), **options):
    """Compose four points: truly a, b, c, c; predicted a, c, c, none."""
    look = {"label": [0, 1, 2, 2], "predicted": [0, 2, 2, 255], "margin": list(margin), "range": [-1, 1]}
    defaults = {
        "lit": None,
        "passing": None,
        "selected": None,
        "chosen": [],
        "shapes": False,
        "extra": None,
        "hues": ["#000001", "#000002", "#000003"],
    }
    return run(SCENE, "render/scene", {**look, **defaults, "by": by, **options})


def test_classes_have_their_colours_and_counts(run):
    """By true class; by predicted class, where a point without a prediction belongs to none."""
    true, predicted = scene(run, "true"), scene(run, "predicted")
    assert true["blue"] == [1, 2, 3, 3]
    assert [entry[:2] for entry in true["entries"]] == [["a", 1], ["b", 1], ["c", 2]]
    assert predicted["blue"] == [1, 3, 3, 0x77]
    assert [entry[1] for entry in predicted["entries"]] == [1, 0, 2]


@pytest.mark.parametrize("shapes", [False, True])
def test_classes_of_one_colour_are_told_apart_by_shape(run, shapes):
    """Whether somebody asked for shapes or not; with colours of their own only then."""
    shared = scene(run, "true", hues=["#000001", "#000002", "#000001"], shapes=shapes)
    a, b, c = (entry[3] for entry in shared["entries"])
    assert (a, a == b, shared["shape"][0] == shared["shape"][2]) == ("disc", not shapes, False)
    assert c not in (a, b) or (shapes and c != a)
    assert (scene(run, "true", shapes=shapes)["shape"] is None) != shapes


def test_wrong_points_are_marked_by_shape_and_drawn_last(run):
    """Correct or wrong: colour is not the only mark."""
    got = scene(run, "correct")
    assert got["layers"] == [[], [], [], [0, 2], [1, 3]]
    assert got["blue"] == [0xAA, 0, 0xAA, 0]
    assert got["entries"] == [["Correct", 2, False, "disc"], ["Wrong", 2, False, "cross"]]


def test_filtered_points_are_dimmed_never_hidden(run):
    """What the filters leave out is grey, lowest, and not counted."""
    got = scene(run, "true", lit=[0, 1, 0, 1])
    assert got["layers"] == [[0, 2], [], [], [1, 3], []]
    assert got["blue"] == [0xEE, 2, 0xEE, 3]
    assert [entry[1] for entry in got["entries"]] == [0, 1, 1]


def test_a_chosen_class_stands_alone(run):
    """The legend mutes the other classes, and keeps their counts."""
    got = scene(run, "true", lit=[0, 0, 1, 1], passing=[1, 1, 1, 1], chosen=[2])
    assert got["layers"] == [[0, 1], [], [], [2, 3], []]
    assert got["entries"] == [["a", 1, True, "disc"], ["b", 1, True, "disc"], ["c", 2, False, "disc"]]


def test_what_is_not_selected_is_faded_not_grey(run):
    """Three levels: filtered out, lit outside the selection, selected; the faded keep a tint of their colour."""
    got = scene(run, "correct", lit=[1, 1, 0, 1], selected=[1, 0, 0, 0])
    assert got["layers"] == [[2], [], [1, 3], [0], []]
    assert got["blue"][0] == 0xAA
    assert 0xAA < got["blue"][1] < 0xFF
    assert got["order"] == [2, 1, 3, 0]


def test_every_row_is_drawn_once_in_its_layer(run, rng):
    """Layers partition the rows; within each, rows ascend; brute force agrees on every one."""
    n = 500
    label, predicted = rng.integers(0, 3, (2, n))
    lit, selected = rng.integers(0, 2, (2, n))
    got = run(
        SCENE,
        "render/scene",
        {
            "label": label.tolist(), "predicted": predicted.tolist(), "margin": [0] * n, "by": "correct",
            "lit": lit.tolist(), "passing": None, "selected": selected.tolist(), "chosen": [], "shapes": False,
            "extra": None, "range": [0, 1],
        },
    )  # fmt: skip
    wrong = predicted != label
    lit, selected = lit == 1, selected == 1
    expected = [~lit, lit & ~selected & ~wrong, lit & ~selected & wrong, lit & selected & ~wrong]
    expected.append(lit & selected & wrong)
    assert got["layers"] == [np.flatnonzero(rows).tolist() for rows in expected]
    assert got["order"] == [row for layer in got["layers"] for row in layer]


def test_what_still_holds_of_the_old_picture_is_used_again_and_nothing_else(run):
    """Composing on top of the last picture, whatever has changed since, gives what composing from nothing gives."""
    got = run(
        """async (scene, { n, turns, seed }) => {
          const { attributesOf, wrongRows } = await import("/data/attributes.js");
          let state = seed;
          const random = (below) => (state = (state * 48271) % 2147483647) % below;
          const some = (below) => Uint8Array.from({ length: n }, () => random(below));
          const paints = { classes: ["#000001", "#000002", "#000003"], correct: "#0000aa", wrong: "#aa0000",
            margin: ["#ff0000", "#808080", "#0000ff"], muted: "#eeeeee", none: "#777777", background: "#ffffff",
            groups: ["#000005", "#000006", "#000007"] };
          const makers = {
            points: () => ({ n, x: new Uint16Array(n), y: new Uint16Array(n), label: some(3) }),
            columns: () => ({ predicted: some(3), runnerUp: some(3), margin: Uint16Array.from(some(200)) }),
            lit: () => some(2),
            selected: () => (random(2) ? some(2) : null),
            groups: () => ({ name: "who", names: ["x", "y", "z"], values: some(3) }),
            colourBy: () => ["true", "predicted", "correct", "margin", "who"][random(5)],
          };
          const shown = {};
          for (const [name, make] of Object.entries(makers)) shown[name] = make();
          let [of, wrong] = [[], null]; // the page finds it once for the same files, too
          const lookOf = ({ points, columns, groups, colourBy, lit, selected }) => {
            if (of[0] !== points || of[1] !== columns) [of, wrong] = [[points, columns], wrongRows(points, columns)];
            const known = attributesOf({ names: ["a", "b", "c"], points, columns: { ...columns, range: [-1, 1] },
              wrong, judged: true, groups, extra: null, kept: null, table: [] });
            return { points, attribute: known.find(({ name }) => name === colourBy), wrong, lit, passing: lit, selected,
              chosen: new Set(), shapes: false };
          };
          let picture = null;
          const plain = ({ look, ...rest }) => JSON.stringify(rest, (_, value) =>
            ArrayBuffer.isView(value) ? Array.from(value) : value);
          return Array.from({ length: turns }, () => {
            const name = Object.keys(makers)[random(6)];
            shown[name] = makers[name]();
            const look = lookOf(shown);
            picture = scene.compose(look, paints, picture);
            return plain(picture) === plain(scene.compose(look, paints)) ? "" : name;
          });
        }""",
        "render/scene",
        {"n": 40, "turns": 300, "seed": 11},
    )
    assert got == [""] * 300


def test_classes_have_shapes_on_request(run):
    """A class's shape is in the legend and on its points; the none-class is a disc."""
    got = scene(run, "predicted", shapes=True)
    assert [entry[3] for entry in got["entries"]] == ["disc", "square", "triangle"]
    assert got["shape"] == [0, 2, 2, 0]
    assert scene(run, "predicted")["shape"] is None


def test_the_margin_legend_counts_every_passing_point(run):
    """Bars and "no margin" add up to what passes the filters; all NaN is no error."""
    got = scene(run, "margin")
    assert sum(got["scale"]["bars"]) + got["scale"]["without"] == 4
    assert got["blue"][0] == 0
    assert got["blue"][2] == 255
    assert got["blue"][3] == 0x77
    assert sum(scene(run, "margin", lit=[1, 0, 1, 0])["scale"]["bars"]) == 2
    none = scene(run, "margin", margin=[65_535] * 4)
    assert (sum(none["scale"]["bars"]), none["scale"]["without"], none["scale"]["limit"]) == (0, 4, 1)


@pytest.mark.parametrize("span", [(-2.0, 5.0), (-7.0, 1.0), (0.0, 0.0), (-3.0, 3.0)])
def test_the_margin_scale_ends_where_nearly_all_margins_do(run, rng, span):
    """The limit is the 95th percentile of absolute margins, as sorting all of them would find."""
    steps = rng.integers(0, 65_535, 301)
    totals = np.bincount(steps, minlength=65_536)
    got = run(
        "(scales, { totals, range }) => scales.marginLimit(Uint32Array.from(totals), range)",
        "render/scales",
        {"totals": totals.tolist(), "range": span},
    )
    margins = np.sort(np.abs(span[0] + steps / 65_534 * (span[1] - span[0])))
    expected = margins[int((len(margins) - 1) * 0.95)] or 1
    assert got == pytest.approx(expected, rel=1e-9)


def test_an_extra_column_is_coloured_on_its_own_scale(run):
    """Lowest and highest value have the ends of the scale; the highest value of the type means none."""
    extra = {
        "name": "kept", "title": "Neighbours kept", "values": [0, 254, 127, 255], "low": 0, "high": 254,
        "words": ["none", "all"], "paint": "kept", "above": None,
    }  # fmt: skip
    got = scene(run, "kept", extra=extra)
    assert got["blue"] == [0x10, 0xF0, 0x80, 0x77]
    assert (got["scale"]["kind"], got["scale"]["title"]) == ("sequential", "Neighbours kept")
    assert (got["scale"]["low"], got["scale"]["high"], got["scale"]["without"]) == (0, 254, 1)
    assert sum(got["scale"]["bars"]) == 3


def test_few_values_span_the_whole_scale_and_have_a_bar_each(run):
    """0 to 20: the ends of the scale, and a bar for each number; what is above the end counts as the end."""
    values = [0, 20, 10, 21]
    extra = {
        "name": "kept", "title": "Kept", "values": values, "low": 0, "high": 20, "words": ["torn", "kept"],
        "paint": "kept", "above": None,
    }  # fmt: skip
    got = scene(run, "kept", extra=extra)
    assert got["blue"] == [0x10, 0xF0, 0x80, 0xF0]
    assert got["scale"]["bars"] == np.bincount(np.minimum(values, 20), minlength=21).tolist()
    assert got["scale"]["ends"] == ["torn, 0", "kept, 20"]
