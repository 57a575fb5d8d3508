"""What a person sees in the terminal while a run works."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

from cache import Artefact
from pipeline.cli.summary import dataset_line
from pipeline.compute.progress import Progress
from pipeline.stages.contract import Stage

QUIET_SECONDS = 1.0
LOG_SECONDS = 10.0
COUNTED = "{desc}: {n_fmt}/{total_fmt}{unit} · {rate_fmt} · {remaining} left"
UNCOUNTED = "{desc}:{unit} · {elapsed}"


class TerminalReporter:
    """Write progress bars and one line per stage to standard error.

    Parameters
    ----------
    stream : text file
        Where to write; bars are redrawn on a terminal, and repeated every ten seconds in a log.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.stages: list[dict[str, object]] = []
        self._why = ""

    @contextmanager
    def working(self, stage: str, detail: str) -> Iterator[Progress]:
        """Show a bar with the rate and the time left, once the work has taken a second."""
        bar: tqdm[Any] | None = None
        shown: tuple[int, str] | None = None

        def progress(done: int, total: int, what: str) -> None:
            nonlocal bar, shown
            if bar is None or shown != (total, what):
                if bar is not None:
                    bar.close()
                bar, shown = self._bar(f"{stage} ({detail})", total, what), (total, what)
                bar.initial = bar.n = done
                return
            bar.update(done - bar.n)

        try:
            yield progress
        finally:
            if bar is not None:
                bar.close()

    def _bar(self, label: str, total: int, what: str) -> tqdm[Any]:
        live = self.stream.isatty()
        return tqdm(
            desc=label,
            total=total,
            unit=f" {what}",
            file=self.stream if live else _Lines(self.stream),
            leave=False,
            delay=QUIET_SECONDS if total else 0,
            mininterval=0.1 if live else LOG_SECONDS,
            dynamic_ncols=live,
            bar_format=COUNTED if total else UNCOUNTED,
        )

    def done(self, artefact: Artefact, *, reused: bool, seconds: float) -> None:
        """Write one line: the stage, whether it was there already, and what it took."""
        manifest = artefact.manifest
        took = f"reused (took {_duration(manifest.seconds)})" if reused else f"done in {_duration(seconds)}"
        self.stream.write(f"  {manifest.stage:<12} {manifest.plugin:<21} {took}\n")
        if manifest.stage == "dataset":
            self.stream.write(f"  {dataset_line(artefact)}\n")
        self.stream.flush()
        self.stages.append(
            {
                "stage": manifest.stage,
                "plugin": manifest.plugin,
                "key": artefact.key,
                "reused": reused,
                "seconds": round(seconds, 3),
                "seconds_to_compute": manifest.seconds,
            }
        )

    def left_out(self, stage: Stage, why: str) -> None:
        """Write one line; with why, where it is for another reason than the stage before."""
        told = "" if why == self._why else f": {why}"
        self._why = why
        self.stream.write(f"  {stage.STAGE:<12} {stage.NAME:<21} left out{told}\n")
        self.stream.flush()


class _Lines:
    """Turn a bar that is redrawn in place into lines, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        line = text.strip()
        if line:
            self.stream.write(f"  {line}\n")

    def flush(self) -> None:
        self.stream.flush()


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return time.strftime("%H h %M min" if seconds >= 3600 else "%M min %S s", time.gmtime(seconds)).lstrip(
        "0"
    )
