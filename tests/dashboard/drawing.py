"""Draw one page of a planted run in a script run without a browser."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from dashboard.context import ViewContext
from dashboard.state import ViewState


def draw(monkeypatch, store, module, **view):
    """Draw a page; ``links`` and ``galleries`` of the result list what it linked to and showed.

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
    links, galleries = [], []
    monkeypatch.setattr(
        ViewContext, "link", lambda self, label, page, **changes: links.append((label, changes))
    )
    monkeypatch.setattr(
        "dashboard.browse.gallery", lambda content, key, picked: galleries.append((content, picked))
    )
    for script in ("make_clicks_exact", "follow_theme"):
        monkeypatch.setattr(f"{module.__name__}.{script}", lambda: None)
    state = replace(ViewState(run="planted", page=module.__name__.rpartition(".")[2]), **view)
    page = AppTest.from_function(_script, kwargs={"store": store, "module": module, "start": state})
    page.links, page.galleries = links, galleries
    return page


def run(page, *act):
    """Run a page's script, after what was done to it; what it showed before is forgotten."""
    page.links.clear()
    page.galleries.clear()
    page.run(timeout=30)
    assert not page.exception
    return page


def view(page):
    """Give what the page's user looks at now."""
    return page.session_state["view"]


def rows(page):
    """Give the rows of the images that the page shows."""
    return [tile.row for content, _ in page.galleries for group in content.groups for tile in group.tiles]


def _script(store, module, start):
    import streamlit as st

    from dashboard.context import PENDING, ViewContext
    from dashboard.data import RunData

    view = st.session_state.pop(PENDING, st.session_state.get("view", start))
    st.session_state["view"] = view
    data = RunData(store, view.run)
    asked = data.predictions(view.C)
    unfitted = view.C if asked is None else None
    module.render(ViewContext(store, data, asked or data.predictions(), view, unfitted))
