"""Find plug-ins by their file: a module in ``pipeline/<kind>/`` is a plug-in."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidParameter, MissingPackage

KINDS = ("sources", "extractors", "classifiers", "projections")


def names(kind: str) -> tuple[str, ...]:
    """List the plug-ins of a kind, without importing them.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.

    Returns
    -------
    tuple of str
        Plug-in names in alphabetical order, for example ``("cifar10", "digits")``.
    """
    folder = str(Path(__file__).parents[1] / kind)
    modules = (module.name for module in pkgutil.iter_modules([folder]))
    return tuple(sorted(name.replace("_", "-") for name in modules if not name.startswith("_")))


def plugin(kind: str, name: str) -> type[Any]:
    """Import one plug-in.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    name : str
        A name that `names` lists.

    Returns
    -------
    type
        The plug-in's frozen dataclass; instantiate it with its parameters.

    Raises
    ------
    InvalidParameter
        If there is no such plug-in.
    """
    if name not in names(kind):
        raise InvalidParameter(
            f"{kind.removesuffix('s')} must be one of {', '.join(names(kind))}. Got {name!r}.",
            remedy="python -m pipeline list",
        )
    module = importlib.import_module(f"pipeline.{kind}.{name.replace('-', '_')}")
    return module.PLUGIN  # type: ignore[no-any-return]  # modules are looked up by name


def missing_packages(kind: str, name: str) -> tuple[str, ...]:
    """List the packages a plug-in needs that are not installed."""
    return tuple(
        package for package in plugin(kind, name).REQUIRES if importlib.util.find_spec(package) is None
    )


def require_packages(kind: str, name: str) -> None:
    """Check that a plug-in's packages are installed.

    Raises
    ------
    MissingPackage
        If one is not, naming the requirements file that has it.
    """
    missing = missing_packages(kind, name)
    if missing:
        raise MissingPackage(
            f"{kind.removesuffix('s')} {name!r} must have {', '.join(missing)} installed. "
            "Got no such package.",
            remedy="pip install -r requirements-pipeline.txt",
        )
