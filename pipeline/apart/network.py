"""A network in a process apart, as seen from the one that has the images."""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cache.counting import counted
from cache.keys import canonical_json
from pipeline.apart.errors import error_in
from pipeline.apart.process import Broken, Process
from pipeline.apart.serving import Said
from pipeline.compute import memory
from pipeline.errors import ExtractorError
from pipeline.inputs.download import OFFLINE
from pipeline.inputs.files import check_unchanged

if TYPE_CHECKING:
    from pipeline.apart.extractor import Foreign

PROXIES = ("http_proxy", "https_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle")
"""What a process that downloads is told beside."""
MOST_SIGHT = 16 << 20
"""Bytes that are said of a file."""
MOST_ANSWER = 1 << 28
"""Bytes of the features of some images."""
LEAST = 1 << 28
"""Bytes that a process may take however little there is."""
SERVED = "pipeline.apart.served"
REMEDY = f"another file, or more memory, which {memory.VARIABLE} may limit"

Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Limits:
    """Say what the process of a network may take.

    Attributes
    ----------
    memory : int or None
        Bytes; None for all that there is but a tenth, or for what ``LAZYBONES_MEMORY`` leaves.
    loading, downloading : float
        Seconds until the network is there, or its file has been looked into; and if it has to be fetched first.
    describing, image : float
        Seconds for some images, and for each of them.
    idle : float
        Seconds without a question after which it ends.
    """

    memory: int | None = None
    loading: float = 300.0
    downloading: float = 6 * 3600.0
    describing: float = 60.0
    image: float = 30.0
    idle: float = 60.0


class _Idle(ExtractorError):
    """Signal that the process had ended by itself before it was asked."""


class Network:
    """Have a network looked into, loaded and run by a process apart, which is started when it is needed.

    Parameters
    ----------
    extractor : Foreign
        Whose network it is.
    """

    def __init__(self, extractor: Foreign) -> None:
        self._extractor, self._limits = extractor, extractor.LIMITS
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._loaded, self._most = False, 0

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        process = self._process
        return process.pid if process is not None and process.is_alive else None

    def sight(self) -> dict[str, Any]:
        """Give what `Foreign.sight` says of the file; errors as `Foreign.load`."""
        asked = {"do": "sight"}
        _, bodies = self._try(lambda: self._ask("looked into", asked, within=self._loading, most=MOST_SIGHT))
        try:
            said = json.loads(b"".join(bodies))
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise self._broken("looked into", "said nothing of it", self._loading)
        return said

    def load(self, identity: Mapping[str, Any]) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Load the network, which must be the one that an identity was computed from; errors as `Foreign.load`."""
        known = canonical_json(identity)
        self._try(lambda: self._load(known))
        return lambda images: self._describe(known, images)

    def _try(self, act: Callable[[], Answered]) -> Answered:
        """Have the process do something; another one, if it ended in this very moment, as nobody had asked."""
        with self._lock:
            try:
                return act()
            except _Idle:
                return act()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _load(self, known: str) -> None:
        header, _ = self._ask("loaded", {"do": "load"}, within=self._loading)
        check_unchanged(self._extractor.brought, header.get("identity"), json.loads(known), ExtractorError)
        self._loaded = True

    def _describe(self, known: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of images uint8 (n, h, w, c)."""
        within = self._limits.describing + self._limits.image * len(images)
        what, content = f"run on {counted(len(images), 'image')}", np.ascontiguousarray(images).tobytes()

        def described() -> Said:
            if not self._loaded or self.pid is None:  # nobody has asked for long
                self._load(known)
            header = {"do": "describe", "shape": images.shape}
            return self._ask(what, header, content, within=within, most=MOST_ANSWER)

        said, bodies = self._try(described)
        features = _array(said.get("shape"), bodies)
        if features is None or len(features) != len(images):
            raise self._broken(what, "gave no features of them", within)
        return features

    def _ask(
        self, what: str, header: Mapping[str, Any], *bodies: bytes, within: float, most: int = 0
    ) -> Said:
        try:
            answer = self._started().ask(header, *bodies, within=within, most=most)
        except Broken as broken:
            self._end()
            raise self._broken(what, broken.how, within, _Idle if broken.idle else ExtractorError) from None
        if problem := error_in(answer[0]):
            raise problem
        return answer

    def _started(self) -> Process:
        """Give the process; it is started if there is none, or it has ended as nobody asked."""
        if self._process is not None and self._process.is_alive:
            return self._process
        self._end()
        extractor, limits = self._extractor, self._limits
        proxies = {name: value for name, value in os.environ.items() if name.lower() in PROXIES}
        self._process = Process(SERVED, proxies if extractor.downloads else {OFFLINE: "1"})
        self._process.most = self._most = limits.memory or max(memory.available(share=1.0), LEAST)
        said = {
            "module": type(extractor).__module__,
            "options": {option.key: _word(value) for option, value in extractor.changed()},
            "memory": self._process.most,
            "idle": limits.idle,
        }
        header, _ = self._process.ask(said, within=limits.loading)
        if problem := error_in(header):
            raise problem
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process, self._loaded = None, False

    @property
    def _loading(self) -> float:
        return self._limits.downloading if self._extractor.downloads else self._limits.loading

    def _broken(
        self, what: str, how: str, within: float, kind: type[ExtractorError] = ExtractorError
    ) -> ExtractorError:
        """Give the error for a process that gave no answer, which is ended."""
        return kind(
            f"{self._extractor.brought} must be a network that can be {what} within {within:.0f} s and "
            f"{self._most / 1e6:,.0f} MB, in a process of its own. Got one that {how}.",
            remedy=REMEDY,
        )


def _word(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _array(shape: Any, bodies: list[bytes]) -> NDArray[np.float32] | None:
    """Read features float32 (n, d) that may be anything."""
    if not isinstance(shape, list) or len(shape) != 2 or len(bodies) != 1:
        return None
    if not all(type(size) is int and size > 0 for size in shape) or 4 * math.prod(shape) != len(bodies[0]):
        return None
    return np.frombuffer(bodies[0], "<f4").astype(np.float32).reshape(shape)
