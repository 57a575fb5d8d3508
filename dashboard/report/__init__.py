"""A run on two pages of paper, for people who do not click: HTML or PDF, made of one model (decision 59)."""
