"""Projections: plug-ins that give each image a place in the plane."""
