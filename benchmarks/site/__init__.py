"""A site of static files against the app that it was written from."""
