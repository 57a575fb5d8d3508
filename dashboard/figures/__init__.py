"""Plotly figures and charts: arrays in, pictures out; no Streamlit."""
