"""How values are written as query parameters of a URL, and read from what anybody may have typed there."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, cast

from dashboard.page.bounds import Bounds, read_bounds, write_bounds
from dashboard.page.packed import LONGEST
from dashboard.wording.penalty import C_RANGE
from dashboard.wording.setting import GAMMA_RANGE
from pipeline.api import KERNELS, SCALE, Asked

MAX_INDEX = 10**7
LONGEST_WORD = 40
MOST_INDICES = 1_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SLUG = re.compile(rf"[a-z0-9_]{{1,{LONGEST_WORD}}}")
_PACKED = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")
_INDEX = re.compile(r"[0-9]{1,8}")
_NUMBER = re.compile(r"[0-9.eE+-]{1,32}")

Query = Mapping[str, str]
_KEY = "query"

T = TypeVar("T")


Parameter: TypeAlias = "Word | Words | Parts[Any]"
"""How a field stands in a query."""


@dataclass(frozen=True)
class Word(ABC):
    """Stand in one query parameter of a name."""

    name: str

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What it may be, for people."""

    @abstractmethod
    def value(self, text: str) -> Any:
        """Give the value of a text; None if it cannot be."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its query parameter."""
        return (self.name,)

    def read(self, query: Query) -> Any:
        """Give the value; None where nothing is said, or nothing that can be."""
        return self.value(query[self.name]) if self.name in query else None

    def write(self, value: Any) -> dict[str, str]:
        """Write a value."""
        return {self.name: str(value)}

    def refused(self, query: Query) -> list[str]:
        """Say what the text may be, if it cannot be."""
        if self.name not in query or self.read(query) is not None:
            return []
        return [f"{self.name} in the address must be {self.allowed}. Got {query[self.name][:40]!r}."]


@dataclass(frozen=True)
class OneOf(Word):
    """Take one of some words."""

    words: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """What it may be, for people."""
        return f"one of {', '.join(self.words)}"

    def value(self, text: str) -> str | None:
        """Give the word."""
        return text if text in self.words else None


@dataclass(frozen=True)
class RunName(Word):
    """Take the name of a run, whether or not there is one."""

    allowed: ClassVar[str] = "the name of a run"

    def value(self, text: str) -> str | None:
        """Give the name."""
        return text if _NAME.fullmatch(text) else None


@dataclass(frozen=True)
class Name(Word):
    """Take a name that the page may know: small letters, digits and underscores."""

    allowed: ClassVar[str] = f"a name of at most {LONGEST_WORD} small letters, digits and underscores"

    def value(self, text: str) -> str | None:
        """Give the name."""
        return text if _SLUG.fullmatch(text) else None


@dataclass(frozen=True)
class Packed(Word):
    """Take what `dashboard.page.packed` writes: letters, digits, ``-`` and ``_``."""

    allowed: ClassVar[str] = "a choice of images, as a link of the dashboard has it"

    def value(self, text: str) -> str | None:
        """Give the text as it is."""
        return text if _PACKED.fullmatch(text) else None


@dataclass(frozen=True)
class Index(Word):
    """Take a whole number from ``low`` to ``MAX_INDEX``; ``of`` says what it numbers."""

    of: str
    low: int = 0

    @property
    def allowed(self) -> str:
        """What it may be, for people."""
        return f"{self.of} from {self.low} to {MAX_INDEX}"

    def value(self, text: str) -> int | None:
        """Give the number."""
        return int(text) if _INDEX.fullmatch(text) and self.low <= int(text) <= MAX_INDEX else None


@dataclass(frozen=True)
class Number(Word):
    """Take a number in a range, or one word."""

    low: float
    high: float
    allowed: str = ""
    word: str | None = None

    def value(self, text: str) -> float | str | None:
        """Give the number, or the word."""
        if text == self.word:
            return text
        if not _NUMBER.fullmatch(text):
            return None
        try:
            value = float(text)
        except ValueError:
            return None
        return value if self.low <= value <= self.high else None


@dataclass(frozen=True)
class Indices(Word):
    """Take some whole numbers, each once and ascending, written with dots between: ``1.4``; ``of`` says of what."""

    of: str

    @property
    def allowed(self) -> str:
        """What it may be, for people."""
        return f"the numbers of {self.of} with dots between"

    def value(self, text: str) -> tuple[int, ...] | None:
        """Give the numbers."""
        parts = text.split(".")
        known = len(parts) <= MOST_INDICES and all(
            _INDEX.fullmatch(part) and int(part) <= MAX_INDEX for part in parts
        )
        return tuple(sorted({int(part) for part in parts})) if known else None

    def write(self, value: tuple[int, ...]) -> dict[str, str]:
        """Write the numbers."""
        return {self.name: ".".join(map(str, value))}


@dataclass(frozen=True)
class Between(Word):
    """Take a range of numbers, either end of which may be open: ``-1..0.5``, ``..2``."""

    allowed: ClassVar[str] = "two numbers with two dots between, such as -1..0.5, the lower one first"

    def value(self, text: str) -> Bounds | None:
        """Give the range."""
        return read_bounds(text)

    def write(self, value: Bounds) -> dict[str, str]:
        """Write the range."""
        return {self.name: write_bounds(value)}


@dataclass(frozen=True)
class Parts(Generic[T]):
    """Stand in the query parameters of a dataclass's fields.

    Attributes
    ----------
    kind : type
        The dataclass; every field has a default.
    parts : mapping of str to Parameter
        Of each field that is in the query, in the order of writing.
    """

    kind: type[T]
    parts: Mapping[str, Parameter]

    @classmethod
    def of(cls, kind: type[T]) -> Parts[T]:
        """Take what `parameter` told of the fields of a dataclass."""
        told = {item.name: item.metadata.get(_KEY) for item in fields(cast(Any, kind))}
        return cls(kind, {name: part for name, part in told.items() if part is not None})

    @property
    def names(self) -> tuple[str, ...]:
        """All query parameters of all fields."""
        return tuple(name for part in self.parts.values() for name in part.names)

    def read(self, query: Query) -> T:
        """Give the value, with the default of each field that is not said, or cannot be."""
        found = {name: part.read(query) for name, part in self.parts.items()}
        return self.kind(**{name: value for name, value in found.items() if value is not None})

    def write(self, value: T) -> dict[str, str]:
        """Write the fields that are not at their defaults."""
        default, told = self.kind(), dict[str, str]()
        for name, part in self.parts.items():
            if getattr(value, name) != getattr(default, name):
                told |= part.write(getattr(value, name))
        return told

    def refused(self, query: Query) -> list[str]:
        """Say which have values that cannot be, and what they may be."""
        return [sentence for part in self.parts.values() for sentence in part.refused(query)]


@dataclass(frozen=True)
class Words:
    """Stand in several query parameters as they were typed, each cut to ``LONGEST_WORD``: pairs of name and text."""

    names: tuple[str, ...]

    def read(self, query: Query) -> tuple[tuple[str, str], ...]:
        """Give what is said, in the order of the names."""
        return tuple((name, query[name][:LONGEST_WORD]) for name in self.names if query.get(name))

    def write(self, value: tuple[tuple[str, str], ...]) -> dict[str, str]:
        """Write it as it was read."""
        return dict(value)

    def refused(self, query: Query) -> list[str]:
        """Refuse nothing: who uses the words answers them."""
        return []


def parameter(stands: Parameter, default: Any = None, **told: Any) -> Any:
    """Make a field of a dataclass that stands in the query.

    Parameters
    ----------
    stands : Parameter
        How.
    default : object
        What is left out of the query.
    **told
        What else is known of the field, for its metadata.
    """
    return field(default=default, metadata={_KEY: stands, **told})


def asked(prefix: str = "") -> Parts[Asked]:
    """Take what is asked for of a run's classifiers: ``C``, ``kernel``, ``gamma`` and ``train``, after a prefix."""

    def named(name: str) -> str:
        return f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name

    (low, high), (narrow, wide) = C_RANGE, GAMMA_RANGE
    parts = {
        "C": Number(named("C"), low, high, f"a number from {low:f} to {high:.0f}"),
        "kernel": OneOf(named("kernel"), KERNELS),
        "gamma": Number(
            named("gamma"), narrow, wide, f"a number from {narrow:g} to {wide:.0f}, or {SCALE}", SCALE
        ),
        "per_class": Index(named("train"), "a number of training images a class,", 1),
    }
    return Parts(Asked, parts)
