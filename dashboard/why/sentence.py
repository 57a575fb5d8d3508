"""Why an image is predicted as it is, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from cache.counting import counted
from dashboard.why.evidence import Evidence, Stop
from dashboard.wording.penalty import format_penalty


def answer(found: Evidence, names: Sequence[str]) -> str:
    """Sum the evidence up.

    Parameters
    ----------
    found : Evidence
        Of one image.
    names : sequence of str
        Names of the classes, escaped for where the sentence stands.
    """
    predicted, true = names[found.predicted], names[found.true]
    verdict = (
        f"Predicted {predicted}, which is right"
        if found.right
        else f"Predicted {predicted}, true class {true}"
    )
    parts = [_near(found, names), _along(found.path, found.at, names)]
    return unbroken(f"{verdict}: {'; '.join(filter(None, parts))}.")


def unbroken(text: str) -> str:
    """Keep each "C = 0.1" in one line."""
    return text.replace("C = ", "C\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def stretches(path: Sequence[Stop]) -> list[tuple[int, int, int]]:
    """Give the stretches of a path over which the same is predicted: first and last position, and the label."""
    found: list[tuple[int, int, int]] = []
    for place, stop in enumerate(path):
        if found and found[-1][2] == stop.predicted:
            found[-1] = (found[-1][0], place, stop.predicted)
        else:
            found.append((place, place, stop.predicted))
    return found


def _near(found: Evidence, names: Sequence[str]) -> str:
    """Say of which classes the nearest training images are."""
    n, of_it = len(found.nearest), found.nearest.count(found.predicted)
    if not n:
        return "there was no training image to learn from"
    those = f"{counted(n, 'training image')} nearest to it"
    if of_it == n and n > 1:
        return f"all {those} are {names[found.predicted]}"
    counts = [(of_it, found.predicted)]
    counts += [] if found.right else [(found.nearest.count(found.true), found.true)]
    (many, first), *others = counts
    verb = "is" if many <= 1 else "are"
    also = "".join(f" and {other or 'none'} {names[label]}" for other, label in others)
    return f"of the {those}, {many or 'none'} {verb} {names[first]}{also}"


def _along(path: Sequence[Stop], at: int, names: Sequence[str]) -> str:
    """Say over which C the prediction stays as it is."""
    if len(path) < 2:
        return ""
    parts = stretches(path)
    here = next(place for place, (first, last, _) in enumerate(parts) if first <= at <= last)
    first, last, label = parts[here]
    name, low, high = names[label], format_penalty(path[first].C), format_penalty(path[last].C)
    before = names[parts[here - 1][2]] if here else ""
    after = names[parts[here + 1][2]] if here + 1 < len(parts) else ""
    if not before and not after:
        return f"it is predicted as {name} at each of the {len(path)} values of C"
    if not after:
        return f"it is predicted as {name} from C = {low} on, as {before} just below"
    if not before:
        return f"it is predicted as {name} up to C = {high}, as {after} just above"
    where = f"at C = {low}" if first == last else f"from C = {low} to {high}"
    return f"it is predicted as {name} only {where}, as {before} just below and as {after} just above"
