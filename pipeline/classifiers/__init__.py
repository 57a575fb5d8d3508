"""Classifiers: plug-ins that learn the classes from features."""
