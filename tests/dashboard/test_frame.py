"""The frame shows every page, keeps the URL, and turns every failure into a message."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache import Store
from cache.keys import SCHEMA
from dashboard.navigation import discover
from dashboard.run.data import RunData
from dashboard.run.mode import Mode
from dashboard.settings import OPEN
from dashboard.wording.numbers import percent
from pipeline.api import Asked
from pipeline.cli import main
from tests.pipeline.sources.photographs import photographs
from tests.planted import Plan, linear, planted_run

PAGES = [page.path for page in discover()]
FRAME = Path(__file__).parents[2] / "dashboard" / "frame.py"


def settings_of(app: AppTest) -> str:
    """Open what the bar says of the classifier in use, and read it."""
    app.session_state[OPEN] = True
    return texts(app.run())


@pytest.fixture
def open_page(store, monkeypatch):
    """Open a page of the dashboard on the test's store, as a browser would; ``open_page("errors", run="planted")``."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))

    def opened(page: str = PAGES[0], **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app._page_hash = calc_hash(page)  # AppTest switches to files only
        app.query_params.update(query)
        return app.run()

    return opened


def texts(app: AppTest) -> str:
    """Join everything written on the page and in its bar."""
    kinds = (
        "html",
        "markdown",
        "caption",
        "title",
        "code",
        "info",
        "warning",
        "error",
        "header",
        "subheader",
    )
    elements = [element for kind in kinds for element in app.get(kind)]
    return "\n".join(str(getattr(element, "value", "") or element.proto) for element in elements)


def healthy(app: AppTest) -> bool:
    """Tell whether the page shows no message of trouble."""
    return not app.exception and "lb-trouble" not in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_a_planted_run(store, open_page, page):
    """A page says what it is in its heading and shows no trouble."""
    planted_run(store, stand_in=True)
    app = open_page(page)
    assert healthy(app), texts(app)
    assert len(app.title) + texts(app).count("<h1") == 1


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "plan",
    [
        Plan(("a", "b"), n_train=20, n_test=24, channels=1),
        Plan(noise=0),
        Plan([f"class {i}" for i in range(60)], n_train=120, n_test=180),
    ],
    ids=["two grey classes", "no errors", "sixty classes"],
)
def test_every_page_draws_unusual_runs(store, open_page, page, plan):
    """Two classes, no errors at all, and more classes than a screen has rows."""
    planted_run(store, plan=plan)
    app = open_page(page)
    assert healthy(app), texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_stage_that_is_missing_is_told(store, open_page, page):
    """A run without neighbours, validation or thumbnails still opens; what is missing is named, not raised."""
    planted_run(store, without=("neighbours", "validation", "thumbnails", "projection"))
    assert not open_page(page, image="3").exception


def test_pages_come_in_their_order():
    """Overview is where a visitor starts; each page has a title, an icon and a place of its own."""
    orders = [page.order for page in discover()]
    assert orders == sorted(set(orders))
    assert PAGES[0] == "overview"
    assert {"map", "confusion", "errors", "separability", "retrain", "compare"} < set(PAGES)
    assert all(page.title and page.icon.startswith(":material/") for page in discover())


def test_an_empty_store_names_the_first_command(store, open_page):
    """Somebody who has run nothing yet learns what to run."""
    store.root.mkdir(parents=True)
    app = open_page()
    assert "python -m pipeline run --source digits --extractor hog" in texts(app)
    assert "LAZYBONES_CACHE= lazybones" in texts(app)
    assert not app.exception


def test_a_folder_that_is_not_there_is_named(open_page, store):
    """A wrong LAZYBONES_CACHE is a message that names it."""
    app = open_page()
    assert str(store.root) in texts(app)
    assert "Something is missing" in texts(app)
    assert not app.exception


def cut(path: Path) -> None:
    """Truncate a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def modernise(path: Path) -> None:
    """Make a JSON file one of a later version."""
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": SCHEMA + 1}))


DAMAGE = [
    ("artefacts/dataset/*/test_labels.npy", cut),
    ("artefacts/dataset/*/test_labels.npy", flip),
    ("artefacts/dataset/*/test_labels.npy", Path.unlink),
    ("artefacts/classifier/*/predicted_label.npy", flip),
    ("artefacts/dataset/*/manifest.json", cut),
    ("artefacts/dataset/*/manifest.json", modernise),
    ("artefacts/classifier/*/manifest.json", Path.unlink),
    ("runs/planted.json", cut),
    ("runs/planted.json", modernise),
]


@pytest.mark.parametrize(("pattern", "damage"), DAMAGE, ids=lambda value: getattr(value, "__name__", value))
def test_damage_is_a_message_with_a_command(store, open_page, pattern, damage):
    """A damaged, missing or newer file is named together with what to type; no traceback."""
    planted_run(store)
    (path,) = store.root.glob(pattern)
    damage(path)
    app = open_page()
    assert not app.exception
    shown = texts(app)
    assert "lb-trouble" in shown
    assert path.parent.name in shown or path.name in shown
    assert any("python -m pipeline" in code.value or "git pull" in code.value for code in app.code)


@pytest.mark.parametrize("mode", [Mode.EXPLORE, Mode.READ_ONLY])
@pytest.mark.parametrize(("pattern", "damage"), DAMAGE, ids=lambda value: getattr(value, "__name__", value))
def test_strangers_are_not_told_where_files_lie(store, open_page, monkeypatch, caplog, mode, pattern, damage):
    """They read what is wrong; the log has where."""
    monkeypatch.setenv("LAZYBONES_MODE", mode)
    planted_run(store)
    (path,) = store.root.glob(pattern)
    damage(path)
    app = open_page()
    assert "lb-trouble" in texts(app)
    assert str(store.root.parent) not in texts(app)
    assert str(store.root) in caplog.text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_strangers_where_files_lie(store, open_page, monkeypatch, tmp_path, page):
    """Neither of the store nor of what the run was made from."""
    monkeypatch.setenv("LAZYBONES_MODE", Mode.EXPLORE)
    run = planted_run(store)
    store.save_run(replace(run, command=f"{run.command} --path {tmp_path}/pictures"))
    app = open_page(page)
    assert healthy(app)
    assert str(tmp_path) not in texts(app)


def test_damage_names_the_command_that_makes_the_run_again(store, open_page):
    """After clearing the damage away, one types the run's own command."""
    run = planted_run(store)
    flip(next(store.root.glob("artefacts/dataset/*/test_labels.npy")))
    assert open_page().code[0].value.splitlines()[-1] == f"{run.command} --cache {store.root}"


def test_a_damaged_run_leaves_the_others_within_reach(store, open_page):
    """The list of runs stays, so that one can go to a healthy one."""
    planted_run(store, "good")
    planted_run(store, "bad", plan=Plan(seed=5))
    (store.root / "runs" / "bad.json").write_text("{}")
    app = open_page(run="bad")
    assert "lb-trouble" in texts(app)
    app.selectbox(key="lazybones.run_picker").set_value("good").run()
    assert healthy(app)
    assert app.query_params["run"] == "good"


def test_damage_is_of_one_store(store, open_page, tmp_path, monkeypatch):
    """What another store has with the same content is read there, not from the damaged one."""
    planted_run(store)
    flip(next(store.root.glob("artefacts/classifier/*/predicted_label.npy")))
    assert "lb-trouble" in texts(open_page())
    healthy_store = Store(tmp_path / "healthy")
    planted_run(healthy_store)
    monkeypatch.setenv("LAZYBONES_CACHE", str(healthy_store.root))
    assert healthy(open_page())


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user whom file modes bind; root reads everything")
def test_an_unreadable_file_is_a_message(store, open_page):
    """A file without permission is named."""
    planted_run(store)
    (path,) = store.root.glob("artefacts/dataset/*/test_labels.npy")
    path.chmod(0)
    app = open_page()
    assert not app.exception
    assert "lb-trouble" in texts(app)


def test_a_mistake_of_ours_is_a_message_too(store, open_page, monkeypatch):
    """Even a bug shows no traceback to a visitor."""
    planted_run(store)
    monkeypatch.setattr("dashboard.views.overview.render", _fail)
    app = open_page()
    assert not app.exception
    assert "Something unexpected" in texts(app)
    assert "secret" not in texts(app)


def _fail(context: object) -> None:
    raise ZeroDivisionError("secret")


def test_a_stand_in_is_called_one(store, open_page):
    """The Overview says stand-in, and that its accuracy is not the model's; other runs do not."""
    planted_run(store, "planted", stand_in=True)
    planted_run(store, "honest", plan=Plan(seed=2))
    said = texts(open_page(run="planted"))
    assert "stand-in" in said
    assert "Do not quote" in said
    honest = texts(open_page(run="honest"))
    assert "Do not quote" not in honest
    assert "(stand-in)" not in honest


def test_without_a_baseline_its_command_is_shown(store, open_page):
    """What is not there can be made; once it is, it is shown."""
    planted_run(store)
    command = "python -m pipeline run --source planted --extractor hog"
    assert command in texts(open_page(run="planted"))
    planted_run(store, "planted-hog", extractor="hog")
    app = open_page(run="planted")
    assert "than with hog.bin" in texts(app)
    assert command not in [code.value for code in app.code]


def test_the_address_chooses_run_penalty_and_filters(store, open_page):
    """What the query says is what the page shows."""
    planted_run(store)
    planted_run(store, "other", plan=Plan(seed=7))
    app = open_page("errors", run="planted", C="10.0", true="1")
    assert "C = 10" in texts(app)
    assert app.selectbox(key="lazybones.run_picker").value == "planted"
    assert app.selectbox(key="filter by true").value == 1
    assert (
        app.query_params.to_dict()
        if hasattr(app.query_params, "to_dict")
        else dict(app.query_params)
        == {
            "run": "planted",
            "C": "10.0",
            "true": "1",
        }
    )


def test_another_run_drops_what_belonged_to_the_first(store, open_page):
    """C and filters are a run's own."""
    planted_run(store)
    planted_run(store, "other", plan=Plan(seed=7))
    app = open_page("errors", run="planted", C="10.0", true="1")
    app.selectbox(key="lazybones.run_picker").set_value("other").run()
    assert dict(app.query_params) == {"run": "other"}


def test_a_filter_is_written_into_the_address(store, open_page):
    """A choice can be sent to somebody else; clearing takes it out again, and strangers stay."""
    planted_run(store)
    app = open_page("errors", run="planted", stranger="1")
    app.selectbox(key="filter by predicted").set_value(2).run()
    assert dict(app.query_params) == {"run": "planted", "predicted": "2", "stranger": "1"}
    next(button for button in app.button if button.label == "Clear filters").click().run()
    assert dict(app.query_params) == {"run": "planted", "stranger": "1"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        {"run": "../../etc/passwd"},
        {"run": "<script>"},
        {"C": "nan"},
        {"C": "1e999"},
        {"true": "99", "predicted": "-1"},
        {"image": "99999999"},
        {"sheet": "999"},
        {"colour": "url(x)"},
    ],
)
@pytest.mark.parametrize("page", ["overview", "errors"])
def test_nonsense_in_the_address_does_no_harm(store, open_page, page, query):
    """Whatever the address says, a page appears."""
    planted_run(store)
    assert healthy(open_page(page, **query))


def test_a_penalty_nobody_fitted_is_said(store, open_page):
    """The run's own C is shown, and that it is not the one asked for."""
    planted_run(store)
    app = open_page(C="0.37")
    assert "No classifier was fitted with C = 0.37" in app.info[0].value
    assert "the pages show C = 0.1" in app.info[0].value


def test_a_live_fit_holds_on_every_page(store, open_page):
    """Once it is fitted, any C is as good as one of the path."""
    from pipeline.retraining.retrainer import retrain

    run = planted_run(store)
    retrain(store, run, linear(0.37))
    for page in PAGES:
        app = open_page(page, C="0.37")
        assert healthy(app), texts(app)
        assert not app.info or "No classifier" not in app.info[0].value
        assert "<dd>0.37</dd>" in settings_of(app)


def test_a_move_of_the_slider_resolves_its_setting_once(store, open_page, monkeypatch):
    """Where the URL is read, and nowhere after; the largest class is counted once for the run."""
    from dashboard.page.address import PENDING
    from dashboard.page.view_state import ViewState
    from pipeline.retraining.setting import RunSettings

    calls = {"of": [], "resolve": []}
    for name, seen in calls.items():
        real = getattr(RunSettings, name)

        def counted(*given, real=real, seen=seen):
            seen.append(given[-1])
            return real(*given)

        monkeypatch.setattr(RunSettings, name, counted)
    planted_run(store, plan=Plan(noise=2.5))
    app = open_page("retrain")

    def asked() -> list[Asked]:
        """Leave out the other kernels that a recommendation looks for."""
        return [one for one in calls["resolve"] if one.kernel is None]

    assert asked() == []
    letting_go = ViewState("planted", "retrain", Asked(1.0))
    app.session_state[PENDING] = letting_go
    app.run()
    assert healthy(app), texts(app)
    assert asked() == [Asked(1.0)]
    app.run()
    assert asked() == [Asked(1.0)] * 2
    assert len(calls["of"]) == 1


@pytest.mark.parametrize(
    "query",
    [{"kernel": "rbf"}, {"C": "0.5", "train": "10"}, {"kernel": "rbf", "gamma": "0.2", "train": "10"}],
)
def test_another_kernel_or_part_holds_on_every_page(store, open_page, query):
    """The bar names all of it, and its accuracy is there."""
    from dashboard.page.view_state import ViewState
    from dashboard.wording.setting import dials
    from pipeline.retraining.retrainer import retrain

    run = planted_run(store, plan=Plan(noise=2.5))
    data = RunData(store, "planted")
    setting = data.settings.resolve(ViewState.from_query(query).asked)
    retrain(store, run, setting)
    said = data.predictions(setting)
    for page in PAGES:
        app = open_page(page, **query)
        assert healthy(app), texts(app)
        assert not app.info or "No classifier" not in app.info[0].value
        assert f"{dials(said.setting)}</dd>" in settings_of(app)
        assert f"<dd>{percent(said.accuracy)}</dd>" in texts(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", [{"kernel": "poly"}, {"gamma": "<b>"}, {"train": "-3"}, {"C": "nan"}])
def test_bad_value_in_the_address_is_told_on_every_page(store, open_page, page, query):
    """With what is allowed; the run's own classifier is shown, and nothing is offered."""
    planted_run(store)
    app = open_page(page, **query)
    assert healthy(app)
    ((name, text),) = query.items()
    said = app.warning[0].value.replace("\\", "")
    assert said.startswith(f"{name} in the address must be ")
    assert f"Got '{text}'. This part of the address is ignored" in said
    assert "linear kernel, all training images" in settings_of(app)


def test_errors_come_worst_first(store, open_page):
    """The gallery lists exactly the misclassified images, in the order of their margin."""
    planted_run(store)
    components = [e.proto for e in open_page("errors").main if e.type == "bidi_component"]
    (gallery,) = [proto for proto in components if proto.component_name.endswith("gallery")]
    rows = [tile["row"] for group in json.loads(gallery.json)["groups"] for tile in group["tiles"]]
    said = RunData(store, "planted").own_predictions
    assert sorted(rows) == [row for row in range(len(said.margin)) if not said.correct[row]]
    assert sorted(rows, key=lambda row: said.margin[row]) == rows


def test_filters_without_errors_say_what_to_do(store, open_page):
    """An empty page explains itself."""
    planted_run(store)
    assert "No errors with these filters" in texts(open_page("errors", true="1", predicted="1"))
    planted_run(store, "perfect", plan=Plan(noise=0))
    assert "Every test image is predicted right" in texts(open_page("errors", run="perfect"))


def test_a_read_only_store_is_called_one(tmp_path, monkeypatch, open_page, store):
    """New fits would be lost: the settings say so."""
    planted_run(store)
    assert "read-only" not in settings_of(open_page())
    monkeypatch.setattr(
        "dashboard.run.of_process.open_store", lambda: Store(tmp_path / "new", (store.root,), scratch=True)
    )
    monkeypatch.setenv(
        "LAZYBONES_CACHE", f"{store.root}/."
    )  # another spelling: the frame keeps one store for each
    assert "read-only" in settings_of(open_page())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_a_folder_of_photographs(store, open_page, page, tmp_path, rng):
    """Images of several sizes, whose pixels the store does not have; what was left out stands on the first page."""
    folder = photographs(tmp_path / "photos", rng)
    (folder / "red" / "notes*.txt").write_text("no picture")
    (folder / "grey").mkdir()
    words = ["--extractor", "pixels", "--projection", "pca", "--penalties", "0.1,1", "--C", "1"]
    done = ["run", "--source", "folder", "--path", str(folder), "--name", "photos", *words]
    assert main.main([*done, "--cache", str(store.root)]) == 0
    app = open_page(page, run="photos", selected="0")
    assert healthy(app), texts(app)
    if page == "overview":
        assert "1 of 25 files could not be used." in texts(app)
        assert "Classes without an image: grey." in texts(app)
        assert app.dataframe[0].value["path"].tolist() == ["red/notes*.txt"]
