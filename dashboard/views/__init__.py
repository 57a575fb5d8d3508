"""One module a page, with ``TITLE``, ``ICON``, ``ORDER`` and ``render(context)``."""
