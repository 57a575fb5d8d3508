"""The worker's process as seen from the one that has started it: what it is asked, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.apart.errors import error_in
from pipeline.apart.process import Broken, Process
from pipeline.compute import memory
from pipeline.compute.progress import Progress
from pipeline.errors import ExtractorError, UnusablePicture
from pipeline.guests.pictures import Form
from pipeline.inputs.download import OFFLINE

MOST_ANSWER = 8 << 20
"""Bytes of features and thumbnail."""


@dataclass(frozen=True)
class Limits:
    """Say what a worker may take.

    Attributes
    ----------
    memory : int
        Bytes, beyond what the loaded network takes, for one picture; less where there is less.
    loading, describing : float
        Seconds until the network is there, and for a picture.
    idle : float
        Seconds without a guest after which it ends.
    """

    memory: int = 400 << 20
    loading: float = 180.0
    describing: float = 60.0
    idle: float = 60.0


@dataclass(frozen=True)
class Task:
    """Say how guests are described: as the images of a run were.

    Attributes
    ----------
    command : str
        What made the run.
    made : mapping
        As `pipeline.guests.extractor.made_by` gives it.
    form : Form
        What the run's images are like.
    """

    command: str
    made: Mapping[str, Any]
    form: Form


@dataclass(frozen=True)
class Described:
    """Hold what a worker says of a picture; it is as trustworthy as the picture.

    Attributes
    ----------
    features : ndarray of float32, shape (d,)
        Finite.
    thumbnail : bytes
        What it looks like, as WebP.
    height, width : int
        Of the picture that was described, in pixels.
    """

    features: NDArray[np.float32]
    thumbnail: bytes
    height: int
    width: int


class Ended(Exception):
    """Signal that the process had ended by itself, idle, before it was asked."""


class Describing:
    """Hold a worker's process, and speak with it."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self.task, self.limits = task, limits
        own = {OFFLINE: "1", memory.VARIABLE: str(limits.memory)}
        self.process = Process("pipeline.guests.served", own)
        self._room = max(memory.available(), 0)
        self.process.most = self._room

    def load(self, progress: Progress) -> None:
        """Have it load the network.

        Raises
        ------
        ExtractorError
            If something is missing.
        """
        shape = self.task.form.shape
        said = {"command": self.task.command, "made": self.task.made, "shape": shape}
        limits = {"memory": min(self.limits.memory, self._room), "idle": self.limits.idle}
        what, within = "loading the network", self.limits.loading
        try:
            header, _ = self.process.ask({**said, **limits}, within=within, progress=progress, what=what)
        except Broken as broken:
            raise ExtractorError(
                f"The network must be loaded within {within:.0f} s and {self._room / 1e6:,.0f} MB, in a process of "
                f"its own. Got one that {broken.how}.",
                remedy="again in a minute, or with more memory",
            ) from None
        if problem := error_in(header, ExtractorError):
            raise problem
        self.process.most = min(self.limits.memory + memory.resident_of(self.process.pid), self._room)

    def describe(self, content: bytes, progress: Progress) -> Described:
        """Describe a picture; errors as `Worker.describe`."""
        what, within = "looking at the picture", self.limits.describing
        try:
            header, bodies = self.process.ask(
                {}, content, within=within, most=MOST_ANSWER, progress=progress, what=what
            )
        except Broken as broken:
            if broken.idle:
                raise Ended from None
            raise UnusablePicture(
                f"A picture must be one that can be read. Got one with which the process that reads it {broken.how}.",
                remedy="another file of it",
            ) from None
        return _described(header, bodies)


def _described(header: Mapping[str, Any], bodies: list[bytes]) -> Described:
    """Read an answer, which may say anything.

    Raises
    ------
    UnusablePicture
        If it says that the picture cannot be used, or makes no sense.
    """
    if problem := error_in(header, UnusablePicture):
        raise problem
    sides = header.get("height"), header.get("width")
    if len(bodies) != 2 or len(bodies[0]) % 4 or not all(type(side) is int and side > 0 for side in sides):
        raise UnusablePicture(
            "A picture must be one that can be described. Got no features.", remedy="another file"
        )
    features = np.frombuffer(bodies[0], "<f4").astype(np.float32)
    if not features.size or not np.isfinite(features).all():
        raise UnusablePicture("Features of a picture must be finite. Got others.", remedy="another picture")
    return Described(features, bodies[1], *map(int, sides))  # type: ignore[arg-type]  # checked
