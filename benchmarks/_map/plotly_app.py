"""What a Streamlit user writes today: ``st.plotly_chart`` with a WebGL scatter. A page of `benchmarks.map`."""

from __future__ import annotations

import os

import numpy as np
import plotly.graph_objects as go
import streamlit as st

POINTS = os.environ["LAZYBONES_BENCHMARK_POINTS"]


@st.cache_resource
def load() -> dict[str, np.ndarray]:
    """Read the points once a process."""
    with np.load(POINTS) as file:
        return {name: file[name] for name in ("x", "y", "label", "names")}


@st.cache_resource
def figure(shift: int, only: str) -> go.Figure:
    """Draw a trace a class, so that the legend isolates classes as ours does."""
    points = load()
    names = points["names"]
    colour = (points["label"] + shift) % len(names)
    traces = []
    for label, name in enumerate(names):
        if only in ("all", name):
            rows = np.flatnonzero(colour == label)
            x, y = points["x"][rows], points["y"][rows]
            traces.append(
                go.Scattergl(x=x, y=y, mode="markers", name=str(name), customdata=rows, marker={"size": 4})
            )
    return go.Figure(traces, {"height": 640, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": "lasso"})


st.set_page_config(layout="wide")
names = [str(name) for name in load()["names"]]
by = st.radio("Colour by", ["class", "next class"], horizontal=True)
only = st.selectbox("Only", ["all", *names])
event = st.plotly_chart(figure(int(by != "class"), only), key="map", on_select="rerun", width="stretch")
st.text(f"{len(event.selection.point_indices)} selected")
