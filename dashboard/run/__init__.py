"""A run opened: its arrays, its predictions and every classifier fitted for it."""
