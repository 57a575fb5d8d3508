"""A table of further columns, one of each kind, with gaps and hostile texts: what pages and the map are tested on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.hostile_names import NAMES

WEATHER = ("cloud", "fog", "rain", "sun")
MANY = 30


def table(n: int, seed: int = 3) -> pd.DataFrame:
    """Give a row for each of n images.

    Parameters
    ----------
    n : int
        100 or more, so that the many categories are no text.
    seed : int
        Equal seeds give equal tables.
    """
    rng = np.random.default_rng(seed)
    some = rng.random((n, 5)) < 0.1
    weather = rng.choice(WEATHER, n, p=[0.4, 0.1, 0.2, 0.3]).astype(object)
    camera = np.array([f"camera {i}" for i in range(MANY)], object)[
        np.sort(rng.integers(0, MANY, n) ** 2 // MANY)
    ]
    days = np.datetime64("2024-01-01") + rng.integers(0, 400, n).astype("timedelta64[D]")
    price = np.exp(rng.normal(3, 1, n)).round(2)
    notes = np.array([f"{NAMES[i % len(NAMES)]} no. {i}" for i in range(n)], object)
    weather[some[:, 0]], camera[some[:, 1]], notes[some[:, 4]] = None, None, None
    price[some[:, 2]], days[some[:, 3]] = np.nan, np.datetime64("NaT")
    hostile = np.array([NAMES[i % 5] for i in range(n)], object)
    columns = {
        "weather": weather,
        "price": price,
        "taken": days,
        "camera": camera,
        "note": notes,
        "indoors": some[:, 0],
    }
    return pd.DataFrame({**columns, NAMES[1]: hostile, "year": rng.integers(1990, 2025, n)})
