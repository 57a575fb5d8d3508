"""The classifier's controls besides its penalty: kernel, training images and feature set."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.comparison.sides import rivals
from dashboard.jobs.noted import refusing
from dashboard.page.context import ViewContext
from dashboard.retraining import fit_request
from dashboard.run.features import model_of
from dashboard.wording.numbers import thousands
from dashboard.wording.setting import KERNEL_NAMES, format_gamma, read_gamma
from pipeline.api import DEFAULT_SIZES, KERNELS, Asked, Setting

KERNEL, GAMMA, SIZE, FEATURES = "kernel", "gamma of the kernel", "training images", "feature set"


def show_dials(context: ViewContext) -> None:
    """Draw the controls; what is changed here is in use at once, or as soon as it is fitted."""
    is_rbf = context.wanted.kernel == "rbf"
    columns = st.columns([3, 2, 4, 5] if is_rbf else [3, 5, 5], gap="medium", vertical_alignment="top")
    with columns[0]:
        _kernel(context)
    if is_rbf:
        with columns[1]:
            _gamma(context)
    with columns[-2]:
        _size(context)
    with columns[-1]:
        _features(context)


def _change(context: ViewContext, setting: Setting) -> None:
    """Use another setting; a dial that says what is asked for already must not undo what another has changed."""
    if setting != context.wanted:
        fit_request.choose(context, setting)


def _kernel(context: ViewContext) -> None:
    now = context.wanted
    kernels = list(dict.fromkeys((*KERNELS, context.data.settings.own.kernel)))

    def picked() -> None:
        kernel = st.session_state[KERNEL]
        if kernel is not None:  # a press on the one that is chosen
            settings = context.data.settings
            with refusing(fit_request.PLACE):
                asked = replace(settings.relative(now), kernel=kernel, gamma=None)
                _change(context, settings.resolve(asked))

    st.session_state[KERNEL] = now.kernel
    st.segmented_control(
        "Kernel",
        kernels,
        key=KERNEL,
        format_func=lambda kernel: KERNEL_NAMES.get(kernel, kernel),
        on_change=picked,
        help="Linear: flat boundaries between classes. RBF: boundaries that bend round the training images.",
    )


def _gamma(context: ViewContext) -> None:
    now = context.wanted

    def typed() -> None:
        with refusing(fit_request.PLACE):
            _change(context, replace(now, gamma=read_gamma(st.session_state[GAMMA])))

    st.session_state[GAMMA] = "" if now.gamma is None else format_gamma(now.gamma)
    st.text_input(
        "Gamma",
        key=GAMMA,
        max_chars=40,
        on_change=typed,
        help="How quickly a training image's influence fades with distance: larger bends the boundaries more. "
        "“scale” fits it to the spread of the features, and is a good start.",
    )


def _size(context: ViewContext) -> None:
    now, most = context.wanted, context.data.settings.largest_class
    stops = sorted({*(size for size in DEFAULT_SIZES if size < most), now.per_class or most, most})
    if len(stops) == 1:
        return

    def moved() -> None:
        size = st.session_state[SIZE]
        _change(context, replace(now, per_class=None if size == most else size))

    st.session_state[SIZE] = now.per_class or most
    st.select_slider(
        "Training images a class",
        stops,
        key=SIZE,
        format_func=lambda size: "all" if size == most else thousands(size),
        on_change=moved,
        help="A random part of each class, the same each time; a larger one contains the smaller ones. The learning "
        "curve below starts from the same parts.",
    )


def _features(context: ViewContext) -> None:
    runs = {context.run.name: context.data, **{side.data.run.name: side.data for side in rivals(context)}}
    if len(runs) == 1:
        return

    def picked() -> None:
        name = st.session_state[FEATURES]
        if name != context.run.name:
            with refusing(fit_request.PLACE):
                setting = runs[name].settings.resolve(_carried(context.wanted))
                fit_request.choose(context, setting, runs[name])

    st.session_state[FEATURES] = context.run.name
    st.selectbox(
        "Feature set",
        list(runs),
        key=FEATURES,
        format_func=lambda name: f"{name}: {model_of(runs[name])}",
        on_change=picked,
        help="Another run of the same images. What is in use now becomes the baseline that it is compared with.",
    )


def _carried(setting: Setting) -> Asked:
    """Ask another run for the same setting; a kernel that only this run has is left behind."""
    kernel, gamma = (setting.kernel, setting.gamma) if setting.kernel in KERNELS else (None, None)
    return Asked(setting.C, kernel, gamma, setting.per_class)
