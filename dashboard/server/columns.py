"""The map's columns as compact bytes; ``dashboard/ui/data/columns.js`` reads them."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.columns import Column

LAYOUT = 2
"""Version of the byte layout. It is part of every digest, so that no browser reads old bytes with new code."""

VERDICT = ("predicted_label", "runner_up_label", "margin", "runner_up_margin")
"""What a classifier says of a test image: the arrays that are sent, in this order."""

STEPS = 65_534
"""Highest quantised margin."""

SIDE = 65_535
"""Of the square that positions are scaled into."""

NO_MARGIN = 65_535
"""Stands for a margin that is not a number."""


def encode_points(positions: NDArray[np.floating[Any]], labels: NDArray[Any], n_classes: int) -> bytes:
    """Encode where the points are, and what they truly are.

    Parameters
    ----------
    positions : ndarray of float, shape (n, 2)
        The projection.
    labels : ndarray of int, shape (n,)
        True labels.
    n_classes : int
        Number of classes; decides the width of a label.

    Returns
    -------
    bytes
        x uint16 (n), y uint16 (n), label uint8 or uint16 (n), little-endian.

    Raises
    ------
    ValueError
        If the lengths differ, or a position is not finite.
    """
    if positions.shape != (len(labels), 2):
        raise ValueError(f"positions must have shape ({len(labels)}, 2). Got {positions.shape}.")
    return quantise_positions(positions).T.tobytes() + encode_labels(labels, n_classes)


def encode_columns(
    predicted: NDArray[Any],
    runner_up: NDArray[Any],
    margin: NDArray[np.floating[Any]],
    runner_up_margin: NDArray[np.floating[Any]],
    n_classes: int,
) -> bytes:
    """Encode what a classifier says about the points.

    Parameters
    ----------
    predicted, runner_up : ndarray of int, shape (n,)
        Labels; a negative one means none.
    margin : ndarray of float, shape (n,)
        True class against its strongest rival.
    runner_up_margin : ndarray of float, shape (n,)
        Predicted class against the runner-up. It is sent as its difference to ``margin``: where the prediction is
        right they are the same, and zeros cost nothing once compressed.
    n_classes : int
        Number of classes.

    Returns
    -------
    bytes
        predicted and runner-up label, uint8 or uint16 (n) each, then the step of margin, and the step of runner-up
        margin minus that of margin modulo 65,536, uint16 (n) each, little-endian.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    lengths = [len(column) for column in (predicted, runner_up, margin, runner_up_margin)]
    if len(set(lengths)) > 1:
        raise ValueError(f"columns must have one length. Got {', '.join(map(str, lengths))}.")
    low, high = margin_range(margin, runner_up_margin)
    steps, runner_up_steps = (quantise_margin(exact, low, high) for exact in (margin, runner_up_margin))
    labels = encode_labels(predicted, n_classes) + encode_labels(runner_up, n_classes)
    return labels + steps.tobytes() + (runner_up_steps - steps).astype("<u2").tobytes()


def encode_cells(cells: NDArray[np.integer[Any]]) -> bytes:
    """Encode the cells of the grid layout.

    Parameters
    ----------
    cells : ndarray of int, shape (n, 2)
        Column and row, as `pipeline.maps.grid_layout.grid_cells` gives them.

    Returns
    -------
    bytes
        Column uint16 (n), row uint16 (n), little-endian.
    """
    return cells.astype("<u2").T.tobytes()


def quantise_positions(positions: NDArray[np.floating[Any]]) -> NDArray[np.uint16]:
    """Scale positions into the square 0..65535, both axes alike, centred.

    Parameters
    ----------
    positions : ndarray of float, shape (n, 2)
        Points that are all in one place go to the middle.

    Returns
    -------
    ndarray of uint16, shape (n, 2)
        Little-endian; y grows upwards, as in the projection.

    Raises
    ------
    ValueError
        If a position is not finite.
    """
    exact = np.asarray(positions, dtype=np.float64)
    if not np.isfinite(exact).all():
        raise ValueError("positions must be finite. Got NaN or infinity.")
    if exact.size == 0:
        return np.zeros((0, 2), dtype="<u2")
    quantised: NDArray[np.uint16] = np.clip(np.rint(among(exact, exact)), 0, SIDE).astype("<u2")
    return quantised


def among(places: NDArray[np.floating[Any]], positions: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Give places, float64 (g, 2), in the square of all positions (n, 2), from 0 to 65535; some may lie outside."""
    low, high = (np.asarray(edge, np.float64) for edge in (positions.min(axis=0), positions.max(axis=0)))
    extent = float((high - low).max()) or 1.0
    shares: NDArray[np.float64] = (np.asarray(places, np.float64) - (low + high) / 2) / extent + 0.5
    return shares * SIDE


def margin_range(*margins: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Give the lowest and highest finite margin; (0, 0) where there is none.

    Parameters
    ----------
    *margins : ndarray of float, shape (n,)
        May hold NaN.
    """
    known = np.concatenate(margins)
    known = known[np.isfinite(known)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def quantise_margin(margin: NDArray[np.floating[Any]], low: float, high: float) -> NDArray[np.uint16]:
    """Turn margins into steps: 0 is ``low``, ``STEPS`` is ``high``.

    Parameters
    ----------
    margin : ndarray of float, shape (n,)
        What is not finite becomes ``NO_MARGIN``.
    low, high : float
        As `margin_range` gives them.

    Returns
    -------
    ndarray of uint16, shape (n,)
        Little-endian.
    """
    exact = np.asarray(margin, dtype=np.float64)
    known = np.isfinite(exact)
    scale = STEPS / (high - low) if high > low else 0.0
    steps = np.rint((np.where(known, exact, low) - low) * scale)
    return np.where(known, np.clip(steps, 0, STEPS), NO_MARGIN).astype("<u2")


def shown_margins(margin: NDArray[np.floating[Any]], low: float, high: float) -> NDArray[np.float64]:
    """Give margins as the browser has them: of steps, float64 (n,), NaN for none; parameters as `quantise_margin`."""
    steps = quantise_margin(margin, low, high)
    return np.where(steps == NO_MARGIN, np.nan, low + (steps / STEPS) * (high - low))


def encode_values(column: Column) -> bytes | None:
    """Encode a column of a table.

    Parameters
    ----------
    column : Column
        Of n values.

    Returns
    -------
    bytes or None
        Categories as `encode_labels` has labels; numbers float64 (n), dates as milliseconds since 1970, float64 (n),
        little-endian, NaN for none; None for text.
    """
    if column.kind == "category":
        return encode_labels(column.values, len(column.names))
    if column.kind == "number":
        return column.values.astype("<f8").tobytes()
    if column.kind == "date":
        moments = column.values.astype("datetime64[ms]").astype(np.int64).astype("<f8")
        return np.where(column.missing, np.nan, moments).astype("<f8").tobytes()
    return None


def encode_labels(labels: NDArray[Any], n_classes: int) -> bytes:
    """Encode labels: a byte each up to 255 classes, else two; the highest value stands for "none".

    Raises
    ------
    ValueError
        If a label is not below ``n_classes``.
    """
    wide = n_classes > 255
    if len(labels) and int(np.max(labels)) >= n_classes:
        raise ValueError(f"labels must be below {n_classes}. Got {int(np.max(labels))}.")
    none = 65_535 if wide else 255
    return np.where(labels < 0, none, labels).astype("<u2" if wide else "u1").tobytes()


def digest(*parts: str) -> str:
    """Give 12 hex digits that change with any of the parts, and with the byte layout.

    Parameters
    ----------
    *parts : str
        Digests of the artefacts that an encoding reads.
    """
    return hashlib.sha256("/".join((str(LAYOUT), *parts)).encode()).hexdigest()[:12]
