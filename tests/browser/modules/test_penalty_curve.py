"""The curve that is a slider, without a server: numbers, matrix and flips at each C against brute force."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

import numpy as np
import pytest

from dashboard.components.penalty_curve import Before, CurveContent, Said, Stop, Suggestion, message
from dashboard.server.columns import encode_columns, encode_labels, margin_range
from dashboard.statistics.intervals import paired_difference
from dashboard.statistics.scores import confusion_matrix, wilson_interval
from dashboard.wording.numbers import DASH, counted, interval95, percent, points

pytestmark = pytest.mark.browser

MOUNT = """async ({ default: mount }, { data, files }) => {
  const fetched = globalThis.fetch;
  globalThis.fetch = async (url) => {
    const bytes = files[new URL(url).pathname.split("/").at(-1)];
    return bytes === undefined ? fetched(url) : new Response(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  };
  const host = document.createElement("div");
  host.style.cssText = "width: 1100px; --st-background-color: #ffffff; --st-text-color: #1b1f24";
  document.body.replaceChildren(host);
  const told = (globalThis.told = []);
  mount({ parentElement: host, data, setTriggerValue: (name, value) => told.push([name, value]) });
  const root = host.querySelector(".curve");
  while (Number(root.dataset.loaded ?? 0) < new Set(Object.keys(files)).size - 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  globalThis.root = root;
  const seen = [];
  for (let at = 0; at < data.stops.length; at++) {
    root.querySelector(".thumb").dispatchEvent(new KeyboardEvent("keydown", { key: at ? "ArrowRight" : "Home" }));
    seen.push(READ);
  }
  return seen;
}""".replace(
    "READ",
    """{
      share: root.querySelector(".share").textContent,
      note: root.querySelector(".panel .note").textContent,
      words: root.querySelector(".words").textContent,
      gain: root.querySelector(".gain").textContent,
      counts: ["fixed", "broke"].map((kind) => root.querySelector(`.${kind} b`).textContent),
      rows: ["fixed", "broke"].map((kind) =>
        [...root.querySelectorAll(`.${kind} .tile`)].map((tile) => Number(tile.dataset.row))),
      lines: [...root.querySelectorAll(".tile")].map((tile) => tile.title),
      matrix: root.querySelector(".matrix").dataset.counts,
      spoken: root.querySelector(".thumb").getAttribute("aria-valuetext"),
      elements: root.querySelectorAll("b, script, img").length,
    }""",
)
"""Mounts the curve, walks over all stops by keyboard, and reads what it shows at each, in their order."""


@dataclass(frozen=True)
class Fitted:
    """Hold what planted classifiers say of planted images."""

    true: np.ndarray
    predicted: np.ndarray
    margin: np.ndarray
    names: tuple[str, ...]

    @classmethod
    def draw(cls, rng, n: int, names: tuple[str, ...], stops: int) -> Fitted:
        """Let each C be right on seven images of ten, or so, with margins that fit."""
        k = len(names)
        true = rng.integers(0, k, n)
        predicted = np.where(rng.random((stops, n)) < 0.7, true, rng.integers(0, k, (stops, n)))
        margin = rng.normal(size=(stops, n)).astype(np.float32)
        return cls(true, predicted, margin, names)

    def files(self) -> dict[str, str]:
        """Give the files that the browser fetches."""
        k = len(self.names)
        bodies = {"labels.bin": encode_labels(self.true, k)}
        for i, (predicted, margin) in enumerate(zip(self.predicted, self.margin, strict=True)):
            bodies[f"{i}.bin"] = encode_columns(predicted, predicted, margin, margin, k)
        return {name: base64.b64encode(body).decode() for name, body in bodies.items()}

    def said(self, i: int) -> Said:
        """Name the file of a C."""
        return Said(f"columns/{i}.bin", margin_range(self.margin[i], self.margin[i]))

    def content(self, at: int) -> CurveContent:
        """Describe the curve with the thumb and the baseline at one of its stops, compared with the next."""
        stops = [
            Stop(
                10.0 ** (i - 6),
                f"10^{i - 6}",
                f"C = 10^{i - 6}",
                self.said(i),
                int(right),
                0.9,
                (0.7, 0.01),
                "7",
            )
            for i, right in enumerate((self.predicted == self.true).sum(axis=1))
        ]
        suggestion = Suggestion(stops[at + 1].C, "The next one:") if len(stops) > 1 else None
        return CurveContent(
            n=len(self.true), names=self.names, labels="labels/labels.bin", sheets=None, stops=stops,
            C=stops[at].C, own=stops[at].C, best=None,
            before=Before(stops[at].C, f"C = {stops[at].name}", self.said(at)),
            suggestion=suggestion, called={"test": "Test", "train": "Training", "validation": "Cross-validated"},
            measured="right", judged="image",
        )  # fmt: skip


def walked(run, fitted: Fitted, at: int, **changes):
    """Mount the curve and walk over its stops."""
    content = replace(fitted.content(at), **changes)
    return run(MOUNT, "curve/entry", {"data": message(content), "files": fitted.files()}), content


def test_numbers_matrix_and_flips_of_thirteen_values_are_those_of_brute_force(run, rng):
    """At each: accuracy, interval, change, counts, the images whose margin moves most, and the matrix."""
    fitted = Fitted.draw(rng, 3000, tuple(f"class {i}" for i in range(10)), 13)
    at = 5
    seen, content = walked(run, fitted, at)
    assert len(seen) == 13
    for i, (stop, shown) in enumerate(zip(content.stops, seen, strict=True)):
        true, now = fitted.true, fitted.predicted[i]
        right = int((now == true).sum())
        assert shown["share"] == percent(right / 3000)
        assert shown["note"] == f"{interval95(*wilson_interval(right, 3000))}, 3,000 images"
        assert shown["spoken"] == f"C = {stop.name}, {percent(right / 3000)} right"
        assert shown["matrix"].split() == [str(n) for n in confusion_matrix(true, now, 10).ravel()]
        to = at + 1 if i == at else i
        was, then = fitted.predicted[at], fitted.predicted[to]
        groups = [
            np.flatnonzero((was != true) & (then == true)),
            np.flatnonzero((was == true) & (then != true)),
        ]
        assert shown["counts"] == [str(len(rows)) for rows in groups]
        gain = paired_difference(len(groups[0]), len(groups[1]), 3000)
        assert f"{points(gain.value)} points, {interval95(gain.low, gain.high, points)}" in shown["gain"]
        lost = [int((true[groups[1]] == c).sum() - (true[groups[0]] == c).sum()) for c in range(10)]
        worst = f"class {int(np.argmax(lost))} loses most: {counted(max(lost), 'image')} fewer right."
        assert shown["gain"].endswith(worst if max(lost) > 0 else "No class has fewer images right.")
        moved = np.abs(fitted.margin[to] - fitted.margin[at])
        for rows, tiles in zip(groups, shown["rows"], strict=True):
            assert 3 <= len(tiles) <= min(len(rows), 12)
            assert set(tiles) <= set(rows.tolist())
            step = 1e-3  # margins are sent in steps
            assert (np.diff(moved[tiles]) <= step).all()
            assert moved[tiles].min() >= np.sort(moved[rows])[-len(tiles)] - step
        assert shown["words"] == ("The next one:" if i == at else f"From C = 10^-1 to C = {stop.name}")


def test_hostile_names_are_text(run, rng):
    """Markup in a class's name is what it says, on tiles and under the pointer; two classes are enough."""
    names = ("<b>bold</b><img src=x onerror=alert(1)>", "[link](javascript:alert(1)) ${x}")
    fitted = Fitted.draw(rng, 200, names, 3)
    seen, _ = walked(run, fitted, 1)
    for shown in seen:
        assert shown["elements"] == 2  # the two counts
        assert any(names[0] in line and names[1] in line for line in shown["lines"])


def test_one_value_of_C_is_a_curve_too(run, rng):
    """It is shown with its numbers; there is nothing to compare, and that is said."""
    fitted = Fitted.draw(rng, 100, ("cat", "dog"), 1)
    seen, content = walked(run, fitted, 0)
    (shown,) = seen
    assert shown["share"] == percent(content.stops[0].right / 100)
    assert shown["words"] == "There is nothing to compare yet: fit another C below."
    assert shown["counts"] == ["0", "0"]


def test_many_classes_have_no_small_matrix(run, rng):
    """Over twenty it could not be read."""
    fitted = Fitted.draw(rng, 400, tuple(f"class {i}" for i in range(21)), 2)
    seen, _ = walked(run, fitted, 0)
    assert all(shown["matrix"] is None for shown in seen)
    assert run("() => root.querySelector('.matrix').hidden", "curve/entry", None)


def test_what_is_not_fitted_says_so(run, rng):
    """Such a stop has no numbers; letting go asks for it."""
    fitted = Fitted.draw(rng, 100, ("cat", "dog"), 2)
    stops = fitted.content(0).stops
    seen, _ = walked(run, fitted, 0, stops=[*stops, Stop(1e3, "1000", "C = 1000")])
    assert seen[-1]["spoken"] == "C = 1000, not fitted yet"
    assert seen[-1]["share"] == DASH
    told = run(
        "async () => { await new Promise((done) => setTimeout(done, 1200)); return told; }",
        "curve/entry",
        None,
    )
    assert told == [["picked", 1000]]


def test_python_hears_of_a_C_only_when_it_is_let_go(run, rng):
    """Thirteen values passed by key are one message."""
    fitted = Fitted.draw(rng, 100, ("cat", "dog"), 13)
    walked(run, fitted, 5)
    told = run(
        "async () => { await new Promise((done) => setTimeout(done, 1200)); return told; }",
        "curve/entry",
        None,
    )
    assert told == [["picked", 1e6]]


def test_scales_place_and_find_every_value(run, rng):
    """The nearest value to where one stands is itself; ticks lie inside."""
    penalties = np.sort(10 ** rng.uniform(-6, 6, 30)).tolist()
    frame = {"width": 900, "height": 270, "left": 52, "right": 14, "top": 40, "bottom": 34}
    for Cs in (penalties, penalties[:1]):
        got = run(
            """({ Scales }, { Cs, frame }) => {
              const scales = new Scales(Cs, [0.5, 0.9], frame);
              return { found: Cs.map((C) => scales.nearest(scales.x(C), Cs)), xs: Cs.map((C) => scales.x(C)),
                ticks: scales.shareTicks.map((share) => scales.y(share)) };
            }""",
            "curve/scale",
            {"Cs": Cs, "frame": frame},
        )
        assert got["found"] == list(range(len(Cs)))
        assert all(52 < x < 886 for x in got["xs"])
        assert len(got["ticks"]) >= 2
        assert all(40 <= y <= 236 for y in got["ticks"])


@pytest.mark.parametrize(("power", "text"), [(-6, "10⁻⁶"), (-2, "0.01"), (0, "1"), (2, "100"), (3, "10³")])
def test_powers_of_ten_are_written_as_python_writes_them(run, power, text):
    """Along the axis."""
    assert run("({ powerOfTen }, power) => powerOfTen(power)", "curve/scale", power) == text


LIVE = """async ({ default: mount }, { before, after, files, late }) => {
  const decoded = (name) => new Response(Uint8Array.from(atob(files[name]), (c) => c.charCodeAt(0)));
  let arrive;
  const held = new Promise((resolve) => (arrive = () => resolve(decoded(late))));
  const fetched = globalThis.fetch;
  globalThis.fetch = async (url) => {
    const name = new URL(url).pathname.split("/").at(-1);
    return name === late ? held : name in files ? decoded(name) : fetched(url);
  };
  const host = document.createElement("div");
  host.style.cssText = "width: 1100px; --st-background-color: #ffffff; --st-text-color: #1b1f24";
  document.body.replaceChildren(host);
  const tell = (data) => mount({ parentElement: host, data, setTriggerValue: () => {} });
  const until = async (holds) => { while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10)); };
  tell(before);
  const root = host.querySelector(".curve");
  const seen = () => ({
    title: root.querySelector(".matrix h3").textContent,
    isDrawn: root.querySelector(".matrix canvas").style.visibility !== "hidden",
    gain: root.querySelector(".gain").textContent,
    fixed: root.querySelector(".fixed h3").textContent,
  });
  await until(() => root.querySelector(".matrix").dataset.counts);
  tell(after);
  await until(() => root.dataset.shown === String(after.C));
  const waiting = seen();
  arrive();
  await until(() => root.querySelector(".matrix").dataset.counts);
  return [waiting, seen()];
}"""
"""Mounts the curve, then tells it of one more C, whose answers come late: what is seen before and after they come."""


def test_what_is_fitted_live_is_shown_whole_as_soon_as_its_answers_are_there(run, rng):
    """Until then no picture of another C stands under its name."""
    fitted = Fitted.draw(rng, 300, ("cat", "dog", "owl"), 3)
    whole = fitted.content(0)
    before = replace(whole, stops=whole.stops[:2])
    after = replace(whole, C=whole.stops[2].C)
    told = {"before": message(before), "after": message(after), "files": fitted.files(), "late": "2.bin"}
    waiting, there = run(LIVE, "curve/entry", told)
    assert waiting == {
        "title": "Confusion at C = 10^-4…",
        "isDrawn": False,
        "gain": "…",
        "fixed": "✓ Fixed … wrong at C = 10^-6, right at C = 10^-4",
    }
    assert (there["title"], there["isDrawn"]) == ("Confusion at C = 10^-4", True)
    assert "points, 95% interval" in there["gain"]
    fixed = ((fitted.predicted[0] != fitted.true) & (fitted.predicted[2] == fitted.true)).sum()
    assert there["fixed"] == f"✓ Fixed {fixed} wrong at C = 10^-6, right at C = 10^-4"
