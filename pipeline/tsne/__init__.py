"""The t-SNE engine: affinities, forces, descent."""
