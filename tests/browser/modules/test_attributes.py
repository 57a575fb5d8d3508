"""The columns of a table in the browser: their scales, their colours, what they are sorted by."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

SCALED = """({ scaled }, values) => {
  const { values: steps, range, cut } = scaled(Float64Array.from(values, (value) => value ?? NaN));
  return [Array.from(steps), range, cut];
}"""
COLOURED = """async (scene, { kind, numbers, texts, hues }) => {
  const { read } = await import("/data/table.js");
  const n = numbers.length;
  const bytes = (kind === "category" ? Uint8Array : Float64Array).from(numbers, (value) => value ?? NaN).buffer;
  const attribute = read({ name: "a", kind, values: "", texts: "" }, n, { bytes, texts });
  const points = { n, x: new Uint16Array(n), y: new Uint16Array(n), label: new Uint8Array(n) };
  const all = new Uint8Array(n).fill(1);
  const paints = { names: hues, ramp: ["#000000", "#0000fe"], wrong: "#aa0000", muted: "#eeeeee", none: "#777777",
    background: "#ffffff" };
  const got = scene.compose({ points, attribute, wrong: null, lit: all, passing: all, selected: null,
    chosen: new Set(), shapes: false }, paints);
  return { blue: Array.from(got.colour, (index) => (got.palette[index] >> 16) & 255), scale: got.scale, rest: got.rest,
    entries: got.entries.map(({ index, name, count }) => [index, name, count]) };
}"""
KEYS = """async ({ keyOf }, { kind, numbers, texts, down }) => {
  const { read } = await import("/data/table.js");
  const { sortByKey } = await import("/list/order.js");
  const n = (numbers ?? texts).length;
  const Kind = kind === "category" ? Uint8Array : Float64Array;
  const bytes = numbers && Kind.from(numbers, (value) => value ?? NaN).buffer;
  const { key, limit } = keyOf(read({ name: "a", kind, values: "", texts: "" }, n, { bytes, texts }));
  return Array.from(sortByKey(Uint32Array.from({ length: n }, (_, row) => row), key, limit, down));
}"""
HUES = [f"#0000{i:02x}" for i in range(1, 21)]


def nulls(values) -> list[float | None]:
    """Give numbers as JSON has them: None for NaN."""
    return [None if np.isnan(value) else float(value) for value in values]


@pytest.mark.parametrize("far", [False, True], ids=["even", "far ones"])
def test_few_far_numbers_do_not_pale_the_rest(run, rng, far):
    """The scale ends at the 2nd and 98th hundredth where others lie more than as far again beyond it."""
    values = rng.uniform(-1, 1, 500)
    values[::50] = np.nan
    if far:
        values[1:6] = [1e6, -1e6, 1e5, 40, 1e300]
    steps, (low, high), cut = run(SCALED, "data/table", nulls(values))
    known = np.sort(values[~np.isnan(values)])
    outer = int(0.02 * len(known))
    ends = (known[outer], known[-1 - outer]) if far else (known[0], known[-1])
    assert (low, high) == ends
    assert cut == [far, far]
    shares = (np.clip(values, low, high) - low) / (high - low)
    expected = np.where(np.isnan(values), 65_535, np.rint(np.nan_to_num(shares) * 65_534))
    np.testing.assert_allclose(steps, expected, atol=1)


@pytest.mark.parametrize("values", [[None, None], [7.0, 7.0, None], [0.0]])
def test_numbers_that_are_all_alike_have_a_scale(run, values):
    """One number, or none at all: no division by zero."""
    steps, (low, high), cut = run(SCALED, "data/table", values)
    assert [step == 65_535 for step in steps] == [value is None for value in values]
    assert low <= high
    assert cut == [False, False]


def test_twenty_names_have_a_colour_and_the_others_are_said(run, rng):
    """They are grey, and so are images without a value; each is counted apart."""
    numbers = np.concatenate([np.arange(25).repeat(3), [255] * 7])
    got = run(COLOURED, "render/scene", {
        "kind": "category", "numbers": numbers.tolist(), "texts": [f"n{i}" for i in range(25)], "hues": HUES,
    })  # fmt: skip
    assert got["blue"] == [value + 1 if value < 20 else 0x77 for value in numbers.tolist()]
    assert got["entries"] == [[i, f"n{i}", 3] for i in range(20)]
    assert [(one["name"], one["count"]) for one in got["rest"]] == [
        ("5 more names, rarer", 15),
        ("No value", 7),
    ]


def test_few_names_have_no_rest(run):
    """Two names, every image has one."""
    got = run(
        COLOURED, "render/scene", {"kind": "category", "numbers": [0, 1], "texts": ["x", "y"], "hues": HUES}
    )
    assert (got["blue"], got["rest"]) == ([1, 2], [])


def test_numbers_and_dates_have_a_scale_with_its_ends_in_words(run):
    """Lowest and highest; what has none is grey."""
    numbers = run(
        COLOURED, "render/scene", {"kind": "number", "numbers": [1.5, None, 4], "texts": None, "hues": HUES}
    )
    assert numbers["blue"] == [0, 0x77, 254]
    assert (numbers["scale"]["ends"], numbers["scale"]["without"]) == (["1.5", "4"], 1)
    assert sum(numbers["scale"]["bars"]) == 2
    days = [86_400_000.0 * day for day in (0, 10)]
    dates = run(COLOURED, "render/scene", {"kind": "date", "numbers": days, "texts": None, "hues": HUES})
    assert dates["scale"]["ends"] == ["1970-01-01", "1970-01-11"]


@pytest.mark.parametrize("down", [False, True])
def test_images_are_sorted_by_any_kind_of_column(run, rng, down):
    """Numbers by size, few names in their order, many by the alphabet, text as people do; what has none comes last."""
    numbers = rng.normal(size=60).round(1)
    numbers[::7] = np.nan
    known = [row for row in range(60) if not np.isnan(numbers[row])]
    expected = sorted(known, key=lambda row: -numbers[row] if down else numbers[row])
    got = run(
        KEYS, "list/sorting", {"kind": "number", "numbers": nulls(numbers), "texts": None, "down": down}
    )
    assert got == expected + [row for row in range(60) if np.isnan(numbers[row])]
    for texts in (["z", "y", "x"], [f"n{i}" for i in range(24, -1, -1)]):
        labels = rng.integers(0, len(texts), 60)
        labels[::5] = 255
        place = {i: i if len(texts) == 3 else 24 - i for i in range(len(texts))}
        named = [row for row in range(60) if labels[row] != 255]
        expected = sorted(
            named, key=lambda row: -place[labels[row]] if down else place[labels[row]]
        )  # used at once
        expected += [row for row in range(60) if labels[row] == 255]
        asked = {"kind": "category", "numbers": labels.tolist(), "texts": texts, "down": down}
        assert run(KEYS, "list/sorting", asked) == expected
    texts = ["b10", None, "b2", "a"]
    found = run(KEYS, "list/sorting", {"kind": "text", "numbers": None, "texts": texts, "down": down})
    assert found == ([0, 2, 3, 1] if down else [3, 2, 0, 1])


@pytest.mark.parametrize(
    ("kind", "numbers", "texts"),
    [
        ("number", [1.0], None),
        ("category", [0, 0], None),
        ("category", [0, 0], "ab"),
        ("text", None, ["x"]),
        ("text", None, None),
    ],
)
def test_what_no_server_of_this_version_gives_is_refused(run, kind, numbers, texts):
    """Too few numbers, no names, too few texts: said as every mistake is."""
    script = """({ read }, { kind, numbers, texts }) => {
      try {
        const bytes = numbers && Float64Array.from(numbers).buffer;
        read({ name: "a", kind, values: "", texts: "" }, 2, { bytes, texts });
        return "";
      } catch (error) {
        return error.message;
      }
    }"""
    told = run(script, "data/table", {"kind": kind, "numbers": numbers, "texts": texts})
    assert "must have" in told
    assert "Got" in told
