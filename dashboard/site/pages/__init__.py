"""What each page of a site is made of: a module a page, of the page's name in the app."""
