"""What the map draws, pixel by pixel and row by row, compared with brute force."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

STAMP = """async (markers, cases) => {
  const raster = await import("/render/raster.js");
  const { SHAPES } = await import("/render/shapes.js");
  return cases.map(({ left, top, radius, shape, rim = 0, size = 20, clip }) => {
    const target = { pixels: new Uint32Array(size * size), width: size, height: size };
    const scene = { x: Uint16Array.of(1), y: Uint16Array.of(1), colour: Uint16Array.of(0), shape: null,
      palette: Uint32Array.of(0xffffffff), background: 0xff808080 };
    const marker = new markers.MarkerCache(size).marker(shape, radius, rim);
    const layer = { rows: Uint32Array.of(0), markers: [marker], side: 1 };
    const all = { left: 0, top: 0, right: size, bottom: size };
    raster.paintMarkers(target, scene, layer, { scale: 0, left, top }, clip ?? all, 0, 1);
    return Array.from(target.pixels, (pixel) => pixel & 255);
  });
}"""


def test_discs_are_drawn_where_they_belong(run):
    """A disc's weight is its area and its centre of mass its position, at any fraction of a pixel and at the edges."""
    inside = [(10.1, 9.7, 3.25), (10.5, 10.5, 5), (7.9, 12.3, 1.375)]
    cut = [(0, 10, 4), (20, 20, 4), (-30, 5, 4)]
    cases = [{"left": left, "top": top, "radius": radius, "shape": 0} for left, top, radius in inside + cut]
    got = run(STAMP, "render/markers", cases)
    columns, lines = np.meshgrid(np.arange(20) + 0.5, np.arange(20) + 0.5)
    for image, (left, top, radius) in zip(got, inside, strict=False):
        weight = np.array(image).reshape(20, 20) / 255
        assert weight.sum() == pytest.approx(np.pi * radius**2, rel=0.06)
        assert (weight * columns).sum() / weight.sum() == pytest.approx(left, abs=0.16)
        assert (weight * lines).sum() / weight.sum() == pytest.approx(top, abs=0.16)
    assert np.sum(got[3]) / 255 == pytest.approx(np.pi * 16 / 2, rel=0.1)
    assert np.sum(got[4]) / 255 == pytest.approx(np.pi * 16 / 4, rel=0.15)
    assert np.sum(got[5]) == 0


def test_a_point_looks_the_same_inside_and_cut(run):
    """The quick way for whole markers and the careful way for cut ones write the same pixels."""
    whole = {"left": 12.3, "top": 15.6, "radius": 4, "shape": 3, "rim": 1, "size": 32}
    cut = {**whole, "clip": {"left": 11, "top": 0, "right": 32, "bottom": 32}}
    first, second = (
        np.array(pixels).reshape(32, 32) for pixels in run(STAMP, "render/markers", [whole, cut])
    )
    assert np.array_equal(first[:, 11:], second[:, 11:])
    assert not second[:, :11].any()
    assert len(np.unique(first)) > 4


def test_shapes_differ_and_weigh_about_the_same(run):
    """Any two shapes differ in a fifth of their pixels at least; none looks more important than another."""
    cases = [{"left": 15.5, "top": 15.5, "radius": 8, "shape": shape, "size": 32} for shape in range(10)]
    images = np.array(run(STAMP, "render/markers", cases)) / 255
    weights = images.sum(axis=1)
    assert weights.min() > 0.6 * weights.max()
    for first in range(10):
        for second in range(first):
            assert np.abs(images[first] - images[second]).sum() > 0.1 * weights.mean()


PANNED = """async (painter, { n, ratio, moves, seed }) => {
  const { Camera, boundingBox } = await import("/space/camera.js");
  const { compose } = await import("/render/scene.js");
  const { attribute } = await import("/data/attributes.js");
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const many = (type, below) => type.from({ length: n }, () => random() * below);
  const places = { n, x: many(Uint16Array, 65535), y: many(Uint16Array, 65535), label: many(Uint8Array, 3) };
  const lit = Uint8Array.from({ length: n }, () => (random() < 0.7 ? 1 : 0));
  const truth = attribute({ name: "true", kind: "category", values: places.label, names: ["a", "b", "c"],
    paint: "classes" });
  const look = { points: places, attribute: truth, wrong: null, lit, passing: lit, selected: null, chosen: new Set(),
    shapes: true };
  const paints = { classes: ["#ff0000", "#00ff00", "#0000ff"], muted: "#cccccc", none: "#888888",
    wrong: "#ff00ff", background: "#ffffff" };
  const picture = compose(look, paints);
  const camera = new Camera(boundingBox(places.x, places.y));
  const make = () => {
    const [points, overlay] = ["canvas", "canvas"].map((tag) => document.createElement(tag));
    const made = new painter.Painter(points, overlay, (shown) => Object.assign(points.dataset, shown));
    made.resize(200, 120, ratio);
    return made;
  };
  camera.resize(200, 120);
  camera.zoomAt(90, 70, 3);
  const frame = (moving) => ({ places, picture, camera, background: "#ffffff", moving, cell: 0, montage: null });
  const [panned, fresh] = [make(), make()];
  panned.drawWhole(frame(false));
  const different = moves.map(([dx, dy]) => {
    camera.pan(dx / ratio, dy / ratio);
    panned.drawPoints(frame(true));
    fresh.drawWhole(frame(false));
    const [shifted, drawn] = [panned, fresh].map((made) => made.surface.target.pixels);
    return shifted.reduce((count, pixel, i) => count + (pixel !== drawn[i]), 0);
  });
  return { different, qualities: [panned.canvas.dataset.quality, fresh.canvas.dataset.quality] };
}"""


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_pan_shows_what_a_new_drawing_would(run, ratio):
    """Shifted pixels and the strips that come in are the same pixels as a drawing from nothing."""
    moves = [[1, 0], [-17, 5], [0, -23], [40, 31], [3, 3], [-60, -20]]
    got = run(PANNED, "render/painter", {"n": 4_000, "ratio": ratio, "moves": moves, "seed": 7})
    assert got == {"different": [0] * len(moves), "qualities": ["full", "full"]}


def test_a_late_frame_is_coarse_and_refines_by_itself(run):
    """Where a whole frame would be late, squares come first; the markers follow, and are what they would have been."""
    got = run(
        """async (painter, n) => {
          const { Camera, boundingBox } = await import("/space/camera.js");
          const places = { n, x: Uint16Array.from({ length: n }, (_, i) => (i * 7919) % 65536),
            y: Uint16Array.from({ length: n }, (_, i) => (i * 104729) % 65536) };
          const picture = { n, colour: new Uint16Array(n), palette: Uint32Array.of(0xff0000ff), shape: null,
            order: new Uint32Array(0), muted: new Uint32Array(0), faded: new Uint32Array(0),
            fadedWrong: new Uint32Array(0), plain: Uint32Array.from({ length: n }, (_, i) => i),
            marked: new Uint32Array(0) };
          const camera = new Camera(boundingBox(places.x, places.y));
          camera.resize(200, 120);
          const make = (pace) => {
            const [points, overlay] = ["canvas", "canvas"].map((tag) => document.createElement(tag));
    const made = new painter.Painter(points, overlay, (shown) => Object.assign(points.dataset, shown));
            made.resize(200, 120, 1);
            made.pace = pace;
            return made;
          };
          const frame = { places, picture, camera, background: "#ffffff", moving: false, cell: 0, montage: null };
          const [slow, quick] = [make(1), make(0)];
          slow.drawPoints(frame);
          quick.drawPoints(frame);
          const first = slow.canvas.dataset.quality;
          while (slow.canvas.dataset.quality !== "full") await new Promise((done) => setTimeout(done, 5));
          const same = slow.surface.target.pixels.every((pixel, i) => pixel === quick.surface.target.pixels[i]);
          return { first, quick: quick.canvas.dataset.quality, same };
        }""",
        "render/painter",
        30_000,
    )
    assert got == {"first": "coarse", "quick": "full", "same": True}


def test_squares_are_drawn_on_whole_pixels(run):
    """A hurried point is a square of its colour round its place; those beyond the edge write nothing."""
    got = run(
        """(raster) => {
          const target = { pixels: new Uint32Array(100), width: 10, height: 10 };
          const scene = { x: Uint16Array.of(5, 60, 9), y: Uint16Array.of(4, 4, 0), colour: Uint16Array.of(0, 0, 1),
            palette: Uint32Array.of(7, 8) };
          const layer = { rows: Uint32Array.of(0, 1, 2), side: 3 };
          const count = raster.paintSquares(target, scene, layer, { scale: 1, left: 0.5, top: 9.5 });
          return { count, pixels: Array.from(target.pixels) };
        }""",
        "render/raster",
        None,
    )
    pixels = np.array(got["pixels"]).reshape(10, 10)
    assert got["count"] == 1
    assert (pixels[4:7, 4:7] == 7).all()
    assert pixels.sum() == 63


def test_margins_are_coloured_round_zero(run):
    """Margin 0 is in the middle of the scale, both ends are its ends, NaN has a colour of its own."""
    got = run(
        """async (colours, stops) => {
          const { marginShare } = await import("/render/scales.js");
          const palette = colours.scalePalette(stops, "#010203");
          const share = marginShare(2, [-9, 9]);
          const step = (margin) => (Number.isNaN(margin) ? 65535 : ((margin + 9) / 18) * 65534);
          const colour = (margin) => colours.hex(palette[colours.levelOf(share(step(margin)))]);
          return [-2, -9, 0, 2, 9, NaN].map(colour).concat(colours.hex(colours.pack("#A1B2C3")));
        }""",
        "render/colours",
        ["#ff0000", "#808080", "#0000ff"],
    )
    assert got == ["#ff0000", "#ff0000", "#808080", "#0000ff", "#0000ff", "#010203", "#a1b2c3"]


def test_marks_clear_no_more_than_they_drew(run):
    """After a ring moved, nothing of the old one is left, and what lies elsewhere on the canvas is untouched."""
    got = run(
        """async (marks) => {
          const { Camera, boundingBox } = await import("/space/camera.js");
          const places = { n: 2, x: Uint16Array.of(0, 65535), y: Uint16Array.of(0, 65535) };
          const camera = new Camera(boundingBox(places.x, places.y));
          camera.resize(200, 200);
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 200;
          const board = new marks.OverlayCanvas(canvas);
          board.context.fillRect(95, 95, 10, 10);
          const inks = { text: "#000000", background: "#ffffff" };
          const stage = { places, camera, radius: 4, square: 0 };
          const draw = (rings, lines = []) => board.draw({ rings, lines, outline: null }, stage, inks, 1);
          const ink = (left, top) => {
            const { data } = board.context.getImageData(left, top, 60, 60);
            return data.some((value) => value > 0);
          };
          const seen = [];
          for (const row of [0, 1]) {
            draw([{ row, reach: 2, width: 2 }]);
            seen.push([ink(0, 140), ink(140, 0), ink(70, 70)]);
          }
          draw([]);
          seen.push([ink(0, 140), ink(140, 0), ink(70, 70)]);
          return seen;
        }""",
        "render/overlay",
        None,
    )
    assert got == [[True, False, True], [False, True, True], [False, False, True]]
