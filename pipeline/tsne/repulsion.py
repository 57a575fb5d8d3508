"""The repulsive forces of t-SNE, by interpolation on a grid and a fast Fourier transform.

Every point repels every other. The sum over all pairs is a convolution of the points with a smooth kernel:
points are spread over the nodes of a grid, convolved there, and read off again, in time that hardly grows
with their number. Spreading and reading use cubic splines, which interpolate the kernel in both of its
arguments; forces are the derivative of what is read: the exact gradient of the approximate sum, for one
transform and its inverse.

References
----------
Linderman et al. (2019), "Fast interpolation-based t-SNE for improved visualization of single-cell RNA-seq
data", Nature Methods 16:243-245.
Essmann et al. (1995), "A smooth particle mesh Ewald method", J. Chem. Phys. 103:8577-8593.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SPACING = 0.35
"""Distance of the grid's nodes; the kernel's width is 1."""
FEWEST_NODES = 50
"""Along the longer side: a small map has a finer grid."""
MOST_NODES = 2048
"""Along the longer side: a huge map has a coarser one, so that memory stays bounded."""
NODES_BEYOND = 4
SIZE_STEP = 16

Values = NDArray[np.float32]


class Repulsion:
    """Give the forces between all points of a map; keeps the kernel between calls.

    Parameters
    ----------
    finer : int
        Divides the distance of the nodes.
    """

    def __init__(self, finer: int = 1) -> None:
        self._finer = finer
        self._kernel = _Kernel((0, 0), 0.0)

    def __call__(self, points: Values) -> tuple[Values, float]:
        """Give the forces, and what they have to be divided by.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 2)
            The map.

        Returns
        -------
        forces : ndarray of float32, shape (n, 2)
            Sum over j of (y_i - y_j) / (1 + |y_i - y_j|^2)^2.
        total : float
            Sum over all i and other j of 1 / (1 + |y_i - y_j|^2).
        """
        low, spans = points.min(axis=0), np.ptp(points, axis=0)
        spacing = node_spacing(float(spans.max())) / self._finer
        shape = _shape(spans / spacing)
        if (shape, spacing) != (self._kernel.shape, self._kernel.spacing):
            self._kernel = _Kernel(shape, spacing)
        nodes = _Nodes((points - low) / np.float32(spacing), self._kernel.padded[1])
        potential = self._kernel.convolve(nodes.spread(shape[0]))
        values, slopes = nodes.read(potential)
        n = len(points)
        total = float(values.sum(dtype=np.float64)) + n * n * self._kernel.mean - n  # none repels itself
        return slopes * np.float32(-0.5 / spacing), total


def node_spacing(span: float) -> float:
    """Give the distance of nodes: halved until there are enough, so that a growing map seldom changes it."""
    halvings = math.ceil(math.log2(max(1.0, SPACING * FEWEST_NODES / max(span, 1e-30))))
    return max(math.ldexp(SPACING, -halvings), span / MOST_NODES)


def _shape(spans: Values) -> tuple[int, int]:
    """Give the number of nodes along both axes, in steps: a growing map seldom changes it."""
    rows, columns = (math.ceil((float(span) + NODES_BEYOND) / SIZE_STEP) * SIZE_STEP for span in spans)
    return rows, columns


class _Kernel:
    """Convolve values on a grid with 1 / (1 + distance^2), less the ``mean`` of that over the grid.

    The mean has no slope, but on a small map it is nearly all there is: float32 would lose the rest beside it.
    The transform is divided by that of the splines' values at the nodes, once for spreading and once for
    reading: a spline through the nodes is then what is convolved.
    """

    def __init__(self, shape: tuple[int, int], spacing: float) -> None:
        from scipy import fft

        self.shape, self.spacing = shape, spacing
        rows, columns = (int(fft.next_fast_len(max(1, 2 * count), real=True)) for count in shape)
        self.padded = (rows, columns)
        places = (np.arange(count) for count in self.padded)
        down, across = (
            np.minimum(place, count - place) for place, count in zip(places, self.padded, strict=True)
        )
        kernel = np.add.outer(np.square(down, dtype=np.float64), across**2)  # then in place: it is large
        kernel *= spacing**2
        kernel += 1
        np.reciprocal(kernel, out=kernel)
        self.mean = float(kernel.mean())
        kernel -= self.mean
        transform = fft.rfft2(kernel).real
        del kernel
        splines = [(2 + np.cos(2 * np.pi * np.arange(count) / count)) / 3 for count in self.padded]
        weights = np.square(np.multiply.outer(splines[0], splines[1][: columns // 2 + 1]))
        self._transform: Values = np.divide(transform, weights, out=weights).astype(np.float32)

    def convolve(self, density: Values) -> Values:
        """Give the potential of a density, float32, padded to ``padded``."""
        from scipy import fft

        spectrum = fft.rfft2(density, self.padded)
        spectrum *= self._transform
        potential: Values = fft.irfft2(spectrum, self.padded, overwrite_x=True)
        return potential


class _Nodes:
    """Tie each point to the 4 x 4 nodes round it.

    Parameters
    ----------
    places : ndarray of float32, shape (n, 2)
        Points, in units of the grid's spacing from its corner.
    width : int
        Nodes in a padded row.
    """

    def __init__(self, places: Values, width: int) -> None:
        corner = places.astype(np.intp)
        down, across = (places - corner).astype(np.float32).T
        self._width = width
        self._down, self._across = _splines(down), _splines(across)
        offsets = np.add.outer(width * np.arange(4), np.arange(4))
        self._indices = offsets[..., np.newaxis] + (corner[:, 0] * width + corner[:, 1])

    def spread(self, rows: int) -> Values:
        """Give the density of the points, float32 (rows, width)."""
        weights = self._down[0][:, np.newaxis] * self._across[0]
        density = np.bincount(self._indices.ravel(), weights.ravel(), minlength=rows * self._width)
        return density.astype(np.float32).reshape(rows, self._width)

    def read(self, potential: Values) -> tuple[Values, Values]:
        """Give the potential at each point, float32 (n,), and its slope, float32 (n, 2)."""
        near = potential.ravel()[self._indices]
        along, rising = (np.einsum("abn,bn->an", near, weights) for weights in self._across)
        values = np.einsum("an,an->n", self._down[0], along)
        slopes = [np.einsum("an,an->n", self._down[1], along), np.einsum("an,an->n", self._down[0], rising)]
        return values, np.stack(slopes, axis=1)


def _splines(part: Values) -> tuple[Values, Values]:
    """Give the four cubic B-splines' values and slopes a ``part`` (0 to 1) of the way from node to node."""
    rest = 1 - part
    values, slopes = np.empty((4, len(part)), np.float32), np.empty((4, len(part)), np.float32)
    values[0], values[3] = rest**3 / 6, part**3 / 6
    values[1] = 2 / 3 - part**2 * (1 - part / 2)
    values[2] = 1 - values[0] - values[1] - values[3]
    slopes[0], slopes[3] = -(rest**2) / 2, part**2 / 2
    slopes[1] = part * (1.5 * part - 2)
    slopes[2] = -slopes[0] - slopes[1] - slopes[3]
    return values, slopes
