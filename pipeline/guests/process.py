"""The worker's process as seen from the one that has started it: asked, watched, ended."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

import pipeline
from pipeline.compute import memory
from pipeline.compute.progress import Progress
from pipeline.errors import Cancelled, ExtractorError, UnusablePicture
from pipeline.guests.frames import BrokenFrame, read_frame, write_frame
from pipeline.guests.pictures import Form
from pipeline.inputs.download import OFFLINE

KEPT = (
    *(
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TZ",
        "VIRTUAL_ENV",
        "LD_LIBRARY_PATH",
        "SYSTEMROOT",
        "TEMP",
        "TMPDIR",
    ),
    *("LAZYBONES_DOWNLOADS", "KERAS_HOME", "OMP_NUM_THREADS"),
)
"""What the worker knows of this process's environment: no secret of a sign-in or of a database."""
MOST_ANSWER = 8 << 20
"""Bytes of features and thumbnail."""
LOOK = 0.05
"""Seconds between two looks at a worker that is at work."""


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


class Process:
    """Hold a worker's process, and speak with it."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self.task, self.limits = task, limits
        self.process = subprocess.Popen(  # ourselves
            [sys.executable, "-m", "pipeline.guests.served"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(limits),
            start_new_session=True,  # Ctrl-C is for this process, whose end ends that one
        )
        self._room = max(memory.available(), 0)
        self._most = self._room
        memory.count(self.process.pid)
        threading.Thread(target=self._await, daemon=True).start()

    def _await(self) -> None:
        """Wait for its end, so that nothing is left behind of it."""
        self.process.wait()
        memory.count_no_more(self.process.pid)

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

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
        with self._watched(self.limits.loading, progress, "loading the network") as why:
            try:
                write_frame(self._to, {**said, **limits})
                header, _ = read_frame(self._from, 0)
            except BrokenFrame:
                raise ExtractorError(
                    f"The network must be loaded within {self.limits.loading:.0f} s and "
                    f"{self._room / 1e6:,.0f} MB, in a process of its own. Got one that {why.text or 'ended'}.",
                    remedy="again in a minute, or with more memory",
                ) from None
        if not header.get("ready"):
            raise ExtractorError(_text(header.get("error")), remedy=_text(header.get("remedy")) or None)
        self._most = min(self.limits.memory + memory.resident_of(self.process.pid), self._room)

    def describe(self, content: bytes, progress: Progress) -> Described:
        """Describe a picture; errors as `Worker.describe`."""
        with self._watched(self.limits.describing, progress, "looking at the picture") as why:
            try:
                write_frame(self._to, {}, content)
                header, bodies = read_frame(self._from, MOST_ANSWER)
            except BrokenFrame:
                if self._code() == 0 and not why.text:
                    raise Ended from None
                raise UnusablePicture(
                    f"A picture must be one that can be read. Got one with which the process that reads it "
                    f"{why.text or 'broke down'}.",
                    remedy="another file of it",
                ) from None
        return _described(header, bodies)

    def end(self) -> None:
        """End it, whatever it does."""
        with suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _code(self) -> int:
        """Give how it has ended: 0 by itself, idle."""
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(5)
        self.process.kill()
        return self.process.wait()

    @property
    def _to(self) -> IO[bytes]:
        assert self.process.stdin is not None  # noqa: S101  # asked for above
        return self.process.stdin

    @property
    def _from(self) -> IO[bytes]:
        assert self.process.stdout is not None  # noqa: S101  # likewise
        return self.process.stdout

    @contextmanager
    def _watched(self, seconds: float, progress: Progress, what: str) -> Iterator[_Why]:
        """End the process if it takes too long, too much memory, or is no longer wanted."""
        why, over = _Why(), threading.Event()

        def watch() -> None:
            end = time.monotonic() + seconds
            while not over.wait(LOOK):
                why.text, why.cancelled = self._excess(end, seconds), _is_cancelled(progress, what)
                if why.text or why.cancelled:
                    self.process.kill()
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield why
        except Exception:
            if why.cancelled:
                raise Cancelled("A guest must be waited for. Got a request to stop.") from None
            raise
        finally:
            over.set()
            watcher.join()

    def _excess(self, end: float, seconds: float) -> str:
        """Say what is too much; nothing where nothing is."""
        if time.monotonic() > end:
            return f"took longer than {seconds:.0f} s"
        return "took too much memory" if memory.resident_of(self.process.pid) > self._most else ""


@dataclass
class _Why:
    """Say why a process was ended: what it took too much of, or that nobody wants it any more."""

    text: str = ""
    cancelled: bool = False


def _is_cancelled(progress: Progress, what: str) -> bool:
    try:
        progress(0, 0, what)
    except Exception:  # Cancelled, or what else a queue ends a job with
        return True
    return False


def _environment(limits: Limits) -> dict[str, str]:
    root = str(Path(pipeline.__file__).parents[1])
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        OFFLINE: "1",
        "LAZYBONES_MEMORY": str(limits.memory),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _described(header: Mapping[str, Any], bodies: list[bytes]) -> Described:
    """Read an answer, which may say anything.

    Raises
    ------
    UnusablePicture
        If it says that the picture cannot be used, or makes no sense.
    """
    if "error" in header:
        raise UnusablePicture(_text(header["error"]), remedy=_text(header.get("remedy")) or None)
    sides = header.get("height"), header.get("width")
    if len(bodies) != 2 or len(bodies[0]) % 4 or not all(type(side) is int and side > 0 for side in sides):
        raise UnusablePicture(
            "A picture must be one that can be described. Got no features.", remedy="another file"
        )
    features = np.frombuffer(bodies[0], "<f4").astype(np.float32)
    if not features.size or not np.isfinite(features).all():
        raise UnusablePicture("Features of a picture must be finite. Got others.", remedy="another picture")
    return Described(features, bodies[1], *map(int, sides))  # type: ignore[arg-type]  # checked


def _text(said: Any) -> str:
    return str(said or "")[:1000]
