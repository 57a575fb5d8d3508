"""Which labels are wrong: images ranked by how much speaks against their label, and what such a list is worth."""
