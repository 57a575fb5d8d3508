"""What pages with a map share: which projection is in use, its files, flips and faithfulness."""
