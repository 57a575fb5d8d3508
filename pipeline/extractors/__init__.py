"""Extractors of features: one module, one plug-in."""
