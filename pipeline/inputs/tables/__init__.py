"""Tables that somebody brought: what their columns are, and their rows, read in blocks."""
