"""Terms of the field, each explained in one sentence where it stands, with a link to read on."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.wording.escaping import html

_GUIDE = "https://scikit-learn.org/stable/modules"
_WIKIPEDIA = "https://en.wikipedia.org/wiki"


@dataclass(frozen=True)
class Term:
    """Say in one sentence what a term means, and where to read more."""

    sentence: str
    link: str


TERMS = {
    "margin": Term(
        "How far the true class is ahead of its strongest rival, in units of the SVM's decision value: beyond ±1 it is "
        "clear, and below 0 the rival wins and the prediction is wrong, unless the votes of other pairs outdo that.",
        f"{_WIKIPEDIA}/Margin_(machine_learning)",
    ),
    "C": Term(
        "The SVM's penalty: the higher it is, the harder the SVM tries to get every training image right.",
        f"{_GUIDE}/svm.html#tips-on-practical-use",
    ),
    "support vector": Term(
        "A training image on or inside the SVM's margin: these alone decide where the boundary lies.",
        f"{_GUIDE}/svm.html#classification",
    ),
    "faithfulness": Term(
        "How well the map keeps neighbours: the share of an image's nearest images by features that are also near "
        "it on the map.",
        f"{_WIKIPEDIA}/Nonlinear_dimensionality_reduction",
    ),
    "McNemar": Term(
        "A test of two classifiers on the same images: it asks whether the images that only one gets right are "
        "split more unevenly than chance would split them.",
        f"{_WIKIPEDIA}/McNemar%27s_test",
    ),
    "cross-validation": Term(
        "The training images are cut into parts, and each part is judged by a classifier that learnt from the "
        "others; the test images are not touched.",
        f"{_GUIDE}/cross_validation.html",
    ),
    "out of fold": Term(
        "Judged by a classifier that did not learn from this image: it learnt from the other parts of the data set.",
        f"{_GUIDE}/cross_validation.html#obtaining-predictions-by-cross-validation",
    ),
    "decision value": Term(
        "The number an SVM computes for an image: its sign says on which side of the boundary it lies, its size how "
        "far from it.",
        f"{_GUIDE}/svm.html#scores-and-probabilities",
    ),
    "votes": Term(
        "One SVM stands for each pair of classes and votes for one of the two; the class with most votes is predicted.",
        f"{_GUIDE}/svm.html#multi-class-classification",
    ),
    "feature space": Term(
        "Each image is described by many numbers, its features: taken as a place, they lie near each other where the "
        "network finds images alike.",
        f"{_WIKIPEDIA}/Feature_(machine_learning)",
    ),
    "recall": Term(
        "Of the images of a class: the share predicted as that class.", f"{_WIKIPEDIA}/Precision_and_recall"
    ),
    "precision": Term(
        "Of the images predicted as a class: the share that belongs to it.",
        f"{_WIKIPEDIA}/Precision_and_recall",
    ),
    "F1": Term("The harmonic mean of precision and recall: high only if both are.", f"{_WIKIPEDIA}/F-score"),
    "kernel": Term(
        "How the SVM compares two images: a linear one draws flat boundaries, an RBF one can bend them.",
        f"{_GUIDE}/svm.html#kernel-functions",
    ),
    "gamma": Term(
        "How near two images must be for an RBF kernel to call them alike: the higher it is, the nearer.",
        f"{_GUIDE}/svm.html#parameters-of-the-rbf-kernel",
    ),
    "t-SNE": Term(
        "A way to lay images out in two dimensions so that those near by features stay near; distances between "
        "far groups mean little.",
        f"{_GUIDE}/manifold.html#t-sne",
    ),
    "PCA": Term(
        "The flat view of the features that keeps as much of their spread as two dimensions can.",
        f"{_GUIDE}/decomposition.html#pca",
    ),
    "Wilson interval": Term(
        "A range in which a share lies with 95% confidence, given how many images it was measured on.",
        f"{_WIKIPEDIA}/Binomial_proportion_confidence_interval#Wilson_score_interval",
    ),
    "hyperplane": Term(
        "The flat boundary that an SVM puts between two classes in the space of the features.",
        f"{_GUIDE}/svm.html#mathematical-formulation",
    ),
}


def term(name: str, text: str | None = None) -> str:
    """Write a term as HTML that explains itself: on hover, focus and tap, one sentence and a link.

    Parameters
    ----------
    name : str
        One of ``TERMS``.
    text : str, optional
        The word as it stands in the sentence, "margins" for example; the name without it.

    Raises
    ------
    ValueError
        If there is no such term.
    """
    if name not in TERMS:
        raise ValueError(f"term must be one of {', '.join(TERMS)}. Got {name!r}.")
    meaning, word = TERMS[name], name if text is None else text
    said = html(meaning.sentence)
    more = f'<a href="{html(meaning.link)}" target="_blank" aria-label="{html(f"More on {name}")}">More</a>'
    return (
        f'<span class="lb-term"><dfn tabindex="0" aria-description="{said}">{html(word)}</dfn>'
        f'<span class="lb-meaning">{said} {more}</span></span>'
    )
