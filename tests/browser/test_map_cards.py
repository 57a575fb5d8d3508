"""The map's cards, pins and neighbours: what they say is what the run says."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("n", [1, 30, 700])
def test_torn_neighbours_are_those_of_the_rule(run, rng, n):
    """Far on the map and not among the nearest there: the module and brute force agree, ties included."""
    x, y = rng.integers(0, 40, (2, n)) * 1600
    row, others = n // 2, [other for other in rng.permutation(n)[:20].tolist() if other != n // 2]
    got = run(
        """(torn, { x, y, row, others }) => {
          const places = { n: x.length, x: Uint16Array.from(x), y: Uint16Array.from(y) };
          return [torn.tornApart(places, row, others), torn.nearestOnMap(x.length)];
        }""",
        "torn",
        {"x": x.tolist(), "y": y.tolist(), "row": row, "others": others},
    )
    distance = np.hypot(x - x[row], y - y[row])
    extent = max(np.ptp(x), np.ptp(y))
    nearest = min(100, int(0.2 * n))
    ranks = [(np.delete(distance, row) < distance[other]).sum() for other in others]
    expected = [
        bool(distance[o] > 0.15 * extent and rank >= nearest) for o, rank in zip(others, ranks, strict=True)
    ]
    assert got == [expected, nearest]
    assert n < 700 or True in expected


@pytest.mark.parametrize(
    ("ahead", "words"), [(0.534, "0.53 behind"), (-0.2, "0.20 ahead"), (-0.001, "0.00 behind"), (None, "")]
)
def test_a_runner_up_is_so_far_behind(run, ahead, words):
    """Predicted against runner-up, in words; where votes went in circles the runner-up can be ahead."""
    assert run("(facts, ahead) => facts.behind(ahead)", "facts", ahead) == words


@pytest.mark.parametrize(("cell", "side"), [(8, 128), (28, 112), (32, 128), (200, 128)])
def test_a_small_image_keeps_its_pixels_square(run, rng, cell, side):
    """Enlarged by a whole factor and centred, pixel for pixel; a larger one fills the canvas."""
    pixels = rng.integers(0, 256, (cell, cell, 3))
    drawn = run(
        """async (thumbnail, { cell, rgba }) => {
          const sheet = await createImageBitmap(new ImageData(Uint8ClampedArray.from(rgba), cell, cell));
          const canvas = document.createElement("canvas");
          const state = thumbnail.drawThumbnail(canvas, { image: sheet, left: 0, top: 0, size: cell }, 128);
          const { data } = canvas.getContext("2d").getImageData(0, 0, 128, 128);
          return [state, canvas.width, Array.from(data)];
        }""",
        "thumbnail",
        {"cell": cell, "rgba": np.dstack([pixels, np.full((cell, cell), 255)]).ravel().tolist()},
    )
    state, width, data = drawn
    picture = np.array(data).reshape(128, 128, 4)
    edge = (128 - side) // 2
    assert (state, width) == ("ready", 128)
    assert np.ptp(picture[..., 3][edge : edge + side, edge : edge + side]) == 0
    assert picture[..., 3].sum() == side * side * 255
    if cell <= 128:
        factor = side // cell
        even = np.kron(pixels, np.ones((factor, factor, 1)))
        assert np.array_equal(picture[edge : edge + side, edge : edge + side, :3], even)


@pytest.mark.parametrize("cell", ["loading", "missing"])
def test_without_an_image_nothing_is_left_of_the_last_one(run, cell):
    """The canvas is cleared, and its state told."""
    script = """(thumbnail, cell) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      canvas.getContext("2d").fillRect(0, 0, 64, 64);
      const state = thumbnail.drawThumbnail(canvas, cell, 64);
      return [state, canvas.getContext("2d").getImageData(0, 0, 64, 64).data.some((value) => value !== 0)];
    }"""
    assert run(script, "thumbnail", cell) == [cell, False]


def test_names_are_text_and_never_markup(run):
    """A hostile name stays what it is: characters."""
    script = """(element, name) => {
      const made = element.element("p", { title: name, hidden: false }, name);
      return [made.children.length, made.textContent, made.title, made.hidden];
    }"""
    name = "<img src=x onerror=alert(1)> \"quoted\" 'too'"
    assert run(script, "element", name) == [0, name, name, False]
