"""What people say of labels: verdicts, mended labels, tags and notes, kept in a database that only grows."""
