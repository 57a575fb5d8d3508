"""What several pages ask about pairs and sizes: learning curve, separability, one pair of classes."""
