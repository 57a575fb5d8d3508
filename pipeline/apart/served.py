"""What the process of a network does: it looks into a file that somebody brought, loads it, and describes images.

It is started by `pipeline.apart.network`, as ``python -m pipeline.apart.served``.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from cache.foreign import foreign
from pipeline.apart.extractor import Describe, Foreign
from pipeline.apart.serving import Answer, Said, limit, serve, write_nothing
from pipeline.compute.pool import processors
from pipeline.errors import ExtractorError

MOST_IMAGES = 1 << 30
"""Bytes of the images of one question."""
STACKS, STACK = 1 << 30, 64 << 20
"""Bytes that libraries ask for and do not use: in all, and for each processor."""


def start(said: Mapping[str, Any]) -> Answer:
    """Make the extractor; give what answers questions to it."""
    plugin = importlib.import_module(said["module"]).PLUGIN
    extractor: Foreign = plugin.read(plugin.NAME, said["options"])
    limit(int(said["memory"]) + STACKS + STACK * processors())
    describe: Describe | None = None

    def answer(header: Mapping[str, Any], bodies: list[bytes]) -> Said:
        nonlocal describe
        with used(extractor.brought):
            if header["do"] == "sight":
                return {}, [json.dumps(extractor.seen).encode()]
            if header["do"] == "load":
                identity = extractor.identity()
                describe = extractor.open()
                write_nothing()
                return {"identity": identity}, []
            assert describe is not None  # noqa: S101  # it is loaded before
            images = np.frombuffer(bodies[0], np.uint8).reshape(header["shape"])
            features = np.ascontiguousarray(describe(images), "<f4")
            return {"shape": features.shape}, [features.tobytes()]

    return answer


def used(brought: str) -> AbstractContextManager[None]:
    """Use what was brought in the block: whatever is raised there becomes an error of ours.

    Raises
    ------
    LazybonesError
        As `cache.foreign.foreign`.
    """
    return foreign(
        lambda got: ExtractorError(
            f"{brought} must be a network that can be used. Got: {got}.", remedy="another file"
        )
    )


if __name__ == "__main__":
    serve(start, MOST_IMAGES)
