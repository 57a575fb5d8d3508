"""What tiles say of an image."""

import pytest

from dashboard.images.captions import image_tiles, sentence
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from tests.planted import Plan, planted_run


@pytest.mark.parametrize(("names", "told"), [(("cat", "dog"), False), (("cat", "dog", "bird"), True)])
def test_of_two_classes_nobody_asks_who_comes_second(store, names, told):
    """The runner-up is the other one."""
    planted_run(store, plan=Plan(names))
    data = RunData(store, "planted")
    context = ViewContext(store, data, data.own_predictions, ViewState(run="planted"))
    words = [text for line in image_tiles(context, [3])[0].lines for text, _ in line]
    assert any(text.startswith("2nd") for text in words) is told
    assert ("runner-up" in sentence(context, 3, "an image")) is told
