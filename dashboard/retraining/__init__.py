"""The classifier's controls, and the fit that they ask for."""
