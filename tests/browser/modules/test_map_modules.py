"""The map's pure modules, run in the browser and compared with brute force."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from dashboard.server import ui_bundle
from dashboard.server.columns import encode_columns, encode_points, margin_range

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
            "data/columns",
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
    assert "10 bytes" in run(script, "data/columns", 2)


@pytest.mark.parametrize("n", [1, 2, 500])
def test_the_nearest_point_is_the_nearest_point(run, rng, n):
    """The grid finds what brute force finds: nearest accepted row within reach, the lowest of equals."""
    x, y = places(rng, n)
    queries = [
        [*rng.uniform(-9_000, 75_000, 2), float(rng.choice([300, 4_000, 140_000]))] for _ in range(200)
    ]
    got = run(
        """(pick, { x, y, queries }) => {
          const grid = new pick.PointIndex(Uint16Array.from(x), Uint16Array.from(y));
          return queries.map(([a, b, reach]) => grid.nearest(a, b, reach, (row) => row % 3 !== 1));
        }""",
        "space/point_index",
        {"x": x.tolist(), "y": y.tolist(), "queries": queries},
    )
    accepted = np.arange(n) % 3 != 1
    expected = []
    for a, b, reach in queries:
        distance = np.where(accepted, (x - a) ** 2 + (y - b) ** 2, np.inf)
        best = int(distance.argmin())
        expected.append(best if distance[best] <= reach**2 else -1)
    assert got == expected


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
        "space/camera",
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
        "space/camera",
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
        "cards/hover_card",
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
    got = run("(facts, values) => [...Object.values(values), NaN].map(facts.signed)", "data/numbers", values)
    assert got == ["\N{MINUS SIGN}1.25", "+0.50", "0.00", "0.00", "none"]


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
        "session/echo",
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
        "ahead": 0.53, "correct": False,
    }  # fmt: skip
    got = run("(announcements, facts) => announcements.describe(facts)", "input/announcements", facts)
    assert (
        got
        == "Image t/7: truly cat, predicted dog, wrong, runner-up cat 0.53 behind, margin \N{MINUS SIGN}0.50."
    )


def test_every_module_of_the_map_loads(run):
    """No module has a syntax error or a missing export."""
    for name in ui_bundle.modules("map/entry.js"):
        assert run("(module) => Object.keys(module)", name.removesuffix(".js"), None)


def test_other_images_get_their_columns_too(run):
    """What was forgotten is asked for again although its address is the one it had; nothing else is."""
    got = run(
        """async (source, bytes) => {
          const asked = [];
          globalThis.fetch = async (url) => {
            const name = new URL(url).pathname.split("/").pop();
            asked.push(name);
            return new Response(new Uint8Array(bytes[name[0]]));
          };
          const found = new source.Source(() => {});
          const data = { n: 2, class_names: ["a", "b"], columns: "c", margin_range: [0, 1] };
          for (const points of ["p1", "p2", "p2", "p3"]) {
            if (points === "p3") found.forget();
            found.request({ ...data, points });
            await new Promise((done) => setTimeout(done, 50));
          }
          return { asked, n: found.points?.n, predicted: found.columns && [...found.columns.predicted] };
        }""",
        "data/source",
        {"p": [0] * 10, "c": [1, 0] + [0] * 10},
    )
    assert got == {"asked": ["p1", "c", "p2", "p3", "c"], "n": 2, "predicted": [1, 0]}


def test_images_on_one_spot_are_counted(run):
    """The card says how many lie there; of one alone there is nothing to say."""
    places = {"x": [5, 5, 6, 5], "y": [1, 1, 1, 2]}
    count = "({ onSpot }, places) => places.x.map((_, row) => onSpot(places, row))"
    assert run(count, "space/point_index", places) == [2, 2, 1, 1]
    words = "({ spotOf }, counts) => counts.map(spotOf)"
    assert run(words, "data/facts", [1, 2, 1200]) == [
        "",
        "2 images on this spot",
        "1,200 images on this spot",
    ]
