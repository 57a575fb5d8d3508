"""A figure that was drawn before, for who wants to see it again: to draw and describe one takes many milliseconds."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure


class Drawn(BaseFigure):  # type: ignore[misc]  # Plotly has no types; and Streamlit draws nothing else
    """Hold what a figure says of itself. It can be shown, and that is all.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        The figure.
    """

    def __init__(self, figure: go.Figure) -> None:
        self._described = figure.to_dict()

    @property
    def meta(self) -> Any:
        """What its layout notes for those who show it."""
        return self._described["layout"].get("meta")

    def to_dict(self) -> dict[str, Any]:
        """Give its description, which must not be changed."""
        described: dict[str, Any] = self._described
        return described
