"""Thumbnails on the map: their small copies, their places, their sheets in memory, and the grid they lie in."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from dashboard.server.columns import encode_cells
from pipeline.maps.grid_layout import grid_cells

pytestmark = pytest.mark.browser


def test_a_level_is_the_mean_of_four_pixels(run, rng):
    """Halving averages each channel of 2 x 2 pixels, rounds, stays opaque, and mixes nothing across thumbnails."""
    pixels = rng.integers(0, 256, (8, 16, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    got = run(
        """(levels, pixels) => {
          const half = levels.halve({ size: 8, width: 16, pixels: Uint32Array.from(pixels) });
          return { size: half.size, width: half.width, pixels: Array.from(half.pixels) };
        }""",
        "render/mipmaps",
        pixels.view("<u4").ravel().tolist(),
    )
    expected = pixels.reshape(4, 2, 8, 2, 4).astype(int).sum(axis=(1, 3))
    expected = (expected + 2) // 4
    assert (got["size"], got["width"]) == (4, 8)
    assert np.array_equal(np.array(got["pixels"], "<u4").view(np.uint8).reshape(4, 8, 4), expected)


def test_the_rest_of_a_square_that_an_image_does_not_fill_is_neutral(run):
    """Where a sheet is transparent its small copies are grey, of every size: neither black nor the class's colour."""
    got = run(
        """async (levels) => {
          const sheet = new OffscreenCanvas(32, 32);
          const context = sheet.getContext("2d");
          context.fillStyle = "#ff0000";
          context.fillRect(0, 8, 32, 16);
          const copies = await levels.makeMipmaps(await sheet.convertToBlob(), 32, 32, 32);
          return copies.map(({ width, pixels }) => [pixels[width / 2], pixels[(width * width + width) / 2]]);
        }""",
        "render/mipmaps",
        None,
    )
    assert len(got) == 3
    assert got == [[0xFF968F8B, 0xFF0000FF]] * 3


@pytest.mark.parametrize("place", [(3, 4), (-5, 2), (17, -3), (40, 4), (5, 18)])
@pytest.mark.parametrize("size", [4, 8, 13])
def test_thumbnails_are_copied_where_they_belong(run, place, size):
    """Nearest pixels of the right thumbnail, with a border, clipped at every edge; nothing else is written."""
    got = run(
        """(blit, { left, top, size }) => {
          const target = { pixels: new Uint32Array(400), width: 20, height: 20 };
          const level = { size: 8, width: 16, pixels: Uint32Array.from({ length: 256 }, (_, i) => 1000 + i) };
          const look = { border: 1, ink: 7, share: 255, background: 0, corner: 0, cornerInk: 0 };
          blit.blit(target, level, 1, 1, { left, top, width: size, height: size }, look);
          return Array.from(target.pixels);
        }""",
        "render/blit",
        {"left": place[0], "top": place[1], "size": size},
    )
    expected = np.zeros((20 + 2 * 40, 20 + 2 * 40), int)
    left, top = place[0] + 40, place[1] + 40
    expected[top - 1 : top + size + 1, left - 1 : left + size + 1] = 7
    near = np.floor((np.arange(size) + 0.5) * 8 / size).astype(int) + 8
    expected[top : top + size, left : left + size] = 1000 + near[:, None] * 16 + near[None]
    assert np.array_equal(np.array(got).reshape(20, 20), expected[40:60, 40:60])


def test_points_are_points_at_home_and_images_when_there_is_room(run):
    """At home nothing is an image, whatever the number; zooming in, images appear and grow, up to a largest size."""
    got = run(
        """(montage, counts) => counts.map((n) => [1, 2, 4, 8, 16, 32, 64, 128, 200].map((zoom) =>
          montage.thumbnailSize(n, { width: 1000, height: 620, zoom, scale: 1 })))""",
        "render/montage",
        [1, 900, 10_000, 100_000, 1_000_000],
    )
    for sizes in got:
        assert sizes[0] == 0
        assert sizes == sorted(sizes)
        assert sizes[-1] >= 32
        assert all(size == 0 or 8 <= size <= 96 for size in sizes)


def test_images_are_crisp_at_whole_multiples(run):
    """Small ones have the size of a level; near a whole multiple of the thumbnail, it is that; tiny ones always are."""
    got = run(
        "(montage, sizes) => sizes.map(([size, cell]) => montage.crisp(size, cell))",
        "render/montage",
        [[8.4, 32], [13, 32], [30, 32], [48, 32], [62.1, 32], [97, 32], [30, 8], [45, 8]],
    )
    assert got == [8, 16, 32, 48, 64, 96, 32, 48]


ATLAS = """async (atlas, { sheets, wanted }) => {
  const png = async () => {
    const canvas = new OffscreenCanvas(64, 64);
    canvas.getContext("2d").fillRect(0, 0, 64, 64);
    return canvas.convertToBlob();
  };
  const file = await png();
  const seen = { most: 0, now: 0, asked: [], open: 0 };
  const [fetched, bitmap] = [window.fetch, window.createImageBitmap];
  window.fetch = async (url) => {
    seen.asked.push(Number(url));
    seen.most = Math.max(seen.most, ++seen.now);
    await new Promise((done) => setTimeout(done, 2));
    seen.now--;
    return url === "3" ? new Response("gone", { status: 404 }) : new Response(file);
  };
  window.createImageBitmap = async (...given) => {
    const image = await bitmap(...given);
    seen.open++;
    const close = image.close.bind(image);
    image.close = () => (seen.open--, close());
    return image;
  };
  try {
    const made = new atlas.Atlas({ urls: Array.from({ length: sheets }, (_, i) => String(i)), cell: 32, columns: 2,
      perSheet: 4 }, () => {});
    made.want(wanted);
    while (made.loading.size || made.queue.length) await new Promise((done) => setTimeout(done, 5));
    const { images, small, failed, trouble } = made;
    const kept = { images: images.size, small: small.size, open: seen.open, failed: [...failed.keys()], trouble };
    made.want(wanted.slice(0, 2)); // there already
    const before = seen.asked.length;
    made.close();
    return { ...seen, kept, again: seen.asked.length - before };
  } finally {
    [window.fetch, window.createImageBitmap] = [fetched, bitmap];
  }
}"""


def test_few_sheets_stay_in_memory_and_none_leaks(run):
    """Two at a time, the most wanted first; six stay decoded, 24 in small; closing frees every bitmap."""
    got = run(ATLAS, "render/atlas", {"sheets": 60, "wanted": list(range(59, -1, -1))})
    assert got["asked"] == list(range(59, 35, -1))
    assert got["most"] <= 2
    assert got["kept"] == {"images": 6, "small": 24, "open": 6, "failed": [], "trouble": ""}
    assert (got["open"], got["again"]) == (0, 0)


def test_a_sheet_that_is_missing_is_asked_for_once(run):
    """A failure is remembered, and the others come."""
    got = run(ATLAS, "render/atlas", {"sheets": 5, "wanted": [3, 0, 1]})
    assert got["kept"]["failed"] == [3]
    assert got["kept"]["trouble"] == "Some images could not be loaded. gone"
    assert sorted(got["asked"]) == [0, 1, 3]


BROKEN = """async (columns, { aborts }) => {
  const body = (end) => new ReadableStream({ start(to) { to.enqueue(new Uint8Array(10)); end(to); } });
  const [fetched, cut] = [window.fetch, new AbortController()];
  window.fetch = async () => new Response(body((to) => to.error(new TypeError("network error"))));
  if (aborts) cut.abort();
  try {
    await columns.getWhole("x", { signal: cut.signal });
    return "whole";
  } catch (error) {
    return columns.reasonOf(error);
  } finally {
    window.fetch = fetched;
  }
}"""


def test_a_transfer_that_breaks_off_is_told_from_a_server_that_is_gone(run):
    """A file that is damaged on its way: not "the server does not answer", and never taken for whole."""
    broken, aborted = (run(BROKEN, "data/columns", {"aborts": aborts}) for aborts in (False, True))
    assert broken.startswith("A file must arrive whole. Got a transfer that broke off")
    assert aborted == "The server does not answer. Try again in a moment."


@pytest.mark.parametrize("shape", [(7, 5), (4, 9)])
def test_each_image_lies_in_the_middle_of_its_cell(run, rng, shape):
    """Row 0 is at the bottom; cells are square; the box is the whole grid; other cells and lengths are refused."""
    columns, rows = shape
    places = rng.permutation(columns * rows)[:20]
    across, up = places % columns, places // columns
    got = run(
        """(layouts, { across, up, columns, rows }) => {
          const n = across.length;
          const points = { n, x: new Uint16Array(n), y: new Uint16Array(n), label: new Uint8Array(n) };
          const bytes = Uint16Array.from([...across, ...up]).buffer;
          const refused = [[bytes.slice(2), { columns, rows }], [bytes, { columns: 1, rows }]].map((given) => {
            try { layouts.grid(given[0], points, given[1]); return ""; } catch (error) { return error.message; }
          });
          const { places, box, cell } = layouts.grid(bytes, points, { columns, rows });
          return { x: Array.from(places.x), y: Array.from(places.y), box, cell, refused };
        }""",
        "space/layouts",
        {"across": across.tolist(), "up": up.tolist(), "columns": columns, "rows": rows},
    )
    cell, box = got["cell"], got["box"]
    assert np.allclose((np.array(got["x"]) - box["left"]) / cell - 0.5, across, atol=1e-3)
    assert np.allclose((np.array(got["y"]) - box["bottom"]) / cell - 0.5, up, atol=1e-3)
    assert (box["right"] - box["left"], box["top"] - box["bottom"]) == pytest.approx(
        (columns * cell, rows * cell)
    )
    assert max(columns, rows) * cell == pytest.approx(65_535)
    assert "80 bytes" in got["refused"][0]
    assert "1 x" in got["refused"][1]


def test_up_is_up_in_the_grid_too(run, rng):
    """What Python lays out and encodes lies, in the browser, on the same side of the map as the point itself."""
    positions = rng.normal(size=(200, 2)) * (2, 1)
    columns, rows, cells = grid_cells(positions)
    got = run(
        """(layouts, { text, n, columns, rows }) => {
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
          const { places } = layouts.grid(bytes, { n, label: new Uint8Array(n) }, { columns, rows });
          return [Array.from(places.x), Array.from(places.y)];
        }""",
        "space/layouts",
        {"text": base64.b64encode(encode_cells(cells)).decode(), "n": 200, "columns": columns, "rows": rows},
    )
    for axis in (0, 1):
        assert np.corrcoef(got[axis], positions[:, axis])[0, 1] > 0.9


def test_points_travel_straight_from_one_layout_to_the_other(run):
    """At 0 they are where they were, at 1 where they go, half way in between."""
    got = run(
        """(layouts, shares) => {
          const from = { x: Uint16Array.of(0, 65535), y: Uint16Array.of(10, 0) };
          const to = { x: Uint16Array.of(65535, 65535), y: Uint16Array.of(20, 65535) };
          const into = { x: new Uint16Array(2), y: new Uint16Array(2) };
          return shares.map((share) => (layouts.between(from, to, share, into), [...into.x, ...into.y]));
        }""",
        "space/layouts",
        [0, 0.5, 1],
    )
    assert got == [[0, 65_535, 10, 0], [32_768, 65_535, 15, 32_768], [65_535, 65_535, 20, 65_535]]
