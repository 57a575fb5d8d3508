"""Classes out of a column of a table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.types as kinds
from numpy.typing import NDArray

from cache.limits import CLASSES, NAME
from pipeline.errors import SourceError
from pipeline.inputs.files import list_briefly
from pipeline.inputs.image_folders import readable

_WHOLE = re.compile(r"(-?(?:0|[1-9]\d{0,17}))(?:\.0+)?", re.ASCII)


@dataclass(frozen=True)
class Classes:
    """Hold the class of each row.

    Attributes
    ----------
    names : tuple of str
        In the order of an ordered column, of Hugging Face's names, of whole numbers, or else of the alphabet; classes
        without a row too, where the column names them.
    labels : ndarray of int16, shape (n,)
        Index into ``names``; -1 where a row has none.
    respelled : tuple of str
        Of the names, those that are written in several ways: "cat" and "cat ", 1 and 1.0.
    """

    names: tuple[str, ...]
    labels: NDArray[np.int16]
    respelled: tuple[str, ...] = ()

    def notes(self) -> list[str]:
        """Give what people should know of them."""
        said = f"Classes written in several ways, as with blanks, are one each: {list_briefly([*self.respelled])}."
        return [said] if self.respelled else []


def classes_of(column: pa.ChunkedArray, title: str, names: tuple[str, ...] = ()) -> Classes:
    """Find the classes of a column of text, whole numbers, truth values or categories.

    Parameters
    ----------
    column : ChunkedArray
        A value a row; a missing or empty one is no class.
    title : str
        What it is called.
    names : tuple of str, optional
        Of the numbers in it, where they are known: 0 is the first; one outside is no class.

    Raises
    ------
    SourceError
        If it has values that are no classes, or too many of them.
    """
    if names and kinds.is_integer(column.type):
        return _named(column, title, names)
    is_ordered = kinds.is_dictionary(column.type) and column.type.ordered
    listed = (
        column.unify_dictionaries().chunk(0).dictionary.to_pylist()
        if is_ordered and column.num_chunks
        else []
    )
    plain = compute.dictionary_encode(
        column.cast(column.type.value_type) if kinds.is_dictionary(column.type) else column
    )
    coded = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    values = coded.dictionary.to_pylist()
    _check_number(title, len(values))
    texts = [_text(title, value) for value in values]
    order = list(dict.fromkeys(_text(title, value) for value in listed)) if is_ordered else _in_order(texts)
    places = {text: place for place, text in enumerate(filter(None, order))}
    _check_number(title, len(places))
    numbers = np.array([places.get(text, -1) for text in [*texts, ""]], np.int16)
    ways = Counter(texts)
    return Classes(
        tuple(places),
        numbers[np.asarray(coded.indices.fill_null(len(texts)))],
        tuple(text for text in places if ways[text] > 1),
    )


def _named(column: pa.ChunkedArray, title: str, names: tuple[str, ...]) -> Classes:
    """Give classes whose numbers and names are known."""
    _check_number(title, len(names))
    shown = tuple(readable(name)[:NAME] for name in names)
    if len(set(shown)) < len(shown) or not all(shown):
        raise SourceError(f"Names of the classes of {title} must differ. Got {', '.join(shown[:8])}.")
    numbers = np.asarray(column.fill_null(-1)).astype(np.int64)
    return Classes(shown, np.where((numbers >= 0) & (numbers < len(shown)), numbers, -1).astype(np.int16))


def _check_number(title: str, count: int) -> None:
    if count > CLASSES:
        raise SourceError(
            f"label must be a column of at most {CLASSES:,} classes. Got {title}, with {count:,} of them.",
            remedy="the same command with the option label and another column; none for no classes",
        )


def _text(title: str, value: object) -> str:
    """Give a value as the name of a class; nothing where it says nothing."""
    if isinstance(value, bool | str | int):
        text = readable(str(value).strip())[:NAME]
        whole = _WHOLE.fullmatch(text)
        return whole[1] if whole else text
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if value is None or value != value:
        return ""
    raise SourceError(
        f"label must be a column of text, whole numbers, truth values or categories. Got {title}, with {value}.",
        remedy="the same command with the option label and another column; none for no classes",
    )


def _in_order(texts: list[str]) -> list[str]:
    """Order names: whole numbers as such, else as the alphabet has them."""
    different = set(filter(None, texts))
    if all(_WHOLE.fullmatch(text) for text in different):
        return sorted(different, key=int)
    return sorted(different)
