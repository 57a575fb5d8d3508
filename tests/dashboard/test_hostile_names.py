"""Names of classes that mean something elsewhere are names, on every page and in every export."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import pytest

from dashboard.figures.confusion import confusion_figure
from dashboard.figures.delta import delta_figure
from dashboard.figures.theme import LIGHT
from dashboard.server.export_content import Export
from dashboard.views import confusion
from tests.dashboard.test_frame import PAGES, healthy, open_page  # noqa: F401  # a fixture
from tests.hostile_names import NAMES
from tests.planted import Plan, planted_run

PLAN = Plan(NAMES, n_train=len(NAMES) * 4, n_test=len(NAMES) * 8, noise=3, seed=2)
MARKDOWN = ("markdown", "caption", "info", "warning", "error", "header", "subheader", "button")
MEANT = (
    "<b>bold",
    "$x$ $y$",
    ":red[x]",
    "*a* _b_",
    "[a](http",
    "`code`",
    "<img src=x",
    ":material/home: :smile:",
)
"""What no text may hold: it would not be read as a name."""


def strings(value):
    """List every text in a figure, whatever it is nested in."""
    if isinstance(value, str):
        return [value]
    nested = (
        value.values()
        if isinstance(value, dict)
        else value
        if isinstance(value, list | tuple | np.ndarray)
        else ()
    )
    return [text for item in nested for text in strings(item)]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_names_as_names(store, open_page, page):  # noqa: F811
    """Markdown and HTML hold them escaped; nothing fails on them."""
    planted_run(store, "hostile", plan=PLAN)
    planted_run(store, "hostile-hog", plan=PLAN, extractor="hog")
    query = {"true": "4", "predicted": "5", "selected": "3", "versus": "hostile-hog"}
    app = open_page(page, run="hostile", **(query if page != "compare" else {"versus": "hostile-hog"}))
    assert healthy(app)
    written = [
        str(item.value or item.label if kind == "button" else item.value)
        for kind in MARKDOWN
        for item in app.get(kind)
    ]
    links = [item.proto.label for item in app.get("page_link")]
    html = [item.proto.body for item in app.get("html")]
    assert not [text for text in (*written, *links) for name in MEANT if name in text]
    assert not [text for text in html for name in ("<b>bold", "<img src=x") if name in text]


def test_every_name_in_a_figure_is_what_plotly_decodes():
    """No entity that it does not know, no markup but line breaks; a template cannot come from a name."""
    k = len(NAMES)
    counts = np.arange(k * k).reshape(k, k)
    for figure in (confusion_figure(counts, NAMES, LIGHT), delta_figure(counts, counts.T, NAMES, LIGHT)):
        texts = strings(figure.to_plotly_json())
        assert not [
            text for text in texts if "&quot;" in text or "&#x27;" in text or "<img" in text or "$" in text
        ]
        assert any('12" pizza' in text for text in texts)


def test_every_export_holds_the_names(store):
    """A table that spreadsheets open as what it is and run nothing of, and files of names that every system takes."""
    run = planted_run(store, "hostile", plan=PLAN)
    dataset, classifier, projection = (
        store.artefact(stage, run.stages[stage]) for stage in ("dataset", "classifier", "projection")
    )
    export = Export(dataset, projection, classifier, 2)
    table = b"".join(export.table(np.arange(export.n)))
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert {row["true_class"] for row in rows} == {
        f"'{name}" if name[0] in "=-+@" else name for name in NAMES
    }
    packed = zipfile.ZipFile(io.BytesIO(b"".join(export.archive(np.arange(export.n)))))
    assert packed.read("images.csv") == table
    folders = {name.split("/")[0] for name in packed.namelist()}
    assert len(folders) == len(NAMES) + 1
    assert not [folder for folder in folders if set(folder) & set('<>:"/\\|?*\n\u202e') or len(folder) > 80]


def test_what_is_said_of_a_choice_is_markdown():
    """The sentence over the images of a cell."""
    k = len(NAMES)
    names = [confusion.markdown(name) for name in NAMES]
    said = confusion.describe(np.ones((k, k), dtype=np.int64), names, (4, 5))
    assert not [name for name in MEANT if name in said]
