"""Accuracy by what is done to an image before EfficientNet-Lite0 sees it.

Needs the shared data: ``python -m benchmarks.preprocessing [--data ../shared/data]``. Linear SVMs on the features of
CIFAR-10's first 2,500 + 2,500 images, of the photographs of ants and bees (train and val), and of the clip art
(5 folds, seeded).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from pipeline.inputs.pictures import decode
from pipeline.networks.efficientnet_lite0 import FEATURES, SIDE, build, read_weights
from pipeline.networks.onnx_network import OnnxNetwork
from pipeline.networks.preprocessing import Fit, Interpolation, Preprocessing
from pipeline.sources.cifar10 import Cifar10

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
PENALTIES = (0.01, 0.03, 0.1)
CIFAR_IMAGES = 2500

Labelled = tuple[list[NDArray[np.uint8]], NDArray[np.intp]]
Extract = Callable[[list[NDArray[np.uint8]]], NDArray[np.float32]]


def read_folder(folder: Path) -> Labelled:
    """Give the images of a folder of class folders, and their labels."""
    classes = sorted(path for path in folder.iterdir() if path.is_dir())
    files = [(file, label) for label, path in enumerate(classes) for file in sorted(path.iterdir())]
    return [decode(file.read_bytes()) for file, _ in files], np.array([label for _, label in files])


def variants() -> Iterator[tuple[str, Extract]]:
    """Give every way to prepare an image, with the network behind it."""
    model = build(read_weights())
    for fit, interpolation in product(get_args(Fit), get_args(Interpolation)):
        network = OnnxNetwork(model, FEATURES, Preprocessing(SIDE, fit, interpolation, 127, 128))
        yield f"{fit}, {interpolation}", network.extract


def split_accuracies(extract: Extract, train: Labelled, test: Labelled) -> list[float]:
    """Fit at each C on one split and give the accuracies on the other."""
    from sklearn.svm import SVC

    features, judged = extract(train[0]), extract(test[0])
    machines = (SVC(kernel="linear", C=C).fit(features, train[1]) for C in PENALTIES)
    return [machine.score(judged, test[1]) for machine in machines]


def fold_accuracies(extract: Extract, images: Labelled) -> list[float]:
    """Give the accuracies at each C on images that a machine has not seen: 5 folds."""
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.svm import SVC

    features, folds = extract(images[0]), StratifiedKFold(5, shuffle=True, random_state=0)
    machines = (SVC(kernel="linear", C=C) for C in PENALTIES)
    return [cross_val_score(machine, features, images[1], cv=folds).mean() for machine in machines]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DEFAULT)
    data: Path = parser.parse_args().data
    if not (data / "clipart").is_dir():
        sys.stderr.write(f"--data must be the folder of shared data. Got {data}, without clipart/.\n")
        return 2
    cifar = Cifar10(data_dir=data / "cifar-10-batches-py", limit=CIFAR_IMAGES).load()
    ants = [read_folder(data / "ants-bees" / split) for split in ("train", "val")]
    clipart = read_folder(data / "clipart")
    names = [f"{name}, C = {C:g}" for name in ("CIFAR-10", "ants and bees", "clip art") for C in PENALTIES]
    print(f"| preprocessing | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for name, extract in variants():
        found = [
            *split_accuracies(
                extract, *((list(s.images), s.labels.astype(np.intp)) for s in (cifar.train, cifar.test))
            ),
            *split_accuracies(extract, ants[0], ants[1]),
            *fold_accuracies(extract, clipart),
        ]
        print(f"| {name} | {' | '.join(f'{value:.4f}' for value in found)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
