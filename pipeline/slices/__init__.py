"""Parts of feature space where a classifier is worse than elsewhere."""
