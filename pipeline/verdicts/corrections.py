"""What a data set becomes by what people say of its labels: other labels, and images that are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cache.counting import counted
from cache.keys import digest
from pipeline.verdicts.database import State
from pipeline.verdicts.images import LabelledImages


@dataclass(frozen=True)
class Corrections:
    """Hold the corrections of a data set.

    Attributes
    ----------
    images : LabelledImages
        The data set.
    labels : dict of str to str
        Name of the class that an image is to have, by its key.
    excluded : frozenset of str
        Keys of the images to leave out.
    unknown : int
        Images whose label is wrong while nobody has said what they are; they stay as they are.
    """

    images: LabelledImages
    labels: dict[str, str]
    excluded: frozenset[str]
    unknown: int

    def __len__(self) -> int:
        return len(self.labels) + len(self.excluded)

    @property
    def digest(self) -> str:
        """Of what changes, and how; not of who said so, or when."""
        return digest({"labels": self.labels, "excluded": sorted(self.excluded)})

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The classes of the data set, and behind them new ones in alphabetical order."""
        return (*self.images.class_names, *sorted(set(self.labels.values()) - set(self.images.class_names)))

    def facts(self) -> dict[str, Any]:
        """Count them for each split, as a data set's facts have it."""
        return {"relabelled": self._counts(self.labels), "excluded": self._counts(self.excluded)}

    def notes(self) -> list[str]:
        """Say for people what was corrected, and what of it among the images that are tested on."""
        found = self.facts()
        changed, gone = (sum(found[what].values()) for what in ("relabelled", "excluded"))
        tested = found["relabelled"]["test"] + found["excluded"]["test"]
        lines = [f"Corrected: {counted(changed, 'label')} changed, {counted(gone, 'image')} left out."]
        if tested:
            lines.append(
                f"Of these, {counted(tested, 'correction')} changed the test split: accuracies before and after "
                "are of different test labels."
            )
        if new := self.class_names[len(self.images.class_names) :]:
            lines.append(f"{counted(len(new), 'new class', 'new classes')}: {', '.join(map(repr, new))}.")
        if self.unknown:
            lines.append(
                f"{counted(self.unknown, 'label')} called wrong without another class: left as before."
            )
        return lines

    def _counts(self, keys: Iterable[str]) -> dict[str, int]:
        splits = [self.images.splits[self.images.places[key]] for key in keys]
        return {split: splits.count(split) for split in ("train", "test")}


def corrections_of(images: LabelledImages, state: State) -> Corrections:
    """Gather the corrections that the last record of each image asks for."""
    said = {key: record.judgement for key, record in state.records.items() if key in images.places}
    wrong = {key: judgement.judged for key, judgement in said.items() if judgement.verdict == "wrong"}
    return Corrections(
        images,
        {key: judged for key, judged in wrong.items() if judged is not None},
        frozenset(key for key, judgement in said.items() if judgement.verdict == "excluded"),
        sum(judged is None for judged in wrong.values()),
    )
