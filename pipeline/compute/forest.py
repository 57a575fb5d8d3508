"""Things joined to groups, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Groups = NDArray[np.intp]


class Forest:
    """Join things into groups."""

    def __init__(self, n: int) -> None:
        self._parents = list(range(n))

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Put both of each pair into one group."""
        for a, b in pairs:
            first, second = self._root(a), self._root(b)
            self._parents[max(first, second)] = min(first, second)

    def roots(self) -> Groups:
        """Give each one's group: its lowest member."""
        return np.array([self._root(node) for node in range(len(self._parents))], np.intp)

    def roots_of(self, nodes: NDArray[np.intp]) -> Groups:
        """Give the groups of some."""
        return np.array([self._root(node) for node in nodes.tolist()], np.intp)

    def _root(self, node: int) -> int:
        parents = self._parents
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node


def spanning(first: NDArray[np.intp], second: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Give few pairs that connect what many pairs connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(first):
        return []
    nodes, ends = np.unique(np.concatenate([first, second]), return_inverse=True)
    ends = ends.reshape(2, -1)
    graph = coo_array((np.ones(len(first), np.bool_), (ends[0], ends[1])), shape=(len(nodes), len(nodes)))
    _, groups = connected_components(graph, directed=False)
    heads = nodes[np.unique(groups, return_index=True)[1]][groups]
    return [(head, node) for head, node in zip(heads.tolist(), nodes.tolist(), strict=True) if head != node]


def numbered(names: NDArray[np.intp]) -> Groups:
    """Give groups the numbers from 0, in the order of their first members."""
    _, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    order = np.empty(len(first), np.intp)
    order[np.argsort(first)] = np.arange(len(first))
    return order[inverse]
