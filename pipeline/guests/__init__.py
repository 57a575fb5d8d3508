"""Guests: images that are no part of a run, and what the run says of them."""
