"""What plug-ins of every kind have in common, and how they are found: by their file."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from cache.commands import Command, command
from cache.files import absolute
from pipeline.errors import InvalidParameter, MissingPackage
from pipeline.plugins.options import Option, options_of


@dataclass(frozen=True)
class Plugin:
    """Find plug-ins of a kind, and say what one is and with which parameters it was made.

    A plug-in is a frozen dataclass of validated parameters. Its module lies in the folder of its kind
    (``pipeline/<kind>s``), is called as the plug-in (dashes are underscores), and names it ``PLUGIN``.

    Attributes
    ----------
    KIND : str
        "source", "extractor", "classifier" or "projection".
    NAME, SUMMARY : str
        Its name, and a line about it.
    REQUIRES : tuple of str
        Packages that must be installed, as they are imported.
    ARGUMENT : str
        The parameter that may stand behind the name and a colon: "onnx:FILE"; empty where there is none.
    """

    KIND: ClassVar[str]
    NAME: ClassVar[str]
    SUMMARY: ClassVar[str]
    REQUIRES: ClassVar[tuple[str, ...]] = ()
    ARGUMENT: ClassVar[str] = ""

    @property
    def short_name(self) -> str:
        """What it is called in the name of a run."""
        return self.NAME

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """List the plug-ins of this kind in alphabetical order, without importing them."""
        folder = Path(__file__).parents[1] / f"{cls.KIND}s"
        modules = (module.name for module in pkgutil.iter_modules([str(folder)]))
        return tuple(sorted(name.replace("_", "-") for name in modules if not name.startswith("_")))

    @classmethod
    def find(cls, name: str) -> type[Self]:
        """Import one plug-in of this kind.

        Raises
        ------
        InvalidParameter
            If there is no such plug-in.
        """
        if name not in cls.names():
            raise InvalidParameter(
                f"{cls.KIND} must be one of {', '.join(cls.names())}. Got {name!r}.",
                remedy=command("list"),
            )
        module = importlib.import_module(f"pipeline.{cls.KIND}s.{name.replace('-', '_')}")
        return module.PLUGIN  # type: ignore[no-any-return]  # modules are looked up by name

    @classmethod
    def named(cls, name: str, **parameters: Any) -> Self:
        """Find a plug-in of this kind and give it its parameters.

        Raises
        ------
        InvalidParameter
            If there is no such plug-in, or a parameter is not allowed.
        """
        return cls.find(name)(**parameters)

    @classmethod
    def given(cls, name: str, values: Mapping[str, object]) -> Self:
        """Find a plug-in of this kind and give it those of some values that are its own.

        Parameters
        ----------
        name : str
            The plug-in.
        values : mapping of str to object
            Values by flag; those of other plug-ins do not count.

        Raises
        ------
        InvalidParameter
            If there is no such plug-in, or a parameter is not allowed.
        """
        known = {option.flag: option.name for option in cls.find(name).options()}
        return cls.named(name, **{known[flag]: value for flag, value in values.items() if flag in known})

    @classmethod
    def read(cls, name: str, written: Mapping[str, str]) -> Self:
        """Give a plug-in of this kind with the parameters that somebody wrote.

        Parameters
        ----------
        name : str
            The plug-in.
        written : mapping of str to str
            Value of each option, without its dashes; anything at all may be written there.

        Raises
        ------
        InvalidParameter
            If there is no such plug-in, it has no such option, or a value is not allowed.
        """
        known = {option.key: option for option in cls.find(name).options()}
        if strange := sorted(set(written) - set(known)):
            raise InvalidParameter(
                f"{strange[0]} must be an option of {name}. Got one of another, or of none.",
                remedy=command("list", "--json"),
            )
        return cls.named(name, **{known[key].name: known[key].reader(text) for key, text in written.items()})

    @classmethod
    def options(cls) -> tuple[Option, ...]:
        """Describe the plug-in's parameters."""
        return options_of(cls)

    @classmethod
    def missing_packages(cls) -> tuple[str, ...]:
        """List the packages that the plug-in needs and that are not installed."""
        return tuple(package for package in cls.REQUIRES if importlib.util.find_spec(package) is None)

    @classmethod
    def require_packages(cls) -> None:
        """Check that the plug-in's packages are installed.

        Raises
        ------
        MissingPackage
            If one is not, naming the requirements file that has it.
        """
        if missing := cls.missing_packages():
            raise MissingPackage(
                f"{cls.KIND} {cls.NAME!r} must have {', '.join(missing)} installed. Got no such package.",
                remedy=Command("pip install -r requirements-pipeline.txt"),
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters by their names."""
        return {option.name: getattr(self, option.name) for option in self.options()}

    def changed(self) -> list[tuple[Option, Any]]:
        """Give the parameters that differ from their defaults, with their values."""
        values = ((option, getattr(self, option.name)) for option in self.options())
        return [(option, value) for option, value in values if value != option.default]

    def command_line(self) -> list[str]:
        """Write the parameters that differ from their defaults as command-line options."""
        return [word for option, value in self.changed() for word in (option.flag, _word(value))]


def chosen(kind: type[Plugin], text: str) -> tuple[str, dict[str, object]]:
    """Take apart what somebody chose: a name, or a name, a colon and the plug-in's argument.

    Parameters
    ----------
    kind : type
        Of the plug-in.
    text : str
        "hog", "onnx:FILE".

    Returns
    -------
    name : str
        The plug-in.
    values : dict of str to object
        Its argument by flag; empty without one.

    Raises
    ------
    InvalidParameter
        If there is no such plug-in, or it takes no argument.
    """
    name, colon, value = text.partition(":")
    plugin = kind.find(name)
    if not colon:
        return name, {}
    taken = next((option for option in plugin.options() if option.name == plugin.ARGUMENT), None)
    if taken is None:
        raise InvalidParameter(
            f"{kind.KIND} must be {name} alone, which takes nothing behind a colon. Got {text!r}.",
            remedy=command("list"),
        )
    return name, {taken.flag: taken.reader(value)}


def _word(value: Any) -> str:
    if isinstance(value, Path):
        path = absolute(value)  # typed in any folder, it is the same file
        return str(path.resolve() if ".." in path.parts else path)
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
