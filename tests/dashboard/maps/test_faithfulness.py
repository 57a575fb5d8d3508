"""How far the map can be trusted: the numbers of the store, and an offer where there are none."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.map_content import Trust
from dashboard.maps.faithfulness import trust_of
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.api import FaithfulnessStage, find
from tests.planted import Plan, planted_run


def trust(store, name="planted"):
    """Ask how far a run's map can be trusted."""
    data = RunData(store, name)
    return trust_of(ViewContext(store, data, data.own_predictions, ViewState(run=name, page="map")))


def _offer(store, name):
    from dashboard.maps.faithfulness import offer_faithfulness
    from dashboard.page.context import ViewContext
    from dashboard.page.view_state import ViewState
    from dashboard.run.data import RunData

    data = RunData(store, name)
    offer_faithfulness(ViewContext(store, data, data.own_predictions, ViewState(run=name, page="map")))


def offered(store, name="planted"):
    """List the buttons of the offer."""
    page = AppTest.from_function(_offer, kwargs={"store": store, "name": name}).run(timeout=30)
    assert not page.exception
    return [button.label for button in page.button]


def test_numbers_are_the_stores(store):
    """Neighbours kept on average, trustworthiness and continuity; and nothing to offer."""
    found = find(store, FaithfulnessStage(), planted_run(store).stages)
    kept, facts = np.array(found.array("preserved")), found.manifest.facts
    assert trust(store) == Trust(20, kept.mean(), facts["trustworthiness"], facts["continuity"])
    assert offered(store) == []


def test_too_few_images_have_no_score(store):
    """Half as many images as these scores need: their neighbours are counted all the same."""
    planted_run(store, plan=Plan(n_test=30))
    assert (trust(store).of, trust(store).trustworthiness, trust(store).continuity) == (20, None, None)


def test_where_everyone_is_a_neighbour_there_is_nothing_to_tell(store):
    """Every map keeps all of them."""
    planted_run(store, plan=Plan(n_test=12))
    assert trust(store) == Trust()
    assert offered(store) == []


def test_run_without_it_offers_to_measure(store):
    """What is missing comes with the button that makes it."""
    planted_run(store, without=("faithfulness",))
    assert trust(store) is None
    assert offered(store) == ["Compute faithfulness"]


@pytest.mark.parametrize("stage", ["neighbours", "projection"])
def test_run_that_cannot_be_measured_says_nothing(store, stage):
    """Nor is anything offered."""
    planted_run(store, without=("faithfulness", stage))
    assert trust(store) is None
    assert offered(store) == []
