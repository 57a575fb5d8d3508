"""What the map page hands to the browser."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache import Store
from dashboard.components.embedding_map import (
    FILTERS,
    NAME,
    MapData,
    Opened,
    Seed,
    read_opened,
    read_seed,
)
from dashboard.components.map_content import MapFiles, PathPoint
from dashboard.maps.files import path_points
from dashboard.page.context import ViewContext
from dashboard.page.filter import OUTCOMES, Filter
from dashboard.page.view_state import COLOURS, ViewState
from dashboard.run.data import RunData, colours_of
from dashboard.server.columns import margin_range
from dashboard.server.routes import file_routes
from pipeline.api import Asked, Setting
from pipeline.retraining.retrainer import retrain
from tests.asgi import ask
from tests.dashboard.server.routes.test_routes import get
from tests.map_runs import map_run
from tests.planted import linear, planted_run

FRAME = Path(__file__).parents[3] / "dashboard" / "frame.py"


@pytest.fixture
def open_map(store, monkeypatch):
    """Open the map page; ``open_map(run="planted", true="1")``."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))

    def opened(page: str = "map", **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app._page_hash = calc_hash(page)  # AppTest switches to files only
        app.query_params.update(query)
        return app.run()

    return opened


def sent(app: AppTest) -> dict:
    """Read what the map's component was given."""
    protos = [element.proto for element in app.main if element.type == "bidi_component"]
    return json.loads(next(proto.json for proto in protos if proto.component_name == NAME))


def paths_in(data: dict) -> list[str]:
    """List the files that the browser will ask for."""
    late = [data["grid"]["url"], f"{data['neighbours']['url']}?row=1"]
    return [data["points"], data["columns"], data["ids"], *data["sheets"]["urls"], *late]


def test_every_file_the_map_names_is_served(store: Store, open_map):
    """The page's paths and the routes agree, also at another C."""
    planted_run(store)
    app = Starlette(routes=file_routes(store=lambda: store))
    for query in ({}, {"C": "10.0"}):
        data = sent(open_map(run="planted", **query))
        assert [get(app, path).status for path in paths_in(data)] == [200] * 6
        assert ask(app, f"/{data['exports']['csv']}", method="POST", body=[bytes(10)]).status == 200
        size = len(get(app, data["grid"]["url"]).body)
        assert size == 4 * data["n"] < 4 * data["grid"]["columns"] * data["grid"]["rows"]


def test_another_C_changes_the_columns_only(store: Store, open_map):
    """Coordinates, names and thumbnails stay in the browser's cache."""
    planted_run(store)
    first, second = (paths_in(sent(open_map(run="planted", C=C))) for C in ("0.1", "10.0"))
    assert [a == b for a, b in zip(first, second, strict=True)] == [True, False, True, True, True, True]


def test_the_page_sends_what_the_view_says(store: Store, open_map):
    """Colour and selection come from the address; labels, colours and the margins' range from the run."""
    planted_run(store)
    run = RunData(store, "planted")
    data = sent(open_map(run="planted", colour="margin", image="5"))
    assert data["n"] == run.n_test
    assert data["class_names"] == list(run.class_names)
    assert data["paints"]["classes"] == colours_of(run)
    said = run.own_predictions
    assert data["margin_range"] == list(margin_range(said.margin, said.runner_up_margin))
    assert data["seed"] == {"colour": "margin", "image": 5}
    assert data["run"] == "planted"


def test_path_is_of_the_kernel_and_the_part_in_use(store: Store):
    """Every C fitted so, and no other, with its columns, the range of its margins and its accuracy."""
    planted_run(store)
    run = RunData(store, "planted")
    asked = [
        Setting(2.0, "rbf", "scale"),
        Setting(0.5, "rbf", "scale"),
        Setting(0.5, "rbf", 0.3),
        Setting(0.7, "linear", None, 10),
    ]
    for setting in (*asked, linear(0.8)):
        retrain(store, run.run, setting)
    kernel = path(store, Asked(C=0.5, kernel="rbf"))
    assert [point.C for point in kernel] == [0.5, 2.0]
    assert [point.accuracy for point in kernel] == [run.predictions(s).accuracy for s in asked[1::-1]]
    own = path(store, Asked())
    assert [point.C for point in own] == sorted([*run.settings.path.array("C").tolist(), 0.8])
    said = run.own_predictions
    here = next(point for point in own if point.C == said.C)
    assert here.range == margin_range(said.margin, said.runner_up_margin)
    assert [point.C for point in path(store, Asked(C=0.7, per_class=10))] == [0.7]


def path(store: Store, asked: Asked) -> list[PathPoint]:
    """List every C of the family of a setting."""
    data = RunData(store, "planted")
    setting, said = data.look_up(asked)
    context = ViewContext(store, data, said, ViewState(run="planted", page="map"))
    assert setting == context.setting
    return path_points(context)


def test_faithfulness_is_a_colour_where_the_run_has_it(store: Store, open_map):
    """Its file has a byte an image and a scale of as many neighbours; another run falls back to true classes."""
    planted_run(store)
    data = sent(open_map(run="planted", colour="faithfulness"))
    assert data["seed"]["colour"] == data["extra"]["name"] == "faithfulness"
    assert (data["extra"]["low"], data["extra"]["high"]) == (0, 20)
    app = Starlette(routes=file_routes(store=lambda: store))
    kept = np.frombuffer(get(app, data["extra"]["url"]).body, np.uint8)
    assert np.array_equal(kept, RunData(store, "planted").artefact("faithfulness").array("preserved"))
    planted_run(store, "without", without=("faithfulness", "neighbours"))
    lacking = sent(open_map(run="without", colour="faithfulness"))
    assert (lacking["extra"], lacking["seed"]["colour"]) == (None, "true")


def test_filters_are_sent_as_labels(store: Store, open_map):
    """As the address has them; the browser finds the rows itself."""
    planted_run(store)
    data = sent(open_map(run="planted", true="1.3", predicted="2", margin="..0.5"))
    assert data["seed"] == {
        "true": "1.3",
        "predicted": "2",
        "margin": "..0.5",
        "colour": "true",
        "image": None,
    }


def test_a_run_reaches_the_browser_in_few_bytes(store: Store, open_map):
    """What travels with every script run does not grow with the number of points."""
    map_run(store, "small", np.random.default_rng(0).normal(size=(30, 2)))
    map_run(store, "large", np.random.default_rng(0).normal(size=(3_000, 2)))
    small, large = (len(json.dumps(sent(open_map(run=run, true="1")))) for run in ("small", "large"))
    assert small < 4_500
    assert large - small < 20


def test_a_map_without_thumbnails_or_neighbours_is_a_map(store: Store, open_map):
    """What a run lacks is said, and nothing else is lost."""
    map_run(store, "bare", np.eye(2), thumbnails=False)
    app = open_map(run="bare", image="1")
    assert sent(app)["sheets"] is None
    assert sent(app)["neighbours"] is None
    assert not app.exception


def test_a_run_without_a_projection_says_so(store: Store, open_map):
    """A message with the command, not a traceback."""
    planted_run(store, without=("projection",))
    app = open_map(run="planted")
    assert not app.exception
    assert any("python -m pipeline run" in code.value for code in app.code)


CONTENT = MapData("run", 5, ["a", "b"], ["#AA0000", "#00AA00"], "label", MapFiles("p", "c"))
SAID = [*FILTERS.names, "colour", "image", "x"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["true", "predicted", "only", "margin", "find", "where", "flips", "colour", "image", "x"]
        ),
        JUNK,
    )
)
def test_whatever_a_browser_says_it_shows_is_a_view(seen):
    """Labels, rows, outcomes and colours of this map, or none."""
    read = read_seed(seen, Seed(colour="margin"), CONTENT)
    assert {*read.filter.true, *read.filter.predicted} <= {0, 1}
    assert read.image in (None, *range(5))
    assert read.filter.outcome in OUTCOMES
    assert read.colour in COLOURS


def test_what_a_browser_shows_is_read():
    """Every field; a colour that other pages do not know is left as it was."""
    texts = {"true": "0.1", "predicted": "0", "only": "wrong", "margin": "..0.5"}
    seen = {**texts, "colour": "predicted", "image": 4}
    wanted = Filter((0, 1), (0,), "wrong", (None, 0.5))
    assert read_seed(seen, Seed(), CONTENT) == Seed(wanted, "predicted", 4)
    for colour in ("kept", "faithfulness"):  # this run has no faithfulness
        assert read_seed({**seen, "colour": colour}, Seed(colour="margin"), CONTENT).colour == "margin"


@given(JUNK | st.fixed_dictionaries({"page": JUNK, "row": JUNK}))
def test_whatever_a_browser_wants_to_open_is_a_row_or_nothing(wish):
    """A page's name and a row of this map, or nothing."""
    opened = read_opened(wish, CONTENT)
    assert opened is None or (isinstance(opened.page, str) and opened.row in range(5))


def test_an_image_is_opened_elsewhere():
    """The page and the row."""
    assert read_opened({"page": "errors", "row": 4}, CONTENT) == Opened("errors", 4)
    assert read_opened({"page": "errors", "row": 5}, CONTENT) is None


def test_pages_link_to_the_same_points(store: Store, open_map):
    """Confusion and Errors link to the map with their classes and outcome."""
    planted_run(store)
    run = RunData(store, "planted")
    said = run.predictions(linear(1.0))
    row = int(np.flatnonzero(~said.correct)[0])
    pair = {"true": str(run.test_labels[row]), "predicted": str(said.predicted[row])}
    both = {"run": "planted", "C": "1.0", **pair}
    assert map_link(open_map("confusion", **both)) == both
    assert map_link(open_map("errors", **both)) == both | {"only": "wrong"}


def test_the_drawer_links_to_its_image(store: Store, open_map):
    """The image is pinned on the map, and not dimmed there."""
    planted_run(store)
    app = open_map("confusion", run="planted", image="5", only="wrong")
    assert map_link(app, "Show on the map") == {"run": "planted", "image": "5"}


def map_link(app: AppTest, label: str = "Show these on the map") -> dict[str, str]:
    """Read the query of the link to the map."""
    protos = [element.proto for element in app.get("page_link")]
    proto = next(proto for proto in protos if proto.label == label)
    return {name: values[0] for name, values in parse_qs(proto.query_string).items()}
