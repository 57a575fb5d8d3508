"""The colours of a run's classes: which there are, how far apart eyes see them, which class has which."""
