"""The ways to fit a machine, and the choice between them."""
