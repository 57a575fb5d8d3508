"""A run's classifier at other settings, and what is asked of it later."""
