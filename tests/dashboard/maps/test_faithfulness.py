"""How far the map can be trusted: the numbers of the store, in words."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.maps.faithfulness import numbers
from dashboard.wording.numbers import percent
from pipeline.api import FaithfulnessStage, find
from tests.planted import Plan, planted_run


def _section(store, name):
    from dashboard.maps.faithfulness import show_faithfulness
    from dashboard.page.context import ViewContext
    from dashboard.page.view_state import ViewState
    from dashboard.run.data import RunData

    data = RunData(store, name)
    show_faithfulness(ViewContext(store, data, data.own_predictions, ViewState(run=name, page="map")))


def section(store, name="planted"):
    """Draw the section."""
    page = AppTest.from_function(_section, kwargs={"store": store, "name": name}).run(timeout=30)
    assert not page.exception
    return page


def test_numbers_are_the_stores(store):
    """Neighbours kept on average, trustworthiness and continuity."""
    found = find(store, FaithfulnessStage(), planted_run(store).stages)
    kept, facts = np.array(found.array("preserved")), found.manifest.facts
    text = numbers(found)
    assert f"<dd>{percent(kept.mean() / 20)}</dd><dd>{kept.mean():.1f} of 20, on average</dd>" in text
    assert f"<dt>Trustworthiness</dt><dd>{facts['trustworthiness']:.3f}</dd>" in text
    assert f"<dt>Continuity</dt><dd>{facts['continuity']:.3f}</dd>" in text


def test_too_few_images_have_no_score(store):
    """A dash stands for what cannot be measured."""
    found = find(store, FaithfulnessStage(), planted_run(store, plan=Plan(n_test=30)).stages)
    assert numbers(found).count("<dd>\N{EN DASH}</dd>") == 2


def test_section_explains_its_numbers(store):
    """How to read them stands beside them."""
    planted_run(store)
    page = section(store)
    assert "Trustworthiness" in page.get("html")[0].proto.body
    assert "torn apart" in page.caption[0].value


def test_run_without_it_offers_to_measure(store):
    """What is missing comes with the button that makes it."""
    planted_run(store, without=("faithfulness",))
    assert [button.label for button in section(store).button] == ["Compute faithfulness"]


@pytest.mark.parametrize("stage", ["neighbours", "projection"])
def test_run_that_cannot_be_measured_shows_nothing(store, stage):
    """No heading without a section."""
    planted_run(store, without=("faithfulness", stage))
    assert not section(store).subheader
