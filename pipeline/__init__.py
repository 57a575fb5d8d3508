"""From labelled images to features, a classifier over C, a map and neighbours."""
