"""The frozen Inception graph: read, checked, rewritten and run."""
