"""What is taken from the map: the files hold exactly the chosen images, and every way it can go is told."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from cache import Store
from dashboard.run.data import RunData, image_ids, pixels
from tests.browser.conftest import running_dashboard
from tests.browser.list_page import ListPage, select_hash
from tests.planted import planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHOSEN = [3, 7, 8, 41, 79]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A planted run."""
    made = Store(tmp_path_factory.mktemp("exports") / "cache")
    planted_run(made, "planted")
    return made


@pytest.fixture(scope="module", params=["", "some/base"], ids=["at the root", "under a base path"])
def address(request, store, chromium) -> Iterator[str]:
    """The address of a dashboard on this run."""
    with running_dashboard(store.root, STREAMLIT_SERVER_BASE_URL_PATH=request.param) as started:
        yield started


@pytest.fixture
def open_list(store, address, visit) -> Callable[..., ListPage]:
    """Open the map with some images selected, or none."""

    def opened(rows=CHOSEN, **options) -> ListPage:
        tab = visit(**options)
        tab.open(f"{address}map?run=planted" + (select_hash(rows, 80) if rows else ""))
        return ListPage(tab, RunData(store, "planted"))

    return opened


def choose(seen: ListPage, words: str) -> None:
    """Open the menu and click on an entry that begins with some words."""
    seen.page.get_by_role("button", name="Export").click()
    seen.page.locator('[role="menuitem"]').filter(has_text=words).click()


def download(seen: ListPage, words: str) -> tuple[str, bytes]:
    """Choose an entry, and give the name and the content of the file that comes."""
    with seen.page.expect_download() as coming:
        choose(seen, words)
    return coming.value.suggested_filename, coming.value.path().read_bytes()


def test_the_table_has_the_chosen_rows(open_list):
    """CSV: ids, labels and margins as the run has them; the name says the run and how many."""
    seen = open_list()
    data, said = seen.data, seen.data.own_predictions
    name, content = download(seen, "CSV table of 5 images")
    assert name == "lazybones-planted-5-images.csv"
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [line["id"] for line in lines] == image_ids(data, "test", CHOSEN)
    assert [line["true_class"] for line in lines] == [
        data.class_names[data.test_labels[row]] for row in CHOSEN
    ]
    assert [float(line["margin"]) for line in lines] == pytest.approx(said.margin[CHOSEN].tolist(), rel=1e-4)
    seen.page.get_by_text("Saved lazybones-planted-5-images.csv").wait_for()
    assert seen.tab.complaints == []


def test_without_a_selection_all_are_taken(open_list):
    """As the list shows them: all images."""
    seen = open_list([])
    name, content = download(seen, "CSV table of 80 images")
    assert name == "lazybones-planted-80-images.csv"
    assert len(content.decode().splitlines()) == 81


def test_the_archive_has_the_chosen_images(open_list):
    """ZIP: one file an image, pixel for pixel."""
    seen = open_list()
    name, content = download(seen, "ZIP file with 5 images")
    assert name == "lazybones-planted-5-images.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = [archive.read(entry) for entry in archive.namelist() if entry.endswith(".png")]
    images = [np.asarray(Image.open(io.BytesIO(file))) for file in files]
    assert np.array_equal(images, pixels(seen.data, "test", CHOSEN))


@pytest.mark.parametrize("layout", ["at their places", "on a grid"])
def test_a_poster_is_a_large_picture(open_list, layout):
    """The whole map in one picture of 3,000 pixels; its name says which one it is."""
    name, content = download(open_list(), f"Poster, images {layout}, 3,000 px")
    assert name.startswith(f"lazybones-planted-poster-images-{layout.replace(' ', '-')}-3000-px.")
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (3_000, 3_000)
        assert name.endswith({"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}[picture.format])


def test_the_view_is_a_picture_of_twice_the_size(open_list):
    """PNG of what is seen: as wide as the stage on a display of twice the density."""
    seen = open_list()
    name, content = download(seen, "PNG of this view")
    assert name == "lazybones-planted-view.png"
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert picture.size[0] == pytest.approx(
            2 * seen.page.locator(".stage").bounding_box()["width"], abs=2
        )


def test_a_refusal_is_said_in_the_servers_words(open_list):
    """A selection that is too large, for example: what to do is on the page until it is dismissed."""
    seen = open_list()
    words = "An archive must have at most 50,000 images. Got 60,000. Try: fewer."
    answer = {"status": 413, "body": words, "content_type": "text/plain"}
    seen.page.route("**/lazybones/export*/**", lambda route: route.fulfill(**answer))
    choose(seen, "ZIP")
    seen.page.get_by_text(words).wait_for()
    seen.page.get_by_role("button", name="Dismiss").click()
    assert seen.page.get_by_text(words).count() == 0


def test_a_silent_server_is_said_so(open_list):
    """No answer at all: a sentence with a remedy."""
    seen = open_list()
    seen.page.route("**/lazybones/export*/**", lambda route: route.abort())
    choose(seen, "CSV")
    seen.page.get_by_text("The server does not answer. Try again in a moment.").wait_for()


def test_waiting_can_be_cancelled(open_list):
    """What is prepared, for how long; Cancel ends the request, and nothing is saved."""
    seen = open_list()
    held, ended = [], []
    seen.page.on("requestfailed", lambda request: ended.append(request.url))
    seen.page.route("**/lazybones/export*/**", lambda route: held.append(route))
    choose(seen, "ZIP")
    seen.page.get_by_text("Preparing a ZIP file with 5 images…").wait_for()
    seen.page.get_by_text("1 s", exact=True).wait_for()
    seen.page.get_by_role("button", name="Cancel").click()
    seen.page.wait_for_timeout(300)
    assert len(held) == len(ended) == 1
    assert seen.page.locator(".progress").is_hidden()


def test_the_menu_is_worked_by_keys(open_list):
    """Enter opens it, arrows go round, Escape closes it and gives the focus back; a click elsewhere closes it."""
    seen = open_list()
    opener = seen.page.get_by_role("button", name="Export")
    items = seen.page.locator('[role="menuitem"]')
    opener.focus()
    seen.page.keyboard.press("Enter")
    assert items.first.evaluate("(item) => item.matches(':focus')")
    seen.page.keyboard.press("ArrowUp")
    assert items.last.evaluate("(item) => item.matches(':focus')")
    seen.page.keyboard.press("ArrowDown")
    assert items.first.evaluate("(item) => item.matches(':focus')")
    seen.page.keyboard.press("Escape")
    assert opener.evaluate("(button) => button.matches(':focus')")
    assert seen.title == f"{len(CHOSEN)} of 80 images selected"
    opener.click()
    assert items.first.is_visible()
    seen.page.locator(".lb-map .stage").click(position={"x": 200, "y": 300})  # anywhere else
    assert items.first.is_hidden()


def test_the_link_is_copied(open_list, address):
    """It is the page's address, which opens the same selection."""
    seen = open_list(permissions=["clipboard-read", "clipboard-write"])
    choose(seen, "Copy link")
    seen.page.get_by_text("Link copied.").wait_for()
    link = seen.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(address)
    seen.page.goto("about:blank")
    seen.page.goto(link)
    seen.wait_for_count(len(CHOSEN))
    assert sorted(seen.rows()) == CHOSEN


def test_file_names_are_harmless(run):
    """Whatever a run is called: letters, digits, dots, dashes; never hidden, never a path, never endless."""
    names = ["cifar10", "../../etc", "a b/c\\d", "...", "", "é", "x" * 500, "CON"]
    got = run(
        "(save, names) => names.map((name) => save.fileName(name, '5 images', 'csv'))", "tools/save", names
    )
    assert got[0] == "lazybones-cifar10-5-images.csv"
    assert got[3] == got[4] == got[5] == "lazybones-5-images.csv"
    for name in got:
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
        assert name.startswith("lazybones-")
        assert ".." not in name or "/" not in name
        assert len(name) < 160
    assert np.all([name.endswith("-5-images.csv") for name in got])
