"""Embedding Atlas's Streamlit component on the same points. A page of `benchmarks.map`."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

import embedding_atlas
import numpy as np
import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from embedding_atlas.options import make_embedding_atlas_props
from PIL import Image

POINTS = os.environ["LAZYBONES_BENCHMARK_POINTS"]
DUCKDB = os.environ["LAZYBONES_BENCHMARK_DUCKDB"]
CDN = "https://cdn.jsdelivr.net/npm/${"
COLUMNS = {"x": "x", "y": "y"}


@st.cache_resource
def component() -> components.v1.CustomComponent:
    """Declare the component, with DuckDB from a server of ours in place of the public one that it names."""
    built = Path(embedding_atlas.__file__).parent / "widget_static" / "streamlit"
    copy = Path(tempfile.mkdtemp(prefix="lazybones-atlas-")) / "streamlit"
    shutil.copytree(built, copy)
    for module in copy.glob("assets/*.js"):
        text = module.read_text(encoding="utf-8")
        before, found, after = text.partition(CDN)
        if found:
            module.write_text(f"{before}{DUCKDB}/${{{after}", encoding="utf-8")
    return components.declare_component("embedding_atlas", path=str(copy))


@st.cache_resource
def table() -> pd.DataFrame:
    """Read the points once a process; images, if there are any, as WebP like ours."""
    with np.load(POINTS) as file:
        frame = pd.DataFrame({"x": file["x"], "y": file["y"], "class": file["names"][file["label"]]})
        if "images" in file:
            frame["image"] = [address(image) for image in file["images"]]
    return frame


def address(image: np.ndarray) -> str:
    """Give an image as a data address."""
    file = BytesIO()
    Image.fromarray(image).save(file, "WEBP", quality=85, method=0)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


st.set_page_config(layout="wide")
frame = table()
shown = {**COLUMNS, "category": "class", **({"image": "image"} if "image" in frame else {})}
state = {"charts": {"1": {"type": "embedding", "title": "Embedding", "data": shown}}}
image = {"image": "image"} if "image" in frame else {}
props = make_embedding_atlas_props(
    **COLUMNS, **image, labels=[], show_table=False, show_charts=False, initial_state=state
)
said = component()(data_frame=frame, props=props, key="map", default={})
st.text(f"selected: {(said or {}).get('predicate')}")
