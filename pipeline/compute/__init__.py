"""How heavy work is done: memory, threads, rows of files, progress, principal components."""
