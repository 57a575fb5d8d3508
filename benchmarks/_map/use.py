"""A scripted viewer: moves the pointer along a seeded path, drags the map, draws a lasso."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks._map.visit import HEIGHT, WIDTH

STEP = 12.0  # pixels between two moves
PAUSE = 16  # milliseconds
INNER = (0.25, 0.75)  # the part of the stage, each way, that surely has points


def path(box: dict[str, float], moves: int, seed: int) -> Iterator[tuple[float, float]]:
    """Walk at random over the middle of the stage."""
    rng = np.random.default_rng(seed)
    low, high = _corners(box)
    place, direction = (low + high) / 2, 0.0
    for _ in range(moves):
        direction += rng.normal(0, 0.6)
        place = place + STEP * np.array([np.cos(direction), np.sin(direction)])
        if (place < low).any() or (place > high).any():
            direction += np.pi / 2
            place = np.clip(place, low, high)
        yield float(place[0]), float(place[1])


def _corners(box: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    start, size = np.array([box["x"], box["y"]]), np.array([box["width"], box["height"]])
    low, high = start + INNER[0] * size, start + INNER[1] * size
    return low, np.minimum(high, [WIDTH - 20, HEIGHT - 20])


def hover(page: Any, box: dict[str, float], moves: int, seed: int = 0) -> None:
    """Move the pointer about."""
    for place in path(box, moves, seed):
        page.mouse.move(*place)
        page.wait_for_timeout(PAUSE)


def pan(page: Any, box: dict[str, float], moves: int) -> None:
    """Drag to and fro, and back to where it began."""
    low, high = _corners(box)
    x, y = (low + high) / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for turn in np.linspace(0, 4 * np.pi, moves):
        page.mouse.move(x + 90 * np.sin(turn), y + 40 * np.sin(2 * turn))
        page.wait_for_timeout(PAUSE)
    page.mouse.up()


def lasso(page: Any, box: dict[str, float], share: float, rim: float = 4.0) -> None:
    """Draw round the left part of the stage, ``share`` of its width, ``rim`` pixels from its edge."""
    right = box["x"] + share * box["width"]
    left, top = box["x"] + rim, max(box["y"], 0) + rim
    bottom = min(box["y"] + box["height"], HEIGHT) - rim
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=12)
    page.wait_for_timeout(100)
    page.mouse.up()


def zoom(page: Any, box: dict[str, float], turns: list[int]) -> None:
    """Turn the wheel over the middle, notch by notch."""
    low, high = _corners(box)
    page.mouse.move(*((low + high) / 2))
    for turn in turns:
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(PAUSE)
