"""Keep TensorFlow's own log lines from people: they are for its developers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

VARIABLE = "TF_CPP_MIN_LOG_LEVEL"
"""TensorFlow's own, which its libraries do not heed while they are loaded. Where it is set, lines are shown."""


@contextmanager
def without_log_lines() -> Iterator[None]:
    """Send what libraries write to standard error nowhere, past Python; what goes wrong is raised all the same."""
    if VARIABLE in os.environ:
        yield
        return
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def tensorflow() -> Any:
    """Import TensorFlow, which takes seconds, without its greetings."""
    with without_log_lines():
        import tensorflow as tf

    return tf
