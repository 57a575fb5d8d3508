"""What the benchmark of analyses is made of."""
