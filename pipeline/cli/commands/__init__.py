"""The command line's verbs, one file each: ``add_options``, ``execute``, ``EXAMPLES``."""
