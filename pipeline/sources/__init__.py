"""Sources of labelled images: one module, one plug-in."""
