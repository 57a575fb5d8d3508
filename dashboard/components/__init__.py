"""Streamlit components: Python on one side, an ES module of ``dashboard/ui`` on the other."""
