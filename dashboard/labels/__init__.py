"""The page Labels: which labels may be wrong, how good that list is, and what people have said of them."""
