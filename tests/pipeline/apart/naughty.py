"""A process apart that does what a damaged or hostile network may do; ``python -m tests.pipeline.apart.naughty``."""

import ctypes
import json
import os
import stat
import tempfile
import time
from pathlib import Path

import numpy as np

from cache.errors import LazybonesError
from pipeline.apart.serving import limit, serve, write_nothing
from pipeline.errors import ExtractorError


def eat():
    """Take memory until there is none."""
    taken = []
    while True:
        taken.append(np.ones(1 << 22))


def refuse():
    """Refuse, as a parser would."""
    raise ExtractorError("A file must be whole. Got half of one.")


def write():
    """Write a file."""
    write_nothing()
    (Path(tempfile.mkdtemp()) / "file").write_bytes(b"x")


DEEDS = {
    "abort": os.abort,
    "segv": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "raise": lambda: 1 / 0,
    "hang": lambda: time.sleep(1000),
    "hold": lambda: ctypes.PyDLL(None).sleep(1000),  # no other thread of Python's runs meanwhile
    "eat": eat,
    "allocate": lambda: np.ones(1 << 33),
    "junk": lambda: os.write(answers(), b"\xff" * 1000) and time.sleep(1000),
    "refuse": refuse,
    "write": write,
    "nothing": lambda: None,
}


def answers():
    """Give the pipe that answers go to: the last that was opened, as the first is the null device by now."""
    return max(number for number in range(3, 20) if is_pipe(number))


def is_pipe(number):
    """Say whether a file descriptor leads to one."""
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False


def attempt(kind, path):
    """Look into a network, load it and run it, in this process; say what came of it."""
    from pipeline.apart.served import used
    from pipeline.extractors.inception_2015 import Inception2015
    from pipeline.extractors.onnx import Onnx

    extractor = Onnx(model=path) if kind == "onnx" else Inception2015(graph=path)
    images = np.random.default_rng(0).integers(0, 256, (3, 20, 20, 3), dtype=np.uint8)
    try:
        with used(extractor.brought):
            extractor.identity()
            features = extractor.load()(images)
            return f"{features.dtype} {features.ndim}"
    except LazybonesError as problem:
        return problem.message


def start(said):
    """Do what is asked for; or, in place of `pipeline.apart.served`, lie as the option ``output`` says."""
    lies = said.get("options", {}).get("output")
    limit(said.get("memory", 2 << 30) + (1 << 30))
    folder = Path(tempfile.mkdtemp())

    def answer(header, bodies):
        if lies:
            return LIES[lies].get(header["do"]) or TRUTH[header["do"]]
        if "try" in header:
            path = folder / f"file.{header['try']}"
            path.write_bytes(bodies[0])
            return {"said": attempt(header["try"], path)}, []
        DEEDS[header["deed"]]()
        return {"environment": dict(os.environ), "pid": os.getpid()}, bodies

    return answer


SIGHT = {"sha256": "0" * 64, "input": [0, 3, 8, 8], "dtype": "float32", "outputs": {"y": [0, 5]}, "flat": {}}
TRUTH = {
    "sight": ({}, [json.dumps({**SIGHT, "others": {}}).encode()]),
    "load": ({"identity": {}}, []),
    "describe": ({"shape": [1, 5]}, [bytes(20)]),
}
LIES = {
    "sight-empty": {"sight": ({}, [])},
    "sight-list": {"sight": ({}, [b"[1]"])},
    "sight-deep": {"sight": ({}, [b"[" * 100_000])},
    "sight-other": {"sight": ({}, [b'{"sha256": 5}'])},
    "sight-short": {"sight": ({}, [json.dumps({**SIGHT, "others": {}, "input": [1]}).encode()])},
    "load-other": {"load": ({"identity": {"model_sha256": "1"}}, [])},
    "load-nan": {"load": ({"identity": {"model_sha256": float("nan")}}, [])},
    "load-list": {"load": ({"identity": [1]}, [])},
    "describe-none": {"describe": ({}, [])},
    "describe-few": {"describe": ({"shape": [1, 5]}, [bytes(16)])},
    "describe-negative": {"describe": ({"shape": [-1, -5]}, [bytes(20)])},
    "describe-rows": {"describe": ({"shape": [5, 1]}, [bytes(20)])},
    "describe-error": {
        "describe": ({"error": {"a": 1}, "remedy": 5, "kind": ["x"], "again": {"--x": 3}}, [])
    },
}

if __name__ == "__main__":
    serve(start, 1 << 28)
