"""Runs as a folder of static files: the same pages without a server, written once and opened anywhere."""
