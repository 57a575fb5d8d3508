"""Everything with a key in the store."""
