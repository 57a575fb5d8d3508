"""What folders and zip files of images have in them: members of archives, and files that are odd."""
