"""Where the product is: in a checkout, or installed somewhere that is not for data."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent


def in_checkout() -> bool:
    """Tell whether the product runs from its own repository, not from where it was installed."""
    return (PROJECT / "docs" / "architecture.md").is_file()


def own_store() -> Path:
    """Give the folder of the store that is used where nobody names one."""
    if in_checkout():
        return PACKAGE / "data"
    from platformdirs import user_data_path  # only where it was installed

    return user_data_path("lazybones", appauthor=False) / "store"
