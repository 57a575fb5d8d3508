"""Draw one page of a planted run in a script run without a browser."""

import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState


def draw(monkeypatch, store, module, **view):
    """Draw a page; ``links``, ``galleries``, ``choices``, ``chosen``, ``histories``, ``curves`` list what it showed.

    Parameters
    ----------
    monkeypatch : pytest.MonkeyPatch
        Stands in for links and galleries, which need a browser.
    store : Store
        Has a run called ``planted``, unless ``view`` names another.
    module : module
        The page.
    **view
        Attributes of `ViewState`.
    """
    links, galleries, choices, chosen_now, histories, curves = [], [], [], [], [], []

    def show_choices(cards, key, chosen, picked, **_):
        choices.append((cards, picked))
        chosen_now.append(chosen)

    monkeypatch.setattr(
        ViewContext, "link", lambda self, label, page, **changes: links.append((label, changes))
    )
    monkeypatch.setattr(
        "dashboard.images.sheet.gallery", lambda content, key, picked: galleries.append((content, picked))
    )
    with_choices = (
        "comparison.changes",
        "analysis.pair_images",
        "analysis.slices",
        "views.confusion",
        "views.errors",
        "views.separability",
    )
    for module_with_cards in with_choices:
        monkeypatch.setattr(f"dashboard.{module_with_cards}.choices", show_choices)
    monkeypatch.setattr(
        "dashboard.comparison.trials_table.history_table",
        lambda rows, key, **acts: histories.append((rows, acts)),
    )
    monkeypatch.setattr(
        "dashboard.views.retrain.penalty_curve", lambda content, key, **acts: curves.append((content, acts))
    )
    monkeypatch.setattr(f"{module.__name__}.mend_charts", lambda **_: None, raising=False)
    monkeypatch.setattr("dashboard.images.master_detail.page_script", lambda name: lambda **_: None)
    start = ViewState(run="planted", page=module.__name__.rpartition(".")[2])
    state = start.changed(**{"run": "planted", **view})
    page = AppTest.from_function(_script, kwargs={"store": store, "module": module, "start": state})
    page.links, page.galleries, page.choices, page.histories = links, galleries, choices, histories
    page.curves, page.chosen = curves, chosen_now
    return page


def run(page):
    """Run a page's script, after what was done to it; what it showed before is forgotten."""
    for shown in (page.links, page.galleries, page.choices, page.chosen, page.histories, page.curves):
        shown.clear()
    page.run(timeout=30)
    assert not page.exception
    return page


def click(page, callback, *words):
    """Call what a component calls when it is clicked, as in this page's session; then run the script."""
    kept, st.session_state = st.session_state, page.session_state
    try:
        callback(*words)
    finally:
        st.session_state = kept
    return run(page)


def view(page):
    """Give what the page's user looks at now."""
    return page.session_state["view"]


def rows(page):
    """Give the rows of the images that the page shows."""
    return [tile.row for content, _ in page.galleries for group in content.groups for tile in group.tiles]


def _script(store, module, start):
    import streamlit as st

    from dashboard.comparison.sides import Side
    from dashboard.comparison.trials import record
    from dashboard.page.address import PENDING
    from dashboard.page.context import ViewContext
    from dashboard.run.data import RunData

    view = st.session_state.pop(PENDING, st.session_state.get("view", start))
    st.session_state["view"] = view
    data = RunData(store, view.run)
    setting, found = data.look_up(view.asked)
    unfitted = setting if found is None else None
    context = ViewContext(store, data, found or data.own_predictions, view, unfitted)
    record(Side.of(context))
    module.render(context)
