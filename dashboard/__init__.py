"""The dashboard: shows what the store holds; adding a page means adding a file to ``views``."""
