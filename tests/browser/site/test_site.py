"""A site, opened from a disk and from a server of files: every page, without a word to anybody else."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from dashboard.run.data import RunData
from dashboard.site.write import write_site
from tests.browser.map_page import Map

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("index", "map", "confusion", "errors", "labels", "separability", "retrain", "compare")
NUMBER = re.compile(r"[\N{MINUS SIGN}+]?\d[\d,]*(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def site(erring_store, tmp_path_factory) -> Path:
    """Two runs as a site."""
    folder = tmp_path_factory.mktemp("site") / "under" / "a path"
    write_site(erring_store, ["planted", "rival"], folder)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """Serve files, and tell nobody."""

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(site) -> Iterator[str]:
    """The address of the site on a server of files, two folders below its root."""
    handler = functools.partial(Quiet, directory=str(site.parents[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/under/a%20path/"
    server.shutdown()
    server.server_close()


def asked_elsewhere(tab, own: str) -> list[str]:
    """Note what a tab asks of anybody but the site."""
    asked: list[str] = []
    tab.page.on(
        "request",
        lambda request: (
            None if request.url.startswith((own, "blob:", "data:")) else asked.append(request.url)
        ),
    )
    return asked


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("via", ["disk", "server"])
def test_every_page_opens_and_asks_nobody(site, served, visit, via, width, dark):
    """No complaint in the console, no request elsewhere, nothing wider than the window, a way to all pages."""
    root = f"{site.as_uri()}/" if via == "disk" else served
    tab = visit(width=width, height=844, dark=dark)
    asked = asked_elsewhere(tab, root)
    for page in PAGES:
        tab.open(f"{root}{page}.html")
        tab.page.wait_for_timeout(600)
        assert tab.page.locator("h1").count() == 1
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.page.locator(".bar nav a").count() == len(PAGES)
    assert tab.complaints == []
    assert asked == []


def test_a_link_restores_its_state_in_a_private_window(site, erring_store, visit):
    """What is seen on the map, copied from the address bar."""
    tab = visit()
    tab.open(f"{site.as_uri()}/map.html?run=rival&only=wrong&colour=margin")
    seen = Map(tab, RunData(erring_store, "rival"))
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("ControlOrMeta+a")
    seen.page.get_by_role("button", name="Zoom in").click()
    seen.page.wait_for_timeout(1500)
    said, link = seen.said, seen.page.url
    private = visit()
    private.open(link)
    other = Map(private, RunData(erring_store, "rival"))
    other.page.wait_for_timeout(800)
    for name in ("lit", "selected", "colour"):
        assert other.said[name] == said[name]
    assert other.page.url == link
    assert (
        int(said["lit"])
        == len(RunData(erring_store, "rival").test_labels)
        - RunData(erring_store, "rival").own_predictions.n_correct
    )


def test_a_cell_opens_its_images(site, erring_store, visit):
    """The matrix by keyboard, the list of most confused pairs by hand, and Back."""
    data = RunData(erring_store, "planted")
    said = data.own_predictions
    tab = visit()
    tab.open(f"{site.as_uri()}/confusion.html")
    page = tab.page
    page.wait_for_selector(".lb-map[data-drawn]")
    lines = page.locator('[data-part="choices"] button')
    lines.nth(1).click()
    page.wait_for_timeout(500)
    true, predicted = (int(re.search(rf"{name}=(\d+)", page.url)[1]) for name in ("true", "predicted"))
    expected = int(((data.test_labels == true) & (said.predicted == predicted)).sum())
    assert page.locator(".lb-map").get_attribute("data-lit") == str(expected)
    assert f"{expected} image" in page.locator(".words").inner_text()
    assert lines.nth(1).get_attribute("aria-pressed") == "true"
    page.go_back()
    page.wait_for_timeout(500)
    assert lines.nth(0).get_attribute("aria-pressed") == "true"
    assert tab.complaints == []


def test_what_the_page_began_with_is_not_carried_to_others(site, visit):
    """Nobody has chosen the worst cell yet; once somebody has chosen one, it goes along."""
    tab = visit()
    tab.open(f"{site.as_uri()}/confusion.html")
    tab.page.wait_for_selector(".lb-map[data-drawn]")
    tab.page.wait_for_timeout(400)
    link = tab.page.locator(".bar nav a", has_text="Map")
    assert "true=" not in link.get_attribute("href")
    tab.page.locator('[data-part="choices"] button').nth(1).click()
    tab.page.wait_for_timeout(400)
    assert "true=" in link.get_attribute("href")


def test_errors_are_errors_whatever_else_a_link_says(site, erring_store, visit):
    """A class alone: only its wrong images; and one step back for each press."""
    data = RunData(erring_store, "planted")
    said = data.own_predictions
    tab = visit()
    tab.open(f"{site.as_uri()}/errors.html?true=1")
    tab.page.wait_for_selector(".lb-map[data-drawn]")
    wrong = int(((data.test_labels == 1) & ~said.correct).sum())
    assert tab.page.locator(".lb-map").get_attribute("data-lit") == str(wrong)
    tab.page.wait_for_timeout(1500)
    before = tab.page.evaluate("history.length")
    for line in (1, 2):
        tab.page.locator('[data-part="choices"] button').nth(line).click()
        tab.page.wait_for_timeout(1500)
    assert tab.page.evaluate("history.length") == before + 2


def test_a_pinned_image_leads_to_its_own_cell(site, erring_store, visit):
    """Of its true and predicted class; what a server would draw of it is not offered."""
    data = RunData(erring_store, "planted")
    said = data.own_predictions
    row = int(np.flatnonzero(said.correct)[0])
    tab = visit()
    tab.open(f"{site.as_uri()}/map.html?run=planted#pin={row}")
    tab.page.wait_for_selector(".lb-map[data-parts=ready]")
    assert not tab.page.get_by_role("button", name="Details and neighbours").is_visible()
    tab.page.get_by_role("button", name="Its cell on Confusion").click()
    tab.page.wait_for_url(re.compile("confusion"))
    label = data.test_labels[row]
    assert f"true={label}&predicted={said.predicted[row]}" in tab.page.url


def test_a_wrong_address_is_put_right(site, visit):
    """What cannot be is left out, so that a link that is copied says what is shown."""
    tab = visit()
    tab.open(f"{site.as_uri()}/index.html?run=<b>x&C=7")
    assert tab.page.url == f"{site.as_uri()}/index.html"
    assert tab.complaints == []


def test_c_is_chosen_on_every_page(site, erring_store, visit):
    """The bar's C, and the thumb of the curve: numbers are those of Python."""
    data = RunData(erring_store, "planted")
    tab = visit()
    tab.open(f"{site.as_uri()}/index.html")
    tab.page.get_by_label("Penalty C").select_option("C = 10")
    tab.page.wait_for_timeout(600)
    right = data.predictions(data.settings.own.at(10.0)).n_correct
    assert tab.page.locator("h1").inner_text().startswith(f"{right} of ")
    tab.page.locator(".bar nav a", has_text="Retrain").click()
    tab.page.wait_for_selector('.curve [role="slider"], [role="slider"]')
    assert "C=10" in tab.page.url
    slider = tab.page.get_by_role("slider", name="Penalty C")
    slider.press("ArrowLeft")
    tab.page.wait_for_timeout(800)
    right = data.predictions(data.settings.own.at(1.0)).n_correct
    assert f"{100 * right / data.n_test:.1f}%" in tab.page.locator(".panel").first.inner_text()


def test_a_table_is_taken_away(site, erring_store, visit):
    """The chosen lines of the app's table, to the letter."""
    tab = visit()
    tab.open(f"{site.as_uri()}/map.html?true=1")
    page = tab.page
    page.wait_for_selector(".lb-map[data-parts=ready]")
    page.locator(".exports button").first.click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name=re.compile("CSV")).click()
    lines = Path(taken.value.path()).read_bytes().decode("utf-8-sig").splitlines()
    data = RunData(erring_store, "planted")
    assert len(lines) == 1 + int((data.test_labels == 1).sum())
    assert lines[0].startswith("row,id,file,true_label")
    assert all(line.split(",")[3] == "1" for line in lines[1:])


PARTS = {
    "": ("h1", ".lb-finding", ".classes tbody"),
    "confusion": (".choices",),
    "errors": (".lb-lead", ".choices"),
    "separability": (".choices",),
    "retrain": (".curve .panel",),
    "compare": (".lb-cards", ".classes tbody"),
}
"""Parts of the pages that have numbers, by what finds them in the app and in a site; the first of each kind."""


def numbers_in(tab, part: str) -> list[str]:
    """Wait until a part of a page has numbers, and read them."""
    from playwright.sync_api import expect

    shown = tab.page.locator(part).first
    expect(shown).to_contain_text(NUMBER)
    found: list[str] = NUMBER.findall(shown.inner_text())
    return found


@pytest.mark.parametrize("page", PARTS)
def test_the_numbers_are_those_of_the_app(site, erring, visit, page):
    """Both are read as people read them, part by part."""
    app, own = visit(), visit()
    app.open(f"{erring}{page}?run=planted")
    own.open(f"{site.as_uri()}/{page or 'index'}.html?run=planted")
    for part in PARTS[page]:
        found, said = (numbers_in(tab, part) for tab in (own, app))
        assert found == said
    assert own.page.locator(".lb-finding").count() == app.page.locator(".lb-finding").count()
