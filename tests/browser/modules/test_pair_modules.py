"""The pure modules of the two linked maps, run in the browser and compared with brute force."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

CAMERAS = """
  const { Camera } = await import("/space/camera.js");
  const camera = ({ box, x, y, zoom }) => {
    const made = new Camera(box);
    made.resize(400, 300);
    return Object.assign(made, { x, y, zoom });
  };
  const told = ({ x, y, zoom }) => ({ x, y, zoom });
"""
WHOLE = {"left": 0, "right": 65_535, "bottom": 0, "top": 65_535}
FLAT = {"left": 10_000, "right": 60_000, "bottom": 20_000, "top": 40_000}
LIMITS = {
    "n": 50, "classes": 3, "colours": ["who", "true", "margin"], "further": {"who": "category"}, "names": {"who": 4},
}  # fmt: skip


def places(rng, n):
    """Cameras well inside a map."""
    spots = zip(rng.uniform(25_000, 38_000, n), rng.uniform(25_000, 36_000, n), strict=True)
    return [{"x": float(x), "y": float(y), "zoom": float(rng.uniform(2, 60))} for x, y in spots]


def test_who_is_right_is_counted_one_by_one(run, rng):
    """Both, only A, only B, neither."""
    truth, ours, theirs = rng.integers(0, 3, (3, 400)).tolist()
    got = run(
        "(outcomes, said) => [...outcomes.outcomeGroups(...said)]",
        "pair/outcome_groups",
        [truth, ours, theirs],
    )
    names = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}
    assert got == [names[a == t, b == t] for t, a, b in zip(truth, ours, theirs, strict=True)]
    assert set(got) == {0, 1, 2, 3}


def test_neighbours_are_split_as_sets_are(run, rng):
    """In both, only in the first, only in the second; each nearest first; the shorter list counts."""
    for _ in range(20):
        ours, theirs = (rng.permutation(30)[: rng.integers(0, 12)].tolist() for _ in range(2))
        got = run("(near, [a, b]) => near.split(a, b)", "pair/shared_neighbours", [ours, theirs])
        least = min(len(ours), len(theirs))
        a, b = ours[:least], theirs[:least]
        expected = ([r for r in a if r in b], [r for r in a if r not in b], [r for r in b if r not in a])
        assert (got["common"], got["onlyA"], got["onlyB"]) == expected


def test_drag_moves_both_by_as_many_pixels(run, rng):
    """Though the two maps have other extents."""
    for one, other in zip(places(rng, 20), places(rng, 20), strict=True):
        drag = rng.uniform(-40, 40, 2).tolist()
        moved = run(
            f"""async (cameras, {{ one, other, drag }}) => {{
              {CAMERAS}
              const [leader, follower] = [camera(one), camera(other)];
              const before = told(leader);
              const spot = [other.x, other.y];
              const seen = follower.toScreen(...spot);
              leader.pan(...drag);
              cameras.follow(before, leader, follower, spot);
              const now = follower.toScreen(...spot);
              return [now[0] - seen[0], now[1] - seen[1]];
            }}""",
            "pair/linked_cameras",
            {
                "one": {**one, "box": WHOLE},
                "other": {**other, "box": FLAT, "zoom": one["zoom"]},
                "drag": drag,
            },
        )
        assert moved == pytest.approx(drag, abs=1e-6)


def test_zoom_goes_to_the_same_image_in_both(run, rng):
    """Where the other map has it, it stays while it is in view; and it always is, with the leader's zoom."""
    for one, other in zip(places(rng, 30), places(rng, 30), strict=True):
        spot = [float(rng.uniform(12_000, 58_000)), float(rng.uniform(22_000, 38_000))]
        got = run(
            f"""async (cameras, {{ one, other, spot }}) => {{
              {CAMERAS}
              const [leader, follower] = [camera(one), camera(other)];
              const before = told(leader);
              const seen = follower.toScreen(...spot);
              leader.zoomAt(120, 90, 1.3);
              cameras.follow(before, leader, follower, spot);
              return {{ seen, now: follower.toScreen(...spot), zooms: [leader.zoom, follower.zoom] }};
            }}""",
            "pair/linked_cameras",
            {
                "one": {**one, "box": WHOLE},
                "other": {**other, "box": FLAT, "zoom": one["zoom"]},
                "spot": spot,
            },
        )
        assert got["zooms"][0] == pytest.approx(got["zooms"][1])
        left, top = got["now"]
        assert 29 < left < 371
        assert 29 < top < 271
        if 31 < got["seen"][0] < 369 and 31 < got["seen"][1] < 269:
            assert got["now"] == pytest.approx(got["seen"], abs=2)


def test_who_zooms_out_sees_all_again_in_both(run):
    """Step by step, from far apart: no jump at the end."""
    path = run(
        f"""async (cameras) => {{
          {CAMERAS}
          const box = {WHOLE};
          const leader = camera({{ box, x: 30000, y: 30000, zoom: 8 }});
          const follower = camera({{ box, x: 60000, y: 9000, zoom: 8 }});
          const path = [];
          while (leader.zoom > 1) {{
            const before = told(leader);
            leader.zoomAt(200, 150, Math.max(0.95, 1 / leader.zoom));
            cameras.follow(before, leader, follower, [60000, 9000]);
            path.push(told(follower));
          }}
          return path;
        }}""",
        "pair/linked_cameras",
        None,
    )
    last = path[-1]
    assert (last["x"], last["y"]) == pytest.approx((32_767.5, 32_767.5))
    steps = np.diff([[at["x"], at["y"]] for at in path], axis=0)
    assert np.abs(steps).max() < 65_535 / 10


def test_what_a_zoom_leaves_at_its_place_is_found(run, rng):
    """The position under the pointer."""
    for one in places(rng, 20):
        pointer = rng.uniform(50, 250, 2).tolist()
        still, found = run(
            f"""async (cameras, {{ one, pointer }}) => {{
              {CAMERAS}
              const leader = camera(one);
              const still = leader.toPosition(...pointer);
              const before = told(leader);
              leader.zoomAt(...pointer, 1.2);
              return [still, cameras.fixedPoint(before, leader)];
            }}""",
            "pair/linked_cameras",
            {"one": {**one, "box": WHOLE}, "pointer": pointer},
        )
        assert found == pytest.approx(still, rel=1e-6)


ROUND_TRIP = """async (pair, { left, right, limits }) => {
  const whole = (patch) => ({ ...pair.PAIR_DEFAULTS, ...patch });
  const text = await pair.writePair(whole(left), whole({ ...pair.shared(whole(left)), ...right }));
  const read = await pair.readPair(text, limits);
  return { text, left: read.left, right: read.right, refused: read.refused };
}"""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({}, {}),
        ({"colourBy": "true", "text": "a&b=c", "trueLabels": [1, 2]}, {}),
        ({"where": {"who": {"labels": [3]}}, "pinned": [49]}, {}),
        ({"layout": "grid", "shapes": True, "images": False}, {}),
        ({"camera": {"x": 5, "y": 6, "zoom": 2}}, {"camera": {"x": 7.5, "y": 8, "zoom": 2}}),
        ({}, {"selection": {"kind": "polygon", "layout": "scatter", "points": [1, 2, 3, 4, 5, 6]}}),
        ({"selection": {"kind": "polygon", "layout": "scatter", "points": [1, 2, 3, 4, 5, 6]}}, {}),
    ],
)
def test_link_restores_both_views(run, left, right):
    """What is shared in both, what is one's own in one."""
    got = run(ROUND_TRIP, "pair/pair_hash", {"left": left, "right": right, "limits": LIMITS})
    for name, value in left.items():
        assert got["left"][name] == value
        if name not in ("camera", "selection"):
            assert got["right"][name] == value
    for name, value in right.items():
        assert got["right"][name] == value
    assert got["refused"] == []
    assert (got["text"] == "") == (left == right == {})


SEEDED = """async (pair, { shown, limits }) => {
  const page = { ...pair.PAIR_DEFAULTS, trueLabels: [1], where: { who: { labels: [3] } } };
  const left = { ...page, ...shown };
  const text = await pair.writePair(left, left, page);
  const { left: read, refused } = await pair.readPair(text, limits, page);
  return { text, trueLabels: read.trueLabels, where: read.where, refused };
}"""


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ({}, ""),
        ({"trueLabels": [2]}, "true=2"),
        ({"trueLabels": [], "where": {}}, "true=&where="),
        ({"trueLabels": []}, "true="),
    ],
)
def test_the_hash_says_only_what_the_page_does_not_show(run, shown, text):
    """The query has the page's class and group; what the maps took away of these, the hash says."""
    got = run(SEEDED, "pair/pair_hash", {"shown": shown, "limits": LIMITS})
    seen = {"trueLabels": [1], "where": {"who": {"labels": [3]}}} | shown
    assert got == {"text": text, "refused": [], **seen}


@pytest.mark.parametrize(
    "text",
    ["colour=faithfulness", "layout=spiral", "only=wrong", "pin=50", "b.pin=3", "b.colour=true", "nonsense=1",
     "at=1,2", "b.layout=grid", "select=spiral:1.2.3.4.5.6", "b.select=rows:!!", "classes=4", "where=who:4", "true=x",
     "%", "b.=", "=3"],
)  # fmt: skip
def test_what_means_nothing_here_is_left_out_and_named(run, text):
    """The rest of the link is read."""
    got = run(
        "(pair, { text, limits }) => pair.readPair(text, limits)",
        "pair/pair_hash",
        {"text": f"#pin=7&{text}", "limits": LIMITS},
    )
    assert got["refused"] == [text.split("=")[0]]
    assert got["left"]["colourBy"] == "who"
    assert got["left"]["camera"] is got["right"]["selection"] is None
    assert got["left"]["pinned"] == [7]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("classes=1.3", {"where": {"who": {"labels": [1, 3]}}}),
        ("colour=true&classes=2.0", {"colourBy": "true", "trueLabels": [0, 2]}),
        ("colour=margin&classes=1", {"colourBy": "margin", "where": {}}),
    ],
)
def test_an_older_link_shows_the_same_entries_of_the_legend(run, text, shown):
    """They are those of the colour; numbers have none."""
    got = run(
        "(pair, { text, limits }) => pair.readPair(text, limits)",
        "pair/pair_hash",
        {"text": text, "limits": LIMITS},
    )
    for side in ("left", "right"):
        assert shown.items() <= got[side].items()
    assert got["refused"] == (["classes"] if "margin" in text else [])


def test_two_selections_are_one_too_many(run):
    """Who types both gets the second map's."""
    got = run(
        "(pair, { text, limits }) => pair.readPair(text, limits)",
        "pair/pair_hash",
        {"text": "select=scatter:1.2.3.4.5.6&b.select=scatter:7.8.3.4.5.6", "limits": LIMITS},
    )
    assert got["left"]["selection"] is None
    assert got["right"]["selection"]["points"][:2] == [7, 8]


def test_sheets_are_wanted_in_turn(run):
    """The first of each map, then the second; each once."""
    got = run("(atlas, lists) => atlas.inTurn(lists)", "pair/shared_atlas", [[3, 1, 2], [1, 5], []])
    assert got == [3, 1, 5, 2]


def test_no_sheet_is_loaded_twice(run):
    """Two maps want the same sheets, and others: each address is fetched once; all hear of it."""
    got = run(
        """async (shared) => {
          const fetched = [];
          const image = document.createElement("canvas");
          image.width = image.height = 64;
          image.getContext("2d").fillRect(0, 0, 64, 64);
          const file = await new Promise((resolve) => image.toBlob(resolve));
          const before = window.fetch;
          window.fetch = async (url) => { fetched.push(String(url)); return new Response(file); };
          const atlas = new shared.SharedAtlas();
          const sheets = { urls: ["/0.png", "/1.png", "/2.png"], cell: 32, columns: 2, perSheet: 4 };
          const heard = [0, 0];
          const leases = heard.map((_, i) => atlas.lease({ ...sheets }, () => heard[i]++));
          leases[0].want([0, 1]);
          leases[1].want([2, 0]);
          for (let i = 0; i < 200 && leases[1].small.size < 3; i++) await new Promise((go) => setTimeout(go, 10));
          window.fetch = before;
          const kept = leases[0].images === leases[1].images;
          leases[0].close();
          const open = leases[1].sheets !== null;
          leases[1].close();
          return { fetched: fetched.sort(), heard, kept, open, left: atlas.known.size };
        }""",
        "pair/shared_atlas",
        None,
    )
    assert [url.rsplit("/", 1)[1] for url in got["fetched"]] == ["0.png", "1.png", "2.png"]
    assert got["heard"][0] == got["heard"][1] >= 3
    assert (got["kept"], got["open"], got["left"]) == (True, True, 0)


def test_groups_have_their_colours_and_lie_above_what_both_have_right(run):
    """Only A and only B are above; both wrong are crosses; when the groups change, what was composed does too."""
    got = run(
        """async (scene) => {
          const { attribute } = await import("/data/attributes.js");
          const points = { n: 5, x: new Uint16Array(5), y: new Uint16Array(5), label: new Uint8Array(5) };
          const paints = { classes: [], correct: "#0000aa", wrong: "#aa0000", margin: [], muted: "#eeeeee",
            groups: ["#000001", "#000002", "#000003", "#000004"], none: "#777777", background: "#ffffff" };
          const all = new Uint8Array(5).fill(1);
          const look = { points, wrong: null, lit: all, passing: all, selected: null, chosen: new Set(),
            shapes: false };
          const tell = (picture) => ({
            blue: Array.from(picture.colour, (index) => (picture.palette[index] >> 16) & 255),
            plain: [...picture.plain], marked: [...picture.marked], crossed: picture.crossed, shape: [...picture.shape],
            counts: picture.entries.map(({ name, count, marker }) => [name, count, marker]) });
          const names = ["both", "A", "B", "none"];
          const groups = (numbers) => {
            const values = Uint8Array.from(numbers);
            return attribute({ name: "who", kind: "category", names, values, paint: "groups" });
          };
          const first = scene.compose({ ...look, attribute: groups([0, 1, 2, 3, 0]) }, paints);
          const told = tell(first);
          return [told, tell(scene.compose({ ...look, attribute: groups([1, 0, 0, 0, 3]) }, paints, first))];
        }""",
        "render/scene",
        None,
    )
    first, second = got
    assert first["blue"] == [1, 2, 3, 4, 1]
    assert (first["plain"], sorted(first["marked"])) == ([0, 3, 4], [1, 2])
    assert not first["crossed"]
    assert [count for _, count, _ in first["counts"]] == [2, 1, 1, 1]
    assert first["counts"][3][2] == "cross"
    assert len(set(first["shape"])) == 2
    assert first["shape"][3] not in first["shape"][:3]
    assert second["blue"] == [2, 1, 1, 1, 4]
    assert (second["plain"], second["marked"]) == ([1, 2, 3, 4], [0])


def test_a_group_alone_is_lit(run):
    """Where the map is coloured by groups, the legend shows them alone."""
    got = run(
        """async ({ litRows }) => {
          const { DEFAULTS } = await import("/state/view_store.js");
          const { attribute } = await import("/data/attributes.js");
          const values = Uint8Array.of(0, 1, 3, 1);
          const groups = attribute({ name: "who", kind: "category", values, paint: "groups" });
          const view = { ...DEFAULTS, colourBy: "who" };
          const alone = (labels) => ({ ...view, where: { who: { labels } } });
          return [[1], [0, 3]].map((labels) => [...litRows(alone(labels), 4, [groups], null)]);
        }""",
        "state/lit_rows",
        None,
    )
    assert got == [[0, 1, 0, 1], [1, 0, 1, 0]]
