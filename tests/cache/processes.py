"""Other processes, for tests of what happens between two, or to one that dies."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NOBODY = 65534


@dataclass
class Child:
    """A forked process that computes one result."""

    pid: int
    pipe: int

    def result(self) -> Any:
        """Wait for it; give what its function returned, or raise what it raised."""
        with os.fdopen(self.pipe, "rb") as pipe:
            content = pipe.read()
        os.waitpid(self.pid, 0)
        self.pipe = -1
        outcome = pickle.loads(content)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def kill(self) -> None:
        """Kill it, with no chance to tidy up, unless it is gone."""
        if self.pipe < 0:
            return
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        self.pipe = -1

    def exit_code(self) -> int:
        """Wait for it; the negative of the signal that ended it, or 0."""
        os.close(self.pipe)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def start(function: Callable[[], Any], *, as_nobody: bool = False) -> Child:
    """Run a function in a forked process.

    Parameters
    ----------
    function : callable
        Its result, or what it raises, must survive pickling.
    as_nobody : bool
        Give up the rights of root first, if the test runs as root.
    """
    pipe, end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(end)
        return Child(pid, pipe)
    try:
        if as_nobody and os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        outcome = function()
    except BaseException as error:
        outcome = error
    with os.fdopen(end, "wb") as file:
        file.write(pickle.dumps(outcome))
    os._exit(0)


def in_a_child(function: Callable[[], Any], *, as_nobody: bool = False) -> Any:
    """Run a function in a forked process and give its result."""
    return start(function, as_nobody=as_nobody).result()
