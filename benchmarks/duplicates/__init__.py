"""How well duplicates are found: ``python -m benchmarks.duplicates``."""
