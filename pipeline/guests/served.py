"""What the worker's process does: it turns pictures that strangers send into features, and can do little else.

It is started by `pipeline.guests.worker`, as ``python -m pipeline.guests.served``. It opens no store, writes no file,
downloads nothing, and ends when nobody asks for anything, or whoever started it has ended.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from cache.errors import LazybonesError
from pipeline.compute import memory
from pipeline.guests.extractor import Describe, describer
from pipeline.guests.frames import BrokenFrame, read_frame, write_frame
from pipeline.guests.pictures import MOST_GUEST_BYTES, Form, shown

TOO_MUCH = "A picture must fit into the memory that there is. Got one that does not."
STRANGE = "A picture must be one that can be decoded and described. Got one that cannot."


class Idle:
    """End the process when nobody has asked for anything for some time.

    Parameters
    ----------
    seconds : float
        How long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def pause(self) -> None:
        """Note that something was asked for."""
        self._since = None

    def again(self) -> None:
        """Note that it is done."""
        self._since = time.monotonic()

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self._seconds))
            since = self._since
            if since is not None and time.monotonic() > since + self._seconds:
                os._exit(0)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more.

    Parameters
    ----------
    requests, answers : binary file
        Pipes. The first request says what to load, each further one has a file.
    """
    said, _ = read_frame(requests, 0)
    idle = Idle(float(said["idle"]))
    idle.pause()
    form = Form(None if said["shape"] is None else tuple(said["shape"]))
    try:
        describe = describer(said["command"], said["made"], form)
    except LazybonesError as problem:
        write_frame(answers, {"error": problem.message, "remedy": str(problem.remedy or "")})
        return
    memory.give_back()  # what building a network takes and no longer needs
    _limit_memory(int(said["memory"]))
    write_frame(answers, {"ready": True})
    while True:
        idle.again()
        _, (content,) = read_frame(requests, MOST_GUEST_BYTES)
        idle.pause()
        header, bodies = _described(form, describe, content)
        write_frame(answers, header, *bodies)


def _described(form: Form, describe: Describe, content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Give the features of a picture, and what it looks like; or why there are none."""
    try:
        image = form.image(content)
        features = np.ascontiguousarray(describe([image])[0], "<f4")
        return {"height": image.shape[0], "width": image.shape[1]}, [features.tobytes(), shown(image)]
    except LazybonesError as problem:
        return {"error": problem.message, "remedy": str(problem.remedy or "")}, []
    except MemoryError:
        return {"error": TOO_MUCH, "remedy": "a smaller one"}, []
    except Exception:  # a decoder or a network may raise anything, and the next picture is another
        return {"error": STRANGE, "remedy": "another file of it"}, []


def _limit_memory(room: int) -> None:
    """Take at most so many bytes beyond what is taken now, write no file, and leave no core; where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        most = pages * resource.getpagesize() + room
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take the process's input and output, and leave others nowhere to write to: libraries print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return requests, answers


if __name__ == "__main__":
    memory.return_promptly()
    with suppress(BrokenFrame):  # whoever started it has ended
        serve(*_own_pipes())
    sys.stdout.flush()
    os._exit(0)
