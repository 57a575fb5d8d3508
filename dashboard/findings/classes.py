"""What is found among the classes: the two mistaken for each other most, and the one recognised worst."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from dashboard.findings.finding import Answers, Evidence, Finding
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.numbers import images, thousands


def hardest_pair(answers: Answers) -> Finding | None:
    """Find the two classes that are most often taken for each other, as a share of their images.

    Pairs are compared by the lower end of that share's interval: two errors of four images prove less than forty of a
    hundred. None where nothing is taken for another.
    """
    k, matrix = len(answers.class_names), answers.matrix
    sizes = matrix.sum(axis=1)
    across = np.triu(matrix + matrix.T, 1)
    pairs = [
        (wilson_interval(wrong, of)[0], wrong, of, i, j)
        for i, j in np.argwhere(across).tolist()
        for wrong, of in [(int(across[i, j]), int(sizes[i] + sizes[j]))]
    ]
    if not pairs:
        return None
    _, wrong, _, first, second = max(pairs, key=lambda pair: (pair[0], pair[1]))
    of_each = [_taken(answers, first, second), _taken(answers, second, first)]
    return Finding(
        "pair",
        wrong / answers.n,
        _of_pair(answers, first, second) if k > 2 else _of_two(answers),
        Evidence(
            "See this pair",
            "separability",
            MappingProxyType({"true_label": first, "predicted_label": second, "outcome": "all"}),
        ),
        tuple(rows for rows in of_each if rows),
    )


def _of_pair(answers: Answers, first: int, second: int) -> str:
    matrix = answers.matrix
    wrong, of = int(matrix[first, second] + matrix[second, first]), int(matrix[[first, second]].sum())
    return (
        f"{answers.name(first)} and {answers.name(second)} are mistaken for each other most: {thousands(wrong)} "
        f"of their {images(of)} {'is' if wrong == 1 else 'are'} taken for the other."
    )


def _of_two(answers: Answers) -> str:
    """Say of the only pair which way its errors go: how many there are, the accuracy says already."""
    (_, first), (second, _) = answers.matrix.tolist()
    verb = "is" if first == 1 else "are"
    return (
        f"{thousands(first)} of {answers.name(0)} {verb} taken for {answers.name(1)}, "
        f"and {thousands(second)} of {answers.name(1)} for {answers.name(0)}."
    )


def _taken(answers: Answers, true: int, predicted: int) -> tuple[int, ...]:
    return answers.worst_first((answers.true == true) & (answers.predicted == predicted))


def worst_class(answers: Answers) -> Finding | None:
    """Find the class whose images are recognised least often; of equals the one with most images.

    None where no class is worse than the whole beyond chance: its interval must lie below the accuracy.
    """
    matrix = answers.matrix
    sizes, hits = matrix.sum(axis=1), np.diag(matrix)
    accuracy = hits.sum() / max(answers.n, 1)
    worse = [
        label
        for label, (right, of) in enumerate(zip(hits, sizes, strict=True))
        if of and wilson_interval(int(right), int(of))[1] < accuracy
    ]
    if not worse:
        return None
    label = min(worse, key=lambda one: (hits[one] / sizes[one], -sizes[one]))
    right, of = int(hits[label]), int(sizes[label])
    missed = matrix[label].copy()
    missed[label] = 0
    other = int(np.argmax(missed))
    verb = "is" if right == 1 else "are"
    return Finding(
        "class",
        float(accuracy - right / of) * of / answers.n,
        f"{answers.name(label)} is recognised worst: {thousands(right)} of {images(of)} {verb} right, and "
        f"{thousands(missed[other])} {'is' if missed[other] == 1 else 'are'} taken for {answers.name(other)}.",
        Evidence(
            f"See all {thousands(of - right)} errors" if of - right > 1 else "See the error",
            "errors",
            MappingProxyType({"true_label": label, "predicted_label": None, "outcome": "all"}),
        ),
        (answers.worst_first((answers.true == label) & (answers.predicted != label)),),
    )
