"""The dashboard's pages: every module in ``dashboard/views/`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dashboard import views
from dashboard.page.context import ViewContext


@dataclass(frozen=True)
class PageModule:
    """Describe a page.

    Attributes
    ----------
    path : str
        The module's name: the page's path in the URL.
    title, icon : str
        What the navigation shows; a Material icon.
    order : int
        Place in the navigation; the lowest is the start page.
    needs : tuple of str
        Stages of a run without which there is nothing to draw: then the frame says what is missing.
    render : callable
        Draws the page.
    """

    path: str
    title: str
    icon: str
    order: int
    needs: tuple[str, ...]
    render: Callable[[ViewContext], None]


@cache
def page_names() -> tuple[str, ...]:
    """List the pages' names, without importing them."""
    found = (module.name for module in pkgutil.iter_modules(views.__path__))
    return tuple(name for name in found if not name.startswith("_"))


def discover() -> list[PageModule]:
    """List the pages in the order of the navigation."""
    return sorted((_page(name) for name in page_names()), key=lambda page: (page.order, page.path))


def _page(name: str) -> PageModule:
    module = importlib.import_module(f"dashboard.views.{name}")
    return PageModule(name, module.TITLE, module.ICON, module.ORDER, module.NEEDS, module.render)
