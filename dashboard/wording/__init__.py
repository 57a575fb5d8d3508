"""Numbers, settings and names as people read them; no Streamlit."""
