"""What people said of labels as a file: written for a spreadsheet, a script or a colleague, and taken back."""

from __future__ import annotations

import getpass
from contextlib import suppress
from pathlib import Path

from cache import Artefact, Run, Store
from cache.commands import command
from cache.counting import counted
from cache.files import write_atomically
from pipeline.cli.answer import Answer, size
from pipeline.cli.paths import elsewhere
from pipeline.inputs.image_folders import readable
from pipeline.inputs.remedies import suggesting
from pipeline.labels.exported import exported
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.exchange import bring_back
from pipeline.verdicts.files import Row, read, written
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import Judgement, Record

MOST_NAMED = 5
"""Rows to name that were left alone; ``--json`` has all."""


def give_out(store: Store, run: Run, suspects: Artefact, target: Path) -> Answer:
    """Write what people said of a run's labels into a file.

    Raises
    ------
    LazybonesError
        If it cannot be read or written.
    """
    dataset = store.artefact("dataset", run.stages["dataset"])
    images, verdicts = images_of(dataset), open_verdicts(store)
    rows = exported(dataset, images, verdicts.state(images), suspects)
    content = written(rows, target.suffix.lower())
    with suggesting(elsewhere(target, "--export")):
        write_atomically(target, content)
    text = f"{target}: verdicts on {counted(len(rows), 'image')} of {len(images):,}, {size(len(content))}"
    return Answer(text, {"run": run.name, "file": str(target), "rows": len(rows), "bytes": len(content)})


def take_in(store: Store, run: Run, source: Path, who: str | None, *, replace: bool) -> Answer:
    """Record what a file says of a run's labels; the exit code is 1 if some of it was not taken.

    Raises
    ------
    LazybonesError
        If the file cannot be read, says what is not allowed, or the database cannot be written.
    """
    with suggesting(command("labels", run.name, "--export", "verdicts.csv")):
        rows = read(source)
    images, verdicts = images_of(store.artefact("dataset", run.stages["dataset"])), open_verdicts(store)
    told = bring_back(verdicts, images, rows, who or _login(), replace=replace)
    differing = [(images.ids[images.places[record.image]], row, record) for row, record in told.differing]
    lines = [told.in_words(), *(_differs(*one) for one in differing[:MOST_NAMED])]
    if (rest := len(differing) - MOST_NAMED) > 0:
        lines.append(f"{counted(rest, 'more image')}; --json lists all.")
    if told.differing:
        lines.append(
            "--replace takes what the file says of them, too. What is there now stays in the history."
        )
    if new := sorted({row.judged for row in rows if row.judged} - set(images.class_names)):
        lines.append(f"{counted(len(new), 'class', 'classes')} that {run.name} has not: {_listed(new)}.")
    if told.unknown == len(rows) > 0:
        lines.append(f"The file is of another data set than that of {run.name}, or its classes have changed.")
    data = {
        "run": run.name,
        "recorded": told.recorded,
        "as_before": told.as_before,
        "unknown": told.unknown,
        "differing": [_data(*one) for one in differing],
        "new_classes": new,
    }
    return Answer("\n".join(lines), data, code=1 if told.differing or told.unknown else 0)


def _listed(names: list[str]) -> str:
    """Name a few, and say how many more there are."""
    rest = len(names) - MOST_NAMED
    return ", ".join(readable(repr(name)) for name in names[:MOST_NAMED]) + (
        f" and {rest:,} more" if rest > 0 else ""
    )


def _differs(name: str, row: Row, record: Record) -> str:
    here = f"{_words(record.judgement)} here, by {record.who} at {record.at:%Y-%m-%d %H:%M} UTC"
    return readable(f"{name}: {here}; {_words(row)} in the file")


def _data(name: str, row: Row, record: Record) -> dict[str, str]:
    return {
        "id": name,
        "key": record.image,
        "here": _words(record.judgement),
        "who": record.who,
        "when": record.at.isoformat(),
        "file": _words(row),
    }


def _words(said: Row | Judgement) -> str:
    """Say all that somebody says of an image: two that differ in their notes alone must not read alike."""
    parts = (said.verdict or "no verdict", said.judged, *sorted(said.tags), said.note and f"“{said.note}”")
    return ", ".join(filter(None, parts))


def _login() -> str:
    """Name who types; an account without a name is "command line"."""
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "command line"
