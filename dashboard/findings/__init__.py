"""What a run found, each in one sentence with images and a link to its evidence; what does not hold is not said."""
