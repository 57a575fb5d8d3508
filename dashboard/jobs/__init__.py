"""Long work: one queue for everybody, and how a page asks, watches and cancels."""
