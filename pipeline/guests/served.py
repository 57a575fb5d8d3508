"""What the worker's process does: it turns pictures that strangers send into features, and can do little else.

It is started by `pipeline.guests.process`, as ``python -m pipeline.guests.served``. It opens no store, writes no file,
downloads nothing, and ends when nobody asks for anything, or whoever started it has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cache.errors import LazybonesError
from pipeline.apart.serving import Answer, Said, limit, serve, write_nothing
from pipeline.compute import memory
from pipeline.errors import UnusablePicture
from pipeline.guests.extractor import Describe, describer
from pipeline.guests.pictures import MOST_GUEST_BYTES, Form, shown


def start(said: Mapping[str, Any]) -> Answer:
    """Load the network that describes guests as a run's images were; give what describes one."""
    form = Form(None if said["shape"] is None else tuple(said["shape"]))
    describe = describer(said["command"], said["made"], form)
    memory.give_back()  # what building a network takes and no longer needs
    limit(int(said["memory"]))
    write_nothing()
    return lambda _, bodies: _described(form, describe, *bodies)


def _described(form: Form, describe: Describe, content: bytes) -> Said:
    """Give the features of a picture, and what it looks like."""
    try:
        image = form.image(content)
        features = np.ascontiguousarray(describe([image])[0], "<f4")
        return {"height": image.shape[0], "width": image.shape[1]}, [features.tobytes(), shown(image)]
    except LazybonesError:
        raise
    except MemoryError as problem:
        raise UnusablePicture(
            "A picture must fit into the memory that there is. Got one that does not.", remedy="a smaller one"
        ) from problem
    except Exception as problem:  # a decoder or a network may raise anything, and the next picture is another
        raise UnusablePicture(
            "A picture must be one that can be decoded and described. Got one that cannot.",
            remedy="another file of it",
        ) from problem


if __name__ == "__main__":
    serve(start, MOST_GUEST_BYTES)
