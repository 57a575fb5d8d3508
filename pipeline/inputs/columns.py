"""What becomes of the columns of somebody's table: categories, numbers, dates and text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from cache.columns import (
    FILE,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_NAMES,
    Column,
    columns_json,
)
from pipeline.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd

_DATE = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d:?\d\d))?)?", re.ASCII | re.IGNORECASE
)


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """Find what the columns of a table are.

    Numbers, integers too, are numbers. Truth values are categories. Dates, and text of which all is written as
    ISO 8601 has it, are dates, in UTC where they say a zone. Other text is categories where there are at most 1,000
    of them and fewer than half as many as rows with a value; a pandas categorical is so whatever it has.

    Parameters
    ----------
    frame : DataFrame
        At most 50 columns are kept, the first ones. One without a value, or of lists, bytes or structures, is left out.

    Returns
    -------
    list of Column
        Each with a value a row. Infinite numbers and empty texts are no values; texts are cut after 1,000 characters.
    """
    names: list[str] = []
    found: list[Column] = []
    for place in range(frame.shape[1]):
        column = _column(_free_name(frame.columns[place], place, names), frame.iloc[:, place])
        if column is not None and not column.missing.all():
            names.append(column.name)
            found.append(column)
    return found[:MOST_COLUMNS]


def write_columns(draft: Draft, columns: Iterable[Column], rows: NDArray[np.integer[Any]]) -> None:
    """Write columns of a data set's test images; no file where there is no value.

    Parameters
    ----------
    draft : Draft
        Of a data set.
    columns : iterable of Column
        From `columns_of`.
    rows : ndarray of int, shape (n_test,)
        The table's row of each test image; -1 where it has none.

    Raises
    ------
    SourceError
        If they would take more than 32 MB.
    """
    taken = [column.take(rows) for column in columns]
    kept = [column for column in taken if not column.missing.all()]
    size = 0
    if not kept:
        return
    with draft.path(FILE).open("wb") as file:
        for part in columns_json(kept):
            size += file.write(part.encode())
            if size > MOST_BYTES:
                raise SourceError(
                    f"The table's columns must take at most {MOST_BYTES >> 20} MB. Got more.",
                    remedy="the same table without the columns that nobody needs",
                )


def _free_name(label: object, place: int, taken: list[str]) -> str:
    """Give a column's name, which no other has."""
    name = _clean(label, LONGEST_NAME - 5) or f"column {place + 1}"
    others = (f"{name} ({number})" for number in range(2, MOST_COLUMNS + 2))
    return name if name not in taken else next(other for other in others if other not in taken)


def _column(name: str, series: pd.Series) -> Column | None:
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        order = [_clean(value, LONGEST_TEXT) for value in kind.categories]
        return _categories(name, _texts(series), order) or _text(name, _texts(series))
    if pd.api.types.is_bool_dtype(kind):
        return _truths(name, series)
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind):
        return _number(name, series)
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _date(name, series)
    return _of_objects(name, series)


def _of_objects(name: str, series: pd.Series) -> Column | None:
    """Find what a column of texts or other Python values is."""
    values = [value for value in series if _is_value(value)]
    if not all(isinstance(value, str | Real | date) or hasattr(value, "is_finite") for value in values):
        return None
    if all(isinstance(value, bool | np.bool_) for value in values):
        return _truths(name, series)
    if not any(isinstance(value, str | date | bool | np.bool_) for value in values):
        return _number(name, series)
    return _of_texts(name, _texts(series))


def _of_texts(name: str, texts: list[str]) -> Column:
    """Find whether texts are dates or categories."""
    given = [text for text in texts if text]
    if given and all(_DATE.fullmatch(text) for text in given):
        import pandas as pd

        dates = _date(name, pd.Series([text or None for text in texts], dtype=object))
        if dates.missing.sum() == len(texts) - len(given):
            return dates
    if 2 * len(set(given)) < len(given):
        return _categories(name, texts, sorted(set(given), key=_natural)) or _text(name, texts)
    return _text(name, texts)


def _is_value(value: object) -> bool:
    """Say whether a cell has something in it."""
    import pandas as pd

    return not (pd.api.types.is_scalar(value) and pd.isna(value))


def _texts(series: pd.Series) -> list[str]:
    return [_clean(value, LONGEST_TEXT) if _is_value(value) else "" for value in series]


def _clean(value: object, longest: int) -> str:
    """Give a value as text that can be sent: no half of a surrogate pair, not too long."""
    text = str(value).encode("utf-8", "replace").decode().strip()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Order names as people do: 2 before 10."""
    parts = re.split(r"([0-9]{1,18})", text.casefold())
    return [(0, int(part), "") if place % 2 else (1, 0, part) for place, part in enumerate(parts)]


def _number(name: str, series: pd.Series) -> Column:
    values = series.to_numpy(dtype=object if series.dtype == object else None, na_value=np.nan)
    if values.dtype == object:  # a whole number may be too large for a float
        values = np.array([float(str(value)) for value in values])
    if values.dtype in (np.float32, np.float16):
        values = values.astype(str)  # 0.1, not 0.10000000149011612
    numbers = values.astype(np.float64)
    return Column(name, "number", np.where(np.isfinite(numbers), numbers, np.nan))


def _truths(name: str, series: pd.Series) -> Column:
    values = [int(bool(value)) if _is_value(value) else -1 for value in series]
    return Column(name, "category", np.array(values, np.int16), ("false", "true"))


def _date(name: str, series: pd.Series) -> Column:
    import pandas as pd

    moments = pd.to_datetime(series, errors="coerce", utc=True, format="ISO8601")
    values = moments.dt.tz_localize(None).to_numpy().astype("datetime64[ms]")
    years = values.astype("datetime64[Y]").astype(np.int64) + 1970
    ours = ~np.isnat(values) & (years > 0) & (years < 10_000)
    return Column(name, "date", np.where(ours, values, np.datetime64("NaT")))


def _categories(name: str, texts: list[str], order: list[str]) -> Column | None:
    """Give categories, in an order; None where they are too many, or too long."""
    names = tuple(dict.fromkeys(text for text in order if text))
    if len(names) > MOST_NAMES or any(len(text) > LONGEST_NAME for text in names):
        return None
    places = {text: place for place, text in enumerate(names)}
    return Column(name, "category", np.array([places.get(text, -1) for text in texts], np.int16), names)


def _text(name: str, texts: list[str]) -> Column:
    values = np.full(len(texts), None, object)
    values[:] = [text or None for text in texts]
    return Column(name, "text", values)
