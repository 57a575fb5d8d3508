"""Orders, sums and long lists of images, run in the browser and compared with brute force."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dashboard.statistics.scores import confusion_matrix

pytestmark = pytest.mark.browser

LIST = """async (lists, { count, height, tallest, actions }) => {
  document.body.innerHTML = '<style>* { margin: 0 } .scroller { height: 300px; overflow: auto; position: relative } '
    + '.space { position: relative } .space > * { position: absolute; top: 0 } [hidden] { display: none }</style>';
  const make = () => document.createElement("div");
  const fill = (line, index) => (line.textContent = String(index));
  const list = new lists.VirtualList(document.body, { height, tallest, make, fill, resized: () => {} });
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const seen = () => {
    const box = list.scroller.getBoundingClientRect();
    const lines = [...list.space.children].filter((line) => !line.hidden);
    const at = lines.map((line) => [Number(line.textContent), line.getBoundingClientRect().top - box.top]);
    const inside = at.filter(([, top]) => top > -height && top < box.height).sort((a, b) => a[0] - b[0]);
    return { first: inside[0], last: inside.at(-1), shown: inside.length, nodes: list.space.childElementCount };
  };
  list.show(count);
  await frame();
  const views = [seen()];
  for (const [what, amount] of actions) {
    if (what === "jump") list.scroller.scrollTop = amount * list.scroller.scrollHeight;
    if (what === "wheel") list.scroller.scrollTop += amount;
    if (what === "reveal") list.reveal(amount);
    if (what === "rest") await new Promise((done) => setTimeout(done, amount));
    await frame();
    await frame();
    views.push(seen());
  }
  list.close();
  return views;
}"""


@pytest.mark.parametrize("down", [False, True], ids=["up", "down"])
def test_rows_are_put_in_order(run, rng, down):
    """Ascending and descending; what has no key comes last both ways; equals stay in order."""
    keys = rng.choice([0, 1, 2, 500, 65_533, 65_534, 65_535], 400).astype(int)
    rows = rng.permutation(400)[:250].tolist()
    got = run(
        """(order, { rows, keys, down }) =>
          Array.from(order.sortByKey(Uint32Array.from(rows), Uint16Array.from(keys), 65535, down))""",
        "list/order",
        {"rows": rows, "keys": keys.tolist(), "down": down},
    )
    known = [row for row in rows if keys[row] < 65_535]
    without = [row for row in rows if keys[row] == 65_535]
    expected = sorted(known, key=lambda row: -keys[row] if down else keys[row]) + without
    assert got == expected


def test_names_are_ranked_as_people_order_them(run, rng):
    """Numbers by their size, all else letter by letter; any letters, any length, equal names in the order of rows."""
    names = [f"test/{number}.png" for number in rng.integers(0, 3_000, 300)]
    names += [
        "",
        "a",
        "a\0",
        "ab",
        "\U0001f600",
        "\uffff",
        "z" * 300,
        "9" * 40,
        "1" + "0" * 30,
        "<b>2</b>",
        "a10",
        "a9",
    ]
    names += names[:5]
    got = run("(order, names) => Array.from(order.rankNames(names))", "list/order", names)

    def key(name):
        padded = re.sub(r"[0-9]+", lambda digits: digits[0].rjust(12, "0"), name)
        return padded.encode("utf-16-be", "surrogatepass")

    rows = sorted(range(len(names)), key=lambda row: key(names[row]))
    assert [got[row] for row in rows] == list(range(len(names)))
    assert run("(order, names) => Array.from(order.rankNames(names))", "list/order", ["a1", "a2", "a10"]) == [
        0,
        1,
        2,
    ]


@pytest.mark.parametrize("classes", [2, 7, 300, 1_500])
def test_sums_are_those_of_brute_force(run, rng, classes):
    """Right ones, counts by class, and the largest confusions of some of the rows."""
    n = 900
    true = rng.integers(0, classes, n)
    predicted = np.where(rng.random(n) < 0.5, true, rng.integers(0, classes, n))
    rows = np.flatnonzero(rng.random(n) < 0.6)
    got = run(
        """(tally, { rows, true: truth, predicted, classes }) => {
          const labels = (values) => (classes > 255 ? Uint16Array : Uint8Array).from(values);
          const sums = tally.tally(Uint32Array.from(rows), labels(truth), labels(predicted), classes);
          return { correct: sums.correct, n: sums.n, byTrue: Array.from(sums.byTrue),
            byPredicted: Array.from(sums.byPredicted), ranked: tally.ranked(sums.byTrue),
            largest: tally.largest(sums.errors, 4),
            whole: tally.accuracy(labels(truth), labels(predicted)) };
        }""",
        "list/tally",
        {"rows": rows.tolist(), "true": true.tolist(), "predicted": predicted.tolist(), "classes": classes},
    )
    matrix = confusion_matrix(true[rows], predicted[rows], classes)
    assert (got["n"], got["correct"]) == (len(rows), int(np.trace(matrix)))
    assert got["byTrue"] == [*matrix.sum(axis=1).tolist(), 0]
    assert got["byPredicted"] == [*matrix.sum(axis=0).tolist(), 0]
    assert got["ranked"][0]["count"] == matrix.sum(axis=1).max()
    errors = [(-int(matrix[i, j]), i, j) for i, j in np.argwhere(matrix > 0).tolist() if i != j]
    found = [(-error["count"], error["truth"], error["predicted"]) for error in got["largest"]]
    assert found == sorted(errors)[:4]
    assert got["whole"] == pytest.approx(np.mean(true == predicted))


def test_a_label_of_no_class_is_counted_apart(run):
    """What the classifier says nothing of is neither right nor any class's."""
    got = run(
        """(tally) => {
          const sums = tally.tally(Uint32Array.of(0, 1, 2), Uint8Array.of(0, 1, 1), Uint8Array.of(0, 255, 1), 2);
          return [sums.correct, Array.from(sums.byPredicted), tally.largest(sums.errors, 9)];
        }""",
        "list/tally",
        None,
    )
    assert got == [2, [1, 1, 1], [{"truth": 1, "predicted": 2, "count": 1}]]


@pytest.mark.parametrize("count", [0, 1, 7, 10_000])
def test_a_list_shows_the_lines_in_sight(run, count):
    """At the top, in the middle and at the end: those lines, in their places, with few elements."""
    height = 30
    actions = [["jump", 0.5], ["jump", 1], ["reveal", 0]]
    for view in run(LIST, "list/virtual_list", {"count": count, "height": height, "actions": actions}):
        assert view["nodes"] < 30
        assert view["shown"] == (0 if count == 0 else min(count, view["shown"]))
        if count > 10:
            assert 10 <= view["shown"] <= 11
            assert view["last"][0] - view["first"][0] == view["shown"] - 1
            assert view["last"][1] - view["first"][1] == (view["shown"] - 1) * height
    if count == 10_000:
        top, middle, end, again = run(
            LIST, "list/virtual_list", {"count": count, "height": height, "actions": actions}
        )
        assert (top["first"], end["last"]) == ([0, 0], [count - 1, 300 - height])
        assert middle["first"][0] == pytest.approx(count / 2, abs=1)
        assert again["first"] == [0, 0]


def test_a_list_taller_than_browsers_can_lay_out_is_scaled(run):
    """The scroll bar reaches every end; the wheel moves pixel by pixel; any line can be brought into sight."""
    count, height, tallest = 3_000_000, 40, 1_000_000
    actions = [
        ["wheel", 120],
        ["jump", 0.5],
        ["wheel", -50],
        ["rest", 300],
        ["wheel", 50],
        ["rest", 300],
        ["jump", 1],
        ["rest", 300],
        ["reveal", 1_234_567],
        ["rest", 300],
        ["jump", 0],
    ]
    given = {"count": count, "height": height, "tallest": tallest, "actions": actions}
    views = run(LIST, "list/virtual_list", given)
    offset = [view["first"][0] * height - view["first"][1] for view in views]
    assert offset[0] == 0
    assert offset[1] == pytest.approx(120, abs=1)
    assert views[2]["first"][0] == pytest.approx(count / 2, rel=0.001)
    assert offset[3] - offset[2] == pytest.approx(-50, abs=1)
    assert offset[4] == pytest.approx(offset[3], abs=1)
    assert offset[5] - offset[4] == pytest.approx(50, abs=1)
    assert views[8]["last"] == pytest.approx([count - 1, 300 - height], abs=1)
    assert 1_234_567 in range(views[9]["first"][0], views[9]["last"][0] + 1)
    assert offset[10] == pytest.approx(offset[9], abs=1)
    assert views[11]["first"] == pytest.approx([0, 0], abs=1)
    assert max(view["nodes"] for view in views) < 30
