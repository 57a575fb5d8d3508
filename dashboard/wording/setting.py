"""Settings of a classifier as people read and type them."""

from __future__ import annotations

import re

from cache.counting import counted
from dashboard.wording.penalty import format_penalty, read_number
from pipeline.api import SCALE, Gamma, Setting

GAMMA_RANGE = (1e-9, 1e9)
"""The values of gamma that can be typed, or asked for in the address."""

KERNEL_NAMES = {"linear": "linear", "rbf": "RBF"}
"""What people call the kernels; a plug-in of somebody's own goes by its name."""


def setting_name(setting: Setting, *others: Setting) -> str:
    """Name a setting as briefly as tells it from some others: what is usual and common to all is left out.

    Parameters
    ----------
    setting : Setting
        In full.
    *others : Setting
        In full.
    """
    kernels, sizes = ({getattr(one, name) for one in (setting, *others)} for name in ("kernel", "per_class"))
    gammas = {one.gamma for one in (setting, *others) if one.kernel == setting.kernel}
    words = []
    if kernels != {"linear"}:
        words.append(kernel_name(setting))
    if setting.gamma is not None and gammas != {SCALE}:
        words.append(f"gamma = {format_gamma(setting.gamma)}")
    words.append(f"C = {format_penalty(setting.C)}")
    if sizes != {None}:
        words.append(_size(setting, "image"))
    return ", ".join(words)


def dials(setting: Setting) -> str:
    """Name all of a setting but the penalty."""
    kernel = kernel_name(setting)
    words = [f"{kernel} kernel" if setting.kernel in KERNEL_NAMES else kernel]
    words += [] if setting.gamma is None else [f"gamma = {format_gamma(setting.gamma)}"]
    return ", ".join([*words, _size(setting, "training image")])


def _size(setting: Setting, what: str) -> str:
    return f"all {what}s" if setting.per_class is None else f"{counted(setting.per_class, what)} a class"


def kernel_name(setting: Setting) -> str:
    """Name the kernel; the name of a plug-in of somebody's own loses what Markdown or HTML would read."""
    kernel = str(setting.kernel)
    return KERNEL_NAMES.get(kernel) or re.sub(r"[^A-Za-z0-9-]", "", kernel)


def format_gamma(gamma: Gamma) -> str:
    """Write gamma with three significant digits."""
    return gamma if isinstance(gamma, str) else format_penalty(gamma)


def read_gamma(text: str) -> Gamma:
    """Read a gamma that somebody typed; nothing means "scale".

    Raises
    ------
    InvalidParameter
        If it is neither "scale" nor a number in ``GAMMA_RANGE``.
    """
    word = text.strip().lower()
    return SCALE if word in ("", SCALE) else read_number(word, GAMMA_RANGE, f"gamma must be {SCALE}, or")
