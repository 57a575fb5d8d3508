"""Why one image is predicted as it is: evidence, the sentence that sums it up, and how it is drawn."""
