"""Processes of their own for what others brought: started, asked, watched, ended."""
