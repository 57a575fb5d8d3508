"""Measurements: each module prints a Markdown table when it is run."""
