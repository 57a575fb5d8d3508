"""A report in a browser: printed it is two sheets of A4, on a phone it fits, and it asks nobody for anything."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from cache import Store
from dashboard.report.content import report_of
from dashboard.report.write import put, write_report
from pipeline.compute.progress import silent
from tests.browser.access.test_axe import AXE, RULES, RUN, STANDARD
from tests.hostile_names import NAMES
from tests.many_classes import many_classes
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SMALLEST = 11
"""Pixels of a cell's height, at least: a face is 3 mm high then."""
NAMES_OF = {"sixteen": [*NAMES[:10], *(f"{name} " * 9 for name in "abcdef")], "four": ("a", "b", "c", "d")}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports of runs whose names are long and many."""
    store = Store(tmp_path_factory.mktemp("report") / "cache")
    for name, classes in NAMES_OF.items():
        planted_run(store, name, plan=Plan(classes, n_train=160, n_test=320, noise=3, seed=2))
    many_classes(store, "sixty", 60)
    paths = {}
    for name in store.run_names():
        paths[name] = store.root.parent / f"{name}.html"
        write_report(store, name, paths[name], silent)
    crowded = report_of(store, "sixteen", silent)
    paths["crowded"] = store.root.parent / "crowded.html"
    put(replace(crowded, blocks=crowded.blocks * 2), paths["crowded"])
    return paths


@pytest.mark.parametrize("name", ["four", "sixteen", "crowded", "sixty"])
def test_it_prints_on_two_sheets(visit, reports, name):
    """Exactly two, and nothing on them is cut off at the bottom."""
    page = visit(794, 1123).page
    page.goto(reports[name].as_uri())
    page.emulate_media(media="print")
    for inner, whole in page.evaluate(
        "[...document.querySelectorAll('.sheet')].map((sheet) => [sheet.clientHeight, sheet.scrollHeight])"
    ):
        assert whole <= inner + 1
    rows = page.evaluate("[...document.querySelectorAll('tbody td')].map((cell) => cell.clientHeight)")
    assert min(rows) >= SMALLEST
    with pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert [tuple(map(round, sheet.get_size())) for sheet in printed] == [(595, 842)] * 2


@pytest.mark.parametrize(("width", "dark"), [(390, True), (390, False), (1280, True)])
def test_it_fits_every_window_and_asks_nobody(visit, reports, width, dark):
    """No page wider than the window, no complaint, no request but for the file itself."""
    tab = visit(width, dark=dark)
    asked, said = [], []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.on("console", lambda message: said.append(message.text))
    tab.page.goto(reports["sixteen"].as_uri())
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith("data:")] == [reports["sixteen"].as_uri()]
    assert said == []
    assert tab.page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_no_violation_of_the_standard(visit, reports, width, dark):
    """As axe-core reads it: names of pictures, contrast, tables, what keys can scroll."""
    if not AXE.is_file():
        pytest.skip(f"needs axe-core in {AXE.parent.parent}: npm ci")
    page = visit(width, dark=dark, bypass_csp=True).page
    page.goto(reports["sixteen"].as_uri())
    page.add_script_tag(path=AXE)
    found = page.evaluate(RUN, {"tags": STANDARD, "rules": RULES})
    assert found["told"] == []
    assert {"color-contrast", "image-alt"} <= set(found["passed"])


def test_overview_offers_it(visit, erring):
    """A press writes it in the queue; then both files can be taken, as the command line writes them."""
    tab = visit()
    tab.open(f"{erring}?run=planted")
    offer = tab.page.get_by_test_id("stExpander").filter(has_text="Take this run along as a report")
    offer.locator("summary").click()
    offer.get_by_role("button", name="Write it").click()
    for ending, begin in (("PDF", b"%PDF-"), ("HTML", b"<!doctype html>")):
        button = offer.get_by_role("button", name=re.compile(rf"Download as {ending} \(\d\.\d MB\)"))
        with tab.page.expect_download() as download:
            button.click()
        assert download.value.suggested_filename == f"planted-report.{ending.lower()}"
        assert Path(download.value.path()).read_bytes().startswith(begin)
