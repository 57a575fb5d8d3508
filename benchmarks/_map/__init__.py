"""What the benchmark of the map is made of."""
