"""Many visitors at once, one after another, at a fresh server, and asking for work without an end."""
