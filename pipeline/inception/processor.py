"""Ask the processor what it can do."""

from __future__ import annotations

from pathlib import Path

BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def has_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Say whether the processor multiplies bfloat16 in hardware.

    Parameters
    ----------
    cpuinfo : Path, optional
        Where Linux lists the processor's flags; elsewhere the answer is no.
    """
    if not cpuinfo.is_file():
        return False
    lines = (
        line
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.startswith("flags")
    )
    return not BFLOAT16_FLAGS.isdisjoint(next(lines, "").split())
