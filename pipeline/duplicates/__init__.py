"""The same picture more than once: under two labels, in both splits, in a cluster of its likes."""
