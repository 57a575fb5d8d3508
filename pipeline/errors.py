"""The exceptions of the pipeline."""

from __future__ import annotations

from cache.errors import LazybonesError


class InvalidParameter(LazybonesError):
    """Signal a parameter outside its allowed values."""


class SourceError(LazybonesError):
    """Signal input data that is absent, incomplete or malformed."""


class UnsafeInput(SourceError):
    """Signal a pickle, archive or file that tries something it must not."""


class UnusablePicture(SourceError):
    """Signal a file that is no picture, is damaged, or is too large."""


class DownloadError(LazybonesError):
    """Signal a download that failed or does not match its checksum."""


class ExtractorError(LazybonesError):
    """Signal a model file or an image that cannot be used."""


class MissingPackage(LazybonesError):
    """Signal an optional package that a plug-in needs."""


class VerdictError(LazybonesError):
    """Signal that the database of verdicts cannot be read or written."""


class Cancelled(LazybonesError):
    """Signal that the caller asked a long computation to stop."""
