"""What a person says of one image's label, and what is kept of it; checked, since it is anybody's text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from cache.counting import counted
from cache.limits import NAME
from pipeline.errors import InvalidParameter, VerdictError

Verdict = Literal["keep", "wrong", "unsure", "excluded"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
Kind = Literal["judge", "import", "undo", "redo"]

MOST_TAGS = 20
LONGEST_TAG = 50
LONGEST_NAME = NAME  # of a person, and of a class
LONGEST_NOTE = 2_000
_ACTING = {"Cc", "Cs"}
_TURNING = {"RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}


@dataclass(frozen=True)
class Judgement:
    """Hold what somebody says of one label.

    Attributes
    ----------
    verdict : "keep", "wrong", "unsure", "excluded" or None
        None: not judged, or no longer.
    judged : str or None
        The class that it should have had; of a wrong label only, and there only if somebody knows.
    tags : tuple of str
        Different, in order.
    note : str
        In words.
    """

    verdict: Verdict | None = None
    judged: str | None = None
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self == Judgement()

    def checked(self) -> Judgement:
        """Give it with its tags in order.

        Raises
        ------
        InvalidParameter
            If a part is not allowed.
        """
        if self.verdict is not None and self.verdict not in VERDICTS:
            raise InvalidParameter(f"verdict must be one of {', '.join(VERDICTS)}. Got {self.verdict!r}.")
        if self.judged is not None:
            if self.verdict != "wrong":
                raise InvalidParameter(
                    f"judged must come with the verdict wrong. Got {self.judged!r} with {self.verdict}."
                )
            check_text("judged", self.judged, LONGEST_NAME)
        tags = tuple(sorted({tag.strip() for tag in self.tags}))
        if len(tags) > MOST_TAGS:
            raise InvalidParameter(f"tags of an image must be at most {MOST_TAGS}. Got {len(tags)}.")
        for tag in tags:
            check_text("tag", tag, LONGEST_TAG)
            if ";" in tag:  # it stands between tags in a file
                raise InvalidParameter(f"tag must be without a semicolon. Got {tag!r}.")
        if self.note:
            check_text("note", self.note, LONGEST_NOTE, lines=True)
        return replace(self, tags=tags)


@dataclass(frozen=True)
class Edit:
    """Hold a judgement that is to be recorded.

    Attributes
    ----------
    image : str
        Key of the image, of `pipeline.verdicts.images.LabelledImages`.
    judgement : Judgement
        All that is to be known of it from now on.
    based_on : int
        Revision of the record that its author has seen; 0: none.
    """

    image: str
    judgement: Judgement
    based_on: int = 0


@dataclass(frozen=True)
class Record:
    """Hold one entry of an image's history.

    Attributes
    ----------
    image : str
        Its key.
    given : str
        The name of the class that it has in the data set; empty for none.
    judgement : Judgement
        What was said.
    revision : int
        1 for the first entry of this image, then one more each time.
    who : str
        Who said so.
    at : datetime
        When, in UTC.
    change : int
        Number of the action that it was part of; they rise.
    kind : "judge", "import", "undo" or "redo"
        How it came to be.
    """

    image: str
    given: str
    judgement: Judgement
    revision: int
    who: str
    at: datetime
    change: int
    kind: Kind


class Conflict(VerdictError):
    """Signal that somebody has changed an image meanwhile; nothing was written.

    Attributes
    ----------
    records : tuple of Record
        What is there of those images.
    """

    records: tuple[Record, ...]

    def __init__(self, message: str, records: Sequence[Record]) -> None:
        super().__init__(message, remedy="look at what is there now, and judge again")
        self.records = tuple(records)


def conflict(records: Sequence[Record]) -> Conflict:
    """Give the error for images that have changed, one at least; it names who changed the first, and to what."""
    first, more = records[0], len(records) - 1
    told = f"{first.who} has changed it to {in_words(first.judgement)} at {first.at:%Y-%m-%d %H:%M} UTC"
    others = f", and {counted(more, 'more image')} changed" if more else ""
    return Conflict(
        f"An image must be as it was when you judged it. Got another state: {told}{others}.", records
    )


def in_words(judgement: Judgement) -> str:
    """Name a judgement: "wrong, frog"."""
    return ", ".join(filter(None, (judgement.verdict or "no verdict", judgement.judged)))


def check_text(what: str, text: Any, most: int, *, lines: bool = False) -> None:
    """Check that a text is one, is not too long, and has no characters that act on what stands around it.

    Raises
    ------
    InvalidParameter
        If not; the message does not repeat it.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > most:
        got = f"{len(text):,}" if isinstance(text, str) else f"the type {type(text).__name__}"
        raise InvalidParameter(f"{what} must be a text of 1 to {most:,} characters. Got {got}.")
    acting = next((letter for letter in text if _acts(letter) and not (lines and letter in "\n\t")), None)
    if acting is not None:
        raise InvalidParameter(f"{what} must be without control characters. Got U+{ord(acting):04X}.")


def storable(text: str) -> str:
    """Give a class's name of a data set as every database takes it: anybody may have chosen it."""
    return "".join("\ufffd" if unicodedata.category(letter) in _ACTING else letter for letter in text)


def _acts(letter: str) -> bool:
    return unicodedata.category(letter) in _ACTING or unicodedata.bidirectional(letter) in _TURNING
