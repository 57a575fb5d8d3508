"""Names of classes that people may take for one."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence


def names_alike(class_names: Sequence[str]) -> list[tuple[int, ...]]:
    """Find classes whose names differ only by case, spaces, punctuation or the way a character is encoded.

    Names are compared as Unicode does for identifiers without regard to case (NFKC, casefold). Signs such as "+" count,
    as do all characters of a name without letters: "C" is not "C++", and "1.0" not "10".

    Parameters
    ----------
    class_names : sequence of str
        Of a data set.

    Returns
    -------
    list of tuple of int
        Labels whose names are alike, ascending; in the order of the first of each.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for label, name in enumerate(class_names):
        groups[_plain(name)].append(label)
    return [tuple(labels) for labels in groups.values() if len(labels) > 1]


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMNS")
    return kept if any(sign.isalpha() for sign in kept) else folded.strip()
