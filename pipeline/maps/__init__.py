"""What is made of a projection: grid layout, poster, another map of a run."""
