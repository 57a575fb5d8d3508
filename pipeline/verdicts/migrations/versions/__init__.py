"""One step a file; none that has been published is ever changed."""
