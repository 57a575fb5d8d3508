"""Our errors, on their way from one process to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cache.commands import Again
from cache.errors import LazybonesError
from pipeline import errors

KINDS: dict[str, type[LazybonesError]] = {
    kind.__name__: kind
    for kind in (
        *(errors.ExtractorError, errors.InvalidParameter, errors.SourceError, errors.UnsafeInput),
        *(errors.UnusablePicture, errors.DownloadError, errors.MissingPackage),
    )
}
LONGEST = 1000  # characters


def told(problem: LazybonesError) -> dict[str, Any]:
    """Give an error as JSON."""
    again = {"again": problem.remedy.options} if isinstance(problem.remedy, Again) else {}
    return {
        "error": problem.message,
        "remedy": str(problem.remedy or ""),
        "kind": type(problem).__name__,
        **again,
    }


def error_in(header: Mapping[str, Any], always: type[LazybonesError] | None = None) -> LazybonesError | None:
    """Read an error, which may say anything.

    Parameters
    ----------
    header : mapping
        Of an answer.
    always : type, optional
        Of what kind errors are, whatever they say.

    Returns
    -------
    LazybonesError or None
        None where the answer is none.
    """
    if "error" not in header:
        return None
    again, remedy = header.get("again"), _text(header.get("remedy"))
    if isinstance(again, dict):
        remedy = Again({_text(flag): None if to is None else _text(to) for flag, to in again.items()})
    kind = always or KINDS.get(_text(header.get("kind")), errors.ExtractorError)
    return kind(_text(header["error"]), remedy=remedy or None)


def _text(said: Any) -> str:
    return str("" if said is None else said)[:LONGEST]
