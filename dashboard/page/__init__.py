"""What the user is looking at, the URL that carries it, and what is said when it cannot be shown."""
