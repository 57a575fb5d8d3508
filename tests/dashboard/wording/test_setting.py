"""Settings in words: as short as tells them apart."""

import pytest

from dashboard.wording.setting import dials, format_gamma, read_gamma, setting_name
from pipeline.api import InvalidParameter, Setting

LINEAR, RBF = Setting(0.1, "linear"), Setting(0.1, "rbf", "scale")


@pytest.mark.parametrize(
    ("setting", "others", "words"),
    [(LINEAR, [], "C = 0.1"), (LINEAR, [LINEAR.at(1)], "C = 0.1"), (RBF, [], "RBF, C = 0.1"),
     (LINEAR, [RBF], "linear, C = 0.1"), (RBF, [LINEAR], "RBF, C = 0.1"),
     (RBF, [Setting(1, "rbf", 0.5)], "RBF, gamma = scale, C = 0.1"),
     (Setting(1, "rbf", 0.5, 20), [], "RBF, gamma = 0.5, C = 1, 20 images a class"),
     (LINEAR, [Setting(0.1, "linear", None, 1000)], "C = 0.1, all images"),
     (Setting(0.1, "<b>*x*"), [], "bx, C = 0.1")],
)  # fmt: skip
def test_name_has_what_tells_apart(setting, others, words):
    """What is usual and common is left out; a stranger's plug-in cannot bring markup."""
    assert setting_name(setting, *others) == words


def test_two_settings_never_have_one_name():
    """Beside each other."""
    several = [Setting(C, *family) for C in (0.1, 2.0) for family in
               (("linear", None, None), ("linear", None, 20), ("rbf", "scale", None), ("rbf", 0.5, None),
                ("rbf", "scale", 20))]  # fmt: skip
    for one in several:
        for other in several:
            assert (setting_name(one, other) == setting_name(other, one)) == (one == other)


def test_dials_are_all_but_the_penalty():
    """For the sidebar and the history."""
    assert dials(LINEAR) == "linear kernel, all training images"
    assert dials(Setting(1, "rbf", 0.01, 500)) == "RBF kernel, gamma = 0.01, 500 training images a class"


@pytest.mark.parametrize(
    ("text", "gamma"), [("", "scale"), (" Scale ", "scale"), ("0,05", 0.05), ("1e-3", 0.001)]
)
def test_gamma_is_read_as_people_type_it(text, gamma):
    """Nothing is "scale"; a decimal comma is fine."""
    assert read_gamma(text) == gamma
    assert read_gamma(format_gamma(gamma)) == gamma


@pytest.mark.parametrize("text", ["wide", "-1", "0", "nan", "inf", "1e99"])
def test_what_is_no_gamma_is_refused(text):
    """With what is allowed."""
    with pytest.raises(InvalidParameter, match=r"gamma must be scale, or a number from .+ Got"):
        read_gamma(text)
