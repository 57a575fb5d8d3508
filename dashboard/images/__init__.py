"""Test images on a page: sheets of tiles, their captions, the drawer of one."""
