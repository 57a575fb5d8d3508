"""The support vector machines: from inner products to fitted machines, votes and margins."""
