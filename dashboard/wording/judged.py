"""How the images were judged, in words: each by a classifier that did not learn from it."""

from __future__ import annotations

from typing import Any

from cache.counting import counted
from dashboard.wording.numbers import images
from pipeline.api import Judged


def noun(judged: Judged) -> str:
    """Give what an image that was judged is called: a test image, if none of them was learnt from."""
    return judged.noun


def taught_noun(judged: Judged) -> str:
    """Give what an image that machines learn from is called: a training image, if others are there, too."""
    return "training image" if judged.is_apart or judged.n_by_all else "image"


def judged_images(n: Any, judged: Judged) -> str:
    """Write how many images were judged: "10,000 test images", "1,240 images"."""
    return counted(n, noun(judged))


def taught_images(n: Any, judged: Judged) -> str:
    """Write how many images machines learn from: "10,000 training images", "1,240 images"."""
    return counted(n, taught_noun(judged))


def learnt_from(n: Any, judged: Judged) -> str:
    """Say of a machine on which images its training accuracy was measured: those that it was fitted on."""
    return f"on {images(n)}" if judged.is_apart else f"on {images(n)}, by a machine that has seen them"


def accuracy_name(judged: Judged) -> str:
    """Give what the share of images that are right is called."""
    if judged.is_apart:
        return "Test accuracy"
    return "Accuracy" if judged.n_by_all else "Accuracy, out of fold"


def judged_sentence(judged: Judged) -> str:
    """Say how the images were judged."""
    if judged.is_apart:
        n = judged_images(judged.n_test, judged)
        return f"The {n} were judged by a classifier that learnt from none of them."
    alike = f" ({images(judged.near_duplicates)})" if judged.near_duplicates else ""
    how = (
        f"were cut into {counted(judged.folds, 'part')}, the folds, and each part was judged by a classifier that "
        f"learnt from the others. Near-duplicates{alike} are in one part."
    )
    start = "No image was judged by a classifier that learnt from it"
    if not judged.n_by_all:
        return f"{start}: the images {how}"
    return (
        f"{start}: the {counted(judged.n_by_all, 'test image')} by one that learnt from all "
        f"{counted(judged.n_out_of_fold, 'training image')}; the training images {how}"
    )


def right_of(judged: Judged) -> str:
    """Say what the share of images that are right is a share of, after the number: "67.4% right, out of fold"."""
    return "right" if judged.is_apart or judged.n_by_all else "right, out of fold"


def advice(judged: Judged) -> str:
    """Say in Markdown how to choose C."""
    if judged.is_apart:
        return (
            "**Choosing C where the test accuracy peaks is optimistic.** The test images would then have helped to "
            "choose, and could no longer tell how new images fare. Cross-validation chooses with the training split "
            "alone."
        )
    each = "Each training image" if judged.n_by_all else "Each image"
    return (
        f"**Choosing C where the accuracy peaks is slightly optimistic.** {each} is judged out of fold, but the "
        "same folds then choose C and tell how good it is."
    )
