"""A process apart as seen from the one that has started it: asked, watched, ended. This one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pipeline
from cache.foreign import said_of
from pipeline.apart.frames import BrokenFrame, read_frame, write_frame
from pipeline.compute import log_lines, memory
from pipeline.compute.progress import Progress, silent
from pipeline.errors import Cancelled, ExtractorError

APART = "LAZYBONES_APART"
"""Names a process that was started to be apart: it starts no other."""
KEPT = (
    *(
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "PYTHONUTF8",
        "TZ",
        "VIRTUAL_ENV",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
    ),
    *("SYSTEMROOT", "TEMP", "TMPDIR", "USERPROFILE", "LAZYBONES_DOWNLOADS", memory.VARIABLE),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"),
    *("KERAS_HOME", "TF_ENABLE_ONEDNN_OPTS", "TF_DETERMINISTIC_OPS", "TF_NUM_INTRAOP_THREADS"),
    *(
        "TF_NUM_INTEROP_THREADS",
        "TF_FORCE_GPU_ALLOW_GROWTH",
        "TF_XLA_FLAGS",
        "XLA_FLAGS",
        "CUDA_VISIBLE_DEVICES",
    ),
)
"""What it knows of this process's environment: how to compute, and no secret of a sign-in or of a database."""
LOOK = 0.05
"""Seconds between two looks at a process that is at work."""


class Broken(Exception):
    """Signal that there is no answer, and no process any more.

    Parameters
    ----------
    how : str
        What became of it: "took longer than 60 s", "was ended by SIGABRT".
    idle : bool
        Whether it had ended by itself, as nobody asked.
    """

    def __init__(self, how: str, *, idle: bool) -> None:
        super().__init__(how)
        self.how, self.idle = how, idle


class Process:
    """Hold a process apart.

    Parameters
    ----------
    module : str
        What it runs: `pipeline.apart.serving.serve`, with something to serve.
    environment : mapping of str to str
        What it knows beside what all such processes know.

    Attributes
    ----------
    most : int
        Bytes that it may hold; it is ended when it holds more.

    Raises
    ------
    ExtractorError
        If it cannot be started.
    """

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self.most = sys.maxsize
        self.process = _start(module, environment)
        memory.count(self.process.pid)
        threading.Thread(target=_await, args=[self.process], daemon=True).start()
        self.end = weakref.finalize(self, _end, self.process)
        """Ends it, whatever it does; so it is when nobody knows this object any more."""

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def ask(
        self,
        header: Mapping[str, Any],
        *bodies: bytes,
        within: float,
        most: int = 0,
        progress: Progress = silent,
        what: str = "",
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Ask for something.

        Parameters
        ----------
        header : mapping
            What can be JSON.
        *bodies : bytes
            What belongs to it.
        within : float
            Seconds that the answer may take.
        most : int, optional
            Bytes that the answer's bodies may have together.
        progress : Progress, optional
            Told ``what`` is under way; ends the process by raising.
        what : str, optional
            Is asked for.

        Returns
        -------
        (dict, list of bytes)
            The answer, which is as trustworthy as what the process works on.

        Raises
        ------
        Broken
            If there is none, in that time and with that memory. The process is ended.
        Cancelled
            If ``progress`` raised. The process is ended.
        """
        try:
            with self._watched(within, progress, what) as why:
                try:
                    write_frame(self._to, {**header, "within": within}, *bodies)
                    return read_frame(self._from, most)
                except BrokenFrame:
                    raise Broken(why.text or self._ended(), idle=not why.text and self._code == 0) from None
        except BaseException:
            self.end()
            raise

    def _ended(self) -> str:
        """Say how it has ended that was asked for something."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        code = self._code
        if code is None:
            return "gave another answer than it was asked for"
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    @property
    def _code(self) -> int | None:
        return self.process.poll()

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
                raise Cancelled("An answer must be waited for. Got a request to stop.") from None
            raise
        finally:
            over.set()
            watcher.join()

    def _excess(self, end: float, seconds: float) -> str:
        """Say what is too much; nothing where nothing is."""
        if time.monotonic() > end:
            return f"took longer than {seconds:.0f} s"
        return "took too much memory" if memory.resident_of(self.process.pid) > self.most else ""


@dataclass
class _Why:
    """Say why a process was ended: what it took too much of, or that nobody wants it any more."""

    text: str = ""
    cancelled: bool = False


def _start(module: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if log_lines.VARIABLE in os.environ else subprocess.DEVNULL,
            env=_environment(environment),
            start_new_session=True,  # Ctrl-C is for this process, whose end ends that one
        )
    except OSError as problem:
        raise ExtractorError(
            f"A process of its own must be startable for what others brought. Got: {said_of(problem)}.",
            remedy="again in a minute, or with more memory",
        ) from problem


def _await(process: subprocess.Popen[bytes]) -> None:
    """Wait for its end, so that nothing is left behind of it."""
    process.wait()
    memory.count_no_more(process.pid)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait(5)
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def _is_cancelled(progress: Progress, what: str) -> bool:
    try:
        progress(0, 0, what)
    except Exception:  # Cancelled, or what else a queue ends a job with
        return True
    return False


def is_apart(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this is a process that was started to be apart."""
    return APART in environment


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    root = str(Path(pipeline.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        log_lines.VARIABLE: os.environ.get(log_lines.VARIABLE, "3"),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        APART: "1",
        **own,
    }
