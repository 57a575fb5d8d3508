"""The map's pure modules, run in the browser and compared with brute force."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from dashboard import ui_files
from dashboard.points import encode_columns, encode_points, margin_range

pytestmark = pytest.mark.browser


def places(rng, n):
    """Positions with many duplicates, as quantised maps have."""
    return rng.integers(0, 65_536, (2, n)).astype(int) // 512 * 512


def test_bytes_are_read_as_they_were_written(run, rng):
    """Python encodes, the browser decodes: narrow and wide labels, margins with NaN."""
    for n_classes in (7, 300):
        n = 11
        positions, labels = rng.normal(size=(n, 2)), rng.integers(0, n_classes, n)
        predicted, runner_up = rng.integers(0, n_classes, (2, n))
        margin, ahead = rng.normal(size=(2, n)).astype(np.float32)
        margin[3] = ahead[7] = np.nan
        files = [
            encode_points(positions, labels, n_classes),
            encode_columns(predicted, runner_up, margin, ahead, n_classes),
        ]
        got = run(
            """(columns, { files, n, wide, range }) => {
              const [first, second] = files.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
              const points = columns.decodePoints(first, n, wide);
              const said = columns.decodeColumns(second, n, wide);
              const read = (steps) => Array.from(steps, (step) => columns.marginOf(step, range));
              const known = (values) => values.map((value) => (Number.isNaN(value) ? null : value));
              const list = (values) => Array.from(values);
              return { label: list(points.label), x: list(points.x), predicted: list(said.predicted),
                runnerUp: list(said.runnerUp), margin: known(read(said.margin)),
                runnerUpMargin: known(read(said.runnerUpMargin)) };
            }""",
            "columns",
            {
                "files": [base64.b64encode(file).decode() for file in files],
                "n": n,
                "wide": n_classes > 255,
                "range": margin_range(margin, ahead),
            },
        )
        assert got["label"] == labels.tolist()
        assert (got["predicted"], got["runnerUp"]) == (predicted.tolist(), runner_up.tolist())
        assert np.argmax(got["x"]) == np.argmax(positions[:, 0])
        for name, exact in (("margin", margin), ("runnerUpMargin", ahead)):
            back = np.array(got[name], dtype=float)  # None becomes NaN
            assert np.allclose(back, exact, atol=1e-4, equal_nan=True), name


def test_a_file_of_the_wrong_length_is_refused(run):
    """Bytes of another data set are not drawn."""
    script = """(columns, n) => { try { columns.decodePoints(new ArrayBuffer(9), n, false); return ""; }
      catch (error) { return error.message; } }"""
    assert "10 bytes" in run(script, "columns", 2)


@pytest.mark.parametrize("n", [1, 2, 500])
def test_the_nearest_point_is_the_nearest_point(run, rng, n):
    """The grid finds what brute force finds: nearest accepted row within reach, the lowest of equals."""
    x, y = places(rng, n)
    queries = [
        [*rng.uniform(-9_000, 75_000, 2), float(rng.choice([300, 4_000, 140_000]))] for _ in range(200)
    ]
    got = run(
        """(pick, { x, y, queries }) => {
          const grid = new pick.Grid(Uint16Array.from(x), Uint16Array.from(y));
          return queries.map(([a, b, reach]) => grid.nearest(a, b, reach, (row) => row % 3 !== 1));
        }""",
        "pick",
        {"x": x.tolist(), "y": y.tolist(), "queries": queries},
    )
    accepted = np.arange(n) % 3 != 1
    expected = []
    for a, b, reach in queries:
        distance = np.where(accepted, (x - a) ** 2 + (y - b) ** 2, np.inf)
        best = int(distance.argmin())
        expected.append(best if distance[best] <= reach**2 else -1)
    assert got == expected


@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_walk_goes_the_right_way(run, rng, direction):
    """The next point is ahead; within 45 degrees if anything is, and no accepted point there costs less."""
    n = 300
    x, y = places(rng, n)
    starts = rng.integers(0, n, 60).tolist()
    got = run(
        """(pick, { x, y, starts, direction }) => starts.map((row) =>
          pick.nextInDirection(Uint16Array.from(x), Uint16Array.from(y), row, ...direction, () => true))""",
        "pick",
        {"x": x.tolist(), "y": y.tolist(), "starts": starts, "direction": direction},
    )
    dx, dy = direction
    for start, row in zip(starts, got, strict=True):
        right, up = x - x[start], y - y[start]
        along, across = right * dx + up * dy, abs(right * dy) + abs(up * dx)
        cone = (along > 0) & (across <= along)
        cost = np.where(cone, np.hypot(along, 2 * across), np.inf)
        same = (right == 0) & (up == 0) & (np.arange(n) != start)
        if not same.any() and cone.any():
            assert cost[row] == cost.min()
        elif not same.any():
            assert row == -1 or along[row] > 0


def test_every_point_of_a_pile_can_be_reached(run):
    """All points in one place: right steps through them in order, left steps back, and both end."""
    got = run(
        """(pick, n) => {
          const place = new Uint16Array(n).fill(32768);
          const walk = (row, dx) => {
            const seen = [row];
            while ((row = pick.nextInDirection(place, place, row, dx, 0, () => true)) >= 0) seen.push(row);
            return seen;
          };
          return [walk(0, 1), walk(n - 1, -1)];
        }""",
        "pick",
        5,
    )
    assert got == [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]]


def test_the_camera_goes_there_and_back(run, rng):
    """A position's pixel is that position's; zooming keeps what is under the pointer; home shows every point."""
    x, y = places(rng, 50)
    got = run(
        """(module, { x, y }) => {
          const box = module.boundingBox(Uint16Array.from(x), Uint16Array.from(y));
          const camera = new module.Camera(box);
          camera.resize(640, 400);
          const home = x.map((_, i) => camera.toScreen(x[i], y[i]));
          const before = camera.toPosition(400, 150);
          camera.zoomAt(400, 150, 3);
          const after = camera.toPosition(400, 150);
          const back = camera.toPosition(...camera.toScreen(x[0], y[0]));
          camera.pan(20, -10);
          const moved = camera.toPosition(420, 140);
          for (let i = 0; i < 100; i++) camera.pan(-500, 500);
          const lost = camera.toPosition(320, 200);
          camera.home();
          return { home, before, after, back, moved, lost, isHome: camera.isHome, box };
        }""",
        "camera",
        {"x": x.tolist(), "y": y.tolist()},
    )
    home = np.array(got["home"])
    assert home[:, 0].min() >= 29
    assert home[:, 0].max() <= 611
    assert home[:, 1].min() >= 29
    assert home[:, 1].max() <= 371
    assert home[np.argmax(y), 1] == home[:, 1].min()
    assert np.allclose(got["before"], got["after"])
    assert np.allclose(got["before"], got["moved"])
    assert np.allclose(got["back"], [x[0], y[0]])
    assert np.allclose(got["lost"], [got["box"]["right"], got["box"]["top"]])
    assert got["isHome"]


@pytest.mark.parametrize("values", [[], [7], [7, 7, 7]])
def test_the_camera_survives_nothing_to_see(run, values):
    """No point, one point, all points in one place: finite pixels."""
    got = run(
        """(module, values) => {
          const camera = new module.Camera(module.boundingBox(Uint16Array.from(values), Uint16Array.from(values)));
          camera.resize(300, 200);
          return [...camera.toScreen(7, 7), ...camera.toPosition(10, 10), camera.scale];
        }""",
        "camera",
        values,
    )
    assert np.isfinite(got).all()
    if values:
        assert got[:2] == [150, 100]


def test_the_card_stays_inside_and_off_its_point(run, rng):
    """Wherever the point is, the card is within the frame; it covers the point only where there is no other way."""
    cases = [
        {"point": rng.uniform([0, 0], [width, height]).tolist(), "frame": {"width": width, "height": height}}
        for width, height in [(900, 560), (358, 344), (358, 330)]
        for _ in range(150)
    ]
    got = run(
        """(card, cases) => cases.map(({ point, frame }) =>
          [false, true].map((above) => card.place(point, { width: 300, height: 146 }, frame, 18, above)))""",
        "card",
        cases,
    )
    for case, spots in zip(cases, got, strict=True):
        (x, y), frame = case["point"], case["frame"]
        for spot in spots:
            assert 0 <= spot["left"] <= frame["width"] - 300
            assert 0 <= spot["top"] <= frame["height"] - 146
            covered = spot["left"] < x < spot["left"] + 300 and spot["top"] < y < spot["top"] + 146
            assert not covered


def test_numbers_have_a_sign_and_zero_has_none(run):
    """A true minus; what rounds to zero is not negative; NaN is said in words."""
    values = {"a": -1.254, "b": 0.5, "c": -0.001, "d": 0}
    got = run("(card, values) => [...Object.values(values), NaN].map(card.signed)", "card", values)
    assert got == ["\N{MINUS SIGN}1.25", "+0.50", "0.00", "0.00", "none"]


def test_discs_are_drawn_where_they_belong(run):
    """A disc's weight is its area and its centre of mass its position, at any fraction of a pixel and at the edges."""
    got = run(
        """(raster, cases) => cases.map(([left, top, radius]) => {
          const target = { pixels: new Uint32Array(400), width: 20, height: 20 };
          const scene = { x: Uint16Array.of(1), y: Uint16Array.of(1), colour: Uint16Array.of(0),
            palette: Uint32Array.of(0xffffffff), background: 0xff000000 };
          const layer = { rows: Uint32Array.of(0), fill: raster.disc(radius), rim: null };
          raster.paint(target, scene, [layer], { scale: 0, left, top });
          return Array.from(target.pixels, (pixel) => pixel & 255);
        })""",
        "raster",
        [[10.1, 9.7, 3.3], [10.5, 10.5, 5], [7.9, 12.3, 1.4], [0, 10, 4], [20, 20, 4], [-30, 5, 4]],
    )
    columns, lines = np.meshgrid(np.arange(20) + 0.5, np.arange(20) + 0.5)
    for image, (left, top, radius) in zip(
        got[:3], [(10.1, 9.7, 3.3), (10.5, 10.5, 5), (7.9, 12.3, 1.4)], strict=True
    ):
        weight = np.array(image).reshape(20, 20) / 255
        assert weight.sum() == pytest.approx(np.pi * radius**2, rel=0.06)
        assert (weight * columns).sum() / weight.sum() == pytest.approx(left, abs=0.16)
        assert (weight * lines).sum() / weight.sum() == pytest.approx(top, abs=0.16)
    assert np.sum(got[3]) / 255 == pytest.approx(np.pi * 16 / 2, rel=0.1)
    assert np.sum(got[4]) / 255 == pytest.approx(np.pi * 16 / 4, rel=0.15)
    assert np.sum(got[5]) == 0


def test_a_point_looks_the_same_inside_and_at_the_edge(run):
    """The quick way for whole markers and the careful way for cut ones write the same pixels."""
    got = run(
        """(raster, size) => [0, 9].map((shift) => {
          const target = { pixels: new Uint32Array(size * size), width: size, height: size };
          const scene = { x: Uint16Array.of(1), y: Uint16Array.of(1), colour: Uint16Array.of(0),
            palette: Uint32Array.of(0xff3366cc), background: 0xffeeeeee };
          const fill = raster.cross(4, 2);
          raster.paint(target, scene, [{ rows: Uint32Array.of(0), fill, rim: raster.disc(5) }],
            { scale: 0, left: 3.3 + shift, top: 15.6 });
          const part = [];
          for (let y = 5; y < 27; y++) for (let x = 0; x < 9; x++) part.push(target.pixels[y * size + x + shift]);
          return part;
        })""",
        "raster",
        32,
    )
    assert got[0] == got[1]
    assert len(set(got[0])) > 4


def test_margins_are_coloured_round_zero(run):
    """Margin 0 is in the middle of the scale, both ends are its ends, NaN has a colour of its own."""
    got = run(
        """(colours, stops) => {
          const palette = colours.marginPalette(stops, "#010203");
          const colour = (margin) => colours.hex(palette[colours.marginLevel(margin, 2)]);
          return [-2, -9, 0, 2, 9, NaN].map(colour).concat(colours.hex(colours.pack("#A1B2C3")));
        }""",
        "colours",
        ["#ff0000", "#808080", "#0000ff"],
    )
    assert got == ["#ff0000", "#ff0000", "#808080", "#0000ff", "#0000ff", "#010203", "#a1b2c3"]


SCENE = """(scene, { label, predicted, margin, by, shown, isolated }) => {
  const n = label.length;
  const points = { n, x: new Uint16Array(n), y: new Uint16Array(n), label: Uint8Array.from(label) };
  const columns = { predicted: Uint8Array.from(predicted), runnerUp: new Uint8Array(n),
    margin: Uint16Array.from(margin) };
  const paints = { classes: ["#000001", "#000002", "#000003"], correct: "#0000aa", wrong: "#aa0000",
    margin: ["#ff0000", "#808080", "#0000ff"], muted: "#eeeeee", none: "#777777" };
  const got = scene.compose({ points, columns, classNames: ["a", "b", "c"], range: [-1, 1], colourBy: by,
    shown: shown && Uint8Array.from(shown), isolated: new Set(isolated) }, paints);
  const list = (values) => Array.from(values);
  const blue = list(got.colour).map((index) => (got.palette[index] >> 16) & 255);
  return { blue, muted: list(got.muted), plain: list(got.plain), marked: list(got.marked), shownCount: got.shownCount,
    entries: got.entries.map(({ name, count, muted, marker }) => [name, count, muted, marker]), scale: got.scale };
}"""


def scene(run, by, shown=None, isolated=(), margin=(0, 32767, 65534, 65535)):
    """Compose four points: truly a, b, c, c; predicted a, c, c, none."""
    look = {"label": [0, 1, 2, 2], "predicted": [0, 2, 2, 255], "margin": list(margin)}
    return run(SCENE, "scene", {**look, "by": by, "shown": shown, "isolated": list(isolated)})


def test_classes_have_their_colours_and_counts(run):
    """By true class; by predicted class, where a point without a prediction belongs to none."""
    true, predicted = scene(run, "true"), scene(run, "predicted")
    assert true["blue"] == [1, 2, 3, 3]
    assert [entry[:2] for entry in true["entries"]] == [["a", 1], ["b", 1], ["c", 2]]
    assert predicted["blue"] == [1, 3, 3, 0x77]
    assert [entry[1] for entry in predicted["entries"]] == [1, 0, 2]


def test_wrong_points_are_marked_by_shape_and_drawn_last(run):
    """Correct or wrong: colour is not the only mark."""
    got = scene(run, "correct")
    assert (got["plain"], got["marked"]) == ([0, 2], [1, 3])
    assert got["blue"] == [0xAA, 0, 0xAA, 0]
    assert got["entries"] == [["Correct", 2, False, "disc"], ["Wrong", 2, False, "cross"]]


def test_filtered_points_are_dimmed_never_hidden(run):
    """Every row is in exactly one layer; what the filters leave out is grey, lowest, and not counted."""
    got = scene(run, "true", shown=[0, 1, 0, 1])
    assert sorted(got["muted"] + got["plain"] + got["marked"]) == [0, 1, 2, 3]
    assert got["muted"] == [0, 2]
    assert got["blue"] == [0xEE, 2, 0xEE, 3]
    assert got["shownCount"] == 2
    assert [entry[1] for entry in got["entries"]] == [0, 1, 1]


def test_an_isolated_class_stands_alone(run):
    """The legend mutes the other classes, and keeps their counts."""
    got = scene(run, "true", isolated=[2])
    assert (got["muted"], got["plain"]) == ([0, 1], [2, 3])
    assert got["entries"] == [["a", 1, True, "disc"], ["b", 1, True, "disc"], ["c", 2, False, "disc"]]


def test_the_margin_legend_counts_every_shown_point(run):
    """Bars and "no margin" add up to what is shown; all NaN is no error."""
    got = scene(run, "margin", shown=[1, 1, 1, 1])
    assert sum(got["scale"]["bars"]) + got["scale"]["without"] == 4
    assert got["blue"][0] == 0
    assert got["blue"][2] == 255
    assert got["blue"][3] == 0x77
    none = scene(run, "margin", margin=[65_535] * 4)
    assert (sum(none["scale"]["bars"]), none["scale"]["without"], none["scale"]["limit"]) == (0, 4, 1)


def test_quick_choices_do_not_flicker_back(run):
    """The server's answers to earlier choices are ignored; its own changes are not."""
    got = run(
        """({ Echo }, steps) => {
          const echo = new Echo("A");
          return steps.map(([who, value]) => {
            if (who === "viewer") echo.choose(value); else echo.hear(value);
            return echo.value;
          }).join("");
        }""",
        "echo",
        [
            ["viewer", "B"], ["server", "A"], ["viewer", "C"], ["server", "B"], ["server", "C"],
            ["server", "D"], ["viewer", "E"], ["server", "F"], ["viewer", "D"], ["viewer", "F"], ["server", "F"],
            ["server", "D"],
        ],
    )  # fmt: skip
    assert got == "BBCCCDEFDFFD"


def test_the_speaker_names_everything_on_the_card(run):
    """What is seen is said."""
    mark = {"name": "cat", "paint": "#000"}
    facts = {
        "id": "t/7", "truth": mark, "predicted": {**mark, "name": "dog"}, "runnerUp": mark, "margin": -0.5,
        "correct": False,
    }  # fmt: skip
    got = run("(speech, facts) => speech.describe(facts)", "speech", facts)
    assert got == "Image t/7: truly cat, predicted dog, wrong, runner-up cat, margin \N{MINUS SIGN}0.50."


def test_every_module_of_the_map_loads(run):
    """No module has a syntax error or a missing export."""
    for name in ui_files.modules("map.js"):
        assert run("(module) => Object.keys(module)", name.removesuffix(".js"), None)
