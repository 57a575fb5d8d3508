"""One module a page, with ``TITLE``, ``ICON``, ``ORDER``, ``NEEDS`` and ``render(context)``."""
