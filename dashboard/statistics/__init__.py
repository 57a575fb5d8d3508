"""Counts, intervals and tests over arrays; no Streamlit."""
