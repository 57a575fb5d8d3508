"""Pictures of a visitor's own on the map: brought in every way, told as the run tells its own, and kept nowhere."""

from __future__ import annotations

import base64
import io
import os
import re
import signal

import numpy as np
import psutil
import pytest
from PIL import Image

from cache import Store
from dashboard.run.data import RunData
from dashboard.server.columns import quantise_positions
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.hog import Hog
from pipeline.projections.pca import PCA
from pipeline.projections.tsne import TSNE
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from tests.browser.access.test_axe import AXE, violations
from tests.browser.conftest import running_dashboard
from tests.browser.map_page import PADDING, Map
from tests.pipeline.guests import hostile
from tests.planted import planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BRING = """(map, { kind, files }) => {
  const data = new DataTransfer();
  for (const { name, content } of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: "image/png" }));
  }
  const given = { bubbles: true, composed: true, cancelable: true };
  if (kind === "paste") document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, ...given }));
  for (const name of kind === "drop" ? ["dragenter", "dragover", "drop"] : []) {
    map.querySelector(".stage").dispatchEvent(new DragEvent(name, { dataTransfer: data, ...given }));
  }
}"""

FOCUSED = "() => ({ ...document.activeElement.shadowRoot.activeElement.dataset })"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A run of digits, and a planted one, whose extractor nobody knows."""
    made = Store(tmp_path_factory.mktemp("guests") / "cache")
    ensure(made, PCA(), digits_run(made).stages)
    planted_run(made, "planted")
    return made


def digits_run(store):
    """Make a run that guests can be asked of."""
    path = LinearSVM(path=(0.01, 0.1), C=0.1)
    return run(
        Recipe(Digits(limit=200), Hog(), path, TSNE(perplexity=15), name="digits"), store, TerminalReporter()
    )


@pytest.fixture(scope="module")
def address(store, chromium):
    """The address of a dashboard on them."""
    with running_dashboard(store.root) as started:
        yield started


@pytest.fixture
def open_map(store, address, visit):
    """Open the map of a run, with what stands beside it about guests."""

    def opened(name="digits", query="", **options):
        tab = visit(**options)
        tab.open(f"{address}map?run={name}{query}")
        seen = Map(tab, RunData(store, name))
        seen.wait_for("parts", "ready")
        seen.page.get_by_role("tab", name="Guest").click()
        return seen

    return opened


def png(pixels):
    """Write a picture without loss."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def digit(store, row, split="test"):
    """Give an image of the run as a file."""
    dataset = store.artefact("dataset", store.run("digits").stages["dataset"])
    return png(np.array(dataset.array(f"{split}_images")[row][..., 0]))


NOISE = png(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))


def choose(seen, *contents):
    """Choose files."""
    with seen.page.expect_file_chooser() as chooser:
        seen.page.get_by_role("button", name="Choose pictures").click()
    files = [{"name": f"{i}.png", "mimeType": "image/png", "buffer": one} for i, one in enumerate(contents)]
    chooser.value.set_files(files)


def answered(seen, count, states="answered"):
    """Wait until so many pictures have their answer, and give the card."""
    seen.page.wait_for_selector(f'.lb-map[data-guests="{" ".join([states] * count)}"]')
    return seen.page.locator(".guest-card")


def middle(box):
    """Give the middle of a box of the screen."""
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_an_image_of_the_run_is_itself(open_map, store):
    """It lies on its own point, is predicted as that, and nothing else moves."""
    seen = open_map()
    before, row = seen.pixels(), 31
    choose(seen, digit(store, row))
    card = answered(seen, 1)
    said = card.inner_text()
    names, predicted = seen.data.class_names, seen.data.own_predictions.predicted
    assert "This is digits/929 of this run." in said
    assert card.locator(".pin-line .mark").first.inner_text() == names[predicted[row]]
    assert card.locator(".guest-values li").count() == 9
    assert re.search(rf"\d+ of its 20 nearest training images (is|are) {names[predicted[row]]}", said)
    assert "Nothing like this" not in said
    spot = seen.page.locator(".guest-spot")
    assert np.abs(np.subtract(middle(spot.bounding_box()), seen.places()[row])).max() < 1.5
    assert spot.get_attribute("data-hollow") == "false"
    assert seen.page.locator('[role="tab"][data-tab="guest"] .badge').inner_text() == "1"
    assert seen.pixels() == before
    assert seen.tab.complaints == []


def test_a_stranger_is_hollow_and_said_to_be_one(open_map):
    """In words only beyond the 99th; what no score can tell is in the help, and nowhere claimed."""
    seen = open_map()
    choose(seen, NOISE)
    card = answered(seen, 1)
    assert card.locator(".guest-unusual").inner_text() == "Nothing like this was in the training images."
    assert seen.page.locator(".guest-spot").get_attribute("data-hollow") == "true"
    seen.page.get_by_role("button", name="What these numbers tell").click()
    told = seen.page.locator(".guest-help").inner_text()
    assert "0.57 to 0.72" in told
    assert "none of the classes" in told
    assert "not one of" not in seen.page.locator(".guest-panel").inner_text()
    assert len(card.locator(".guest-values li").all()) == 9  # the classifier chooses all the same


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_pictures_are_dropped_and_pasted(open_map, store, kind):
    """Several at once; the last one has its card, and each can be looked at."""
    seen = open_map()
    seen.page.get_by_role("tab", name="Selection").click()
    files = [
        {"name": f"{row}.png", "content": base64.b64encode(digit(store, row)).decode()} for row in (3, 4, 5)
    ]
    seen.page.locator(".lb-map").evaluate(BRING, {"kind": kind, "files": files})
    card = answered(seen, 3)
    assert "5.png" in card.inner_text()
    seen.page.locator(".guest-entry").first.click()
    assert "3.png" in card.inner_text()
    seen.page.locator(".guest-spot").nth(1).click()
    assert "4.png" in card.inner_text()
    card.get_by_role("button", name="Take 4.png away").click()
    answered(seen, 2)
    assert seen.page.locator(".guest-spot").count() == 2


def test_what_is_no_picture_is_said_and_can_be_asked_again(open_map):
    """In the loader's words."""
    seen = open_map()
    choose(seen, b"GARBAGE" * 20)
    card = answered(seen, 1, "failed")
    assert "A picture must be" in card.inner_text()
    card.get_by_role("button", name="Ask again").click()
    answered(seen, 1, "failed")
    assert seen.page.locator(".guest-spot").count() == 0


def test_the_page_of_a_proxy_is_no_answer(open_map):
    """What stands before the server has pages for people, whose source nobody wants to read."""
    seen = open_map()
    page = "<html><head><title>502 Bad Gateway</title></head></html>"
    seen.page.route(
        "**/guest/**", lambda route: route.fulfill(status=502, body=page, content_type="text/html")
    )
    choose(seen, NOISE)
    card = answered(seen, 1, "failed")
    assert "The server says 502." in card.inner_text()
    assert "html" not in card.inner_text()


def test_another_classifier_and_another_map_say_something_else_of_it(open_map):
    """The picture is still in the tab: it is asked again."""
    seen = open_map()
    choose(seen, NOISE)
    card = answered(seen, 1)
    values, place = (
        card.locator(".guest-values").inner_text(),
        seen.page.locator(".guest-spot").bounding_box(),
    )
    button = seen.page.locator(".st-key-settings button").first
    for choice in (re.compile(r"^0\.01 ·"), "PCA"):
        button.click()
        with seen.page.expect_response(re.compile("lazybones/guest/")):
            seen.page.get_by_role("radio", name=choice).locator("xpath=ancestor::label").click()
        seen.page.keyboard.press("Escape")
        seen.tab.settle()
        answered(seen, 1)
    assert card.locator(".guest-values").inner_text() != values
    assert seen.page.locator(".guest-spot").bounding_box() != place


def test_it_stays_while_another_page_is_looked_at_and_goes_with_a_reload(open_map, store):
    """Nothing is kept but in the tab."""
    seen = open_map()
    choose(seen, digit(store, 8))
    answered(seen, 1)
    seen.page_link("Errors").click()
    seen.tab.settle()
    seen.page_link("Map").click()
    seen.page.get_by_role("tab", name="Guest").click()
    answered(seen, 1)
    seen.page.reload()
    seen.wait_for("parts", "ready")
    assert seen.page.locator(".guest-spot").count() == 0


def test_all_of_it_works_by_keyboard(open_map, store):
    """Tabs, the chooser, a guest's point, and what takes it away."""
    seen = open_map()
    page = seen.page
    page.on("filechooser", lambda _: None)  # that it is to be told takes a moment
    page.get_by_role("tab", name="Guest").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED)["tab"] == "pin"
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('.side[data-tab="guest"]')
    page.get_by_role("button", name="Choose pictures").focus()
    assert page.evaluate(FOCUSED)["do"] == "choose"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([{"name": "a.png", "mimeType": "image/png", "buffer": digit(store, 8)}])
    answered(seen, 1)
    page.locator(".guest-spot").focus()
    page.keyboard.press("Enter")
    page.locator(".guest-card .near-tile").first.focus()
    assert seen.said["hoverId"]
    page.get_by_role("button", name="Take a.png away").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('.lb-map[data-guests=""]')


def test_a_grid_has_no_place_for_it(open_map, store):
    """The card stays; back in the scatter, so is its point."""
    seen = open_map()
    choose(seen, digit(store, 8))
    answered(seen, 1)
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("g")
    seen.page.wait_for_function(
        "(map) => !map.querySelector('.guest-spot')", arg=seen.page.query_selector(".lb-map")
    )
    assert seen.page.locator(".guest-card").is_visible()
    seen.page.keyboard.press("g")
    seen.page.locator(".guest-spot").wait_for()


def test_its_point_moves_with_the_map(open_map, store):
    """Zoomed and dragged, it stays on its place."""
    seen = open_map()
    choose(seen, digit(store, 8))
    answered(seen, 1)
    seen.page.mouse.move(*np.add(seen.places()[8], 20))
    seen.page.mouse.wheel(0, -300)
    seen.page.wait_for_timeout(1000)
    points = quantise_positions(seen.data.artefact("projection").array("test")).astype(float)
    at = dict(part.split("=") for part in seen.hash.split("&"))["at"]
    x, y, zoom = (float(value) for value in at.split(","))
    box = seen.box
    sides = np.array([box["width"], box["height"]])
    scale = zoom * ((sides - 2 * PADDING) / np.ptp(points, axis=0)).min()
    place = [box["x"], box["y"]] + sides / 2 + (points[8] - [x, y]) * [scale, -scale]
    assert zoom > 1
    assert np.abs(middle(seen.page.locator(".guest-spot").bounding_box()) - place).max() < 2


def test_a_dead_worker_is_replaced_and_the_page_goes_on(open_map, store):
    """Whatever killed it."""
    seen = open_map()
    choose(seen, digit(store, 8))
    answered(seen, 1)
    workers = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "pipeline.guests.served" in (process.info["cmdline"] or [])
        and str(os.getpid()) in [str(parent.pid) for parent in process.parents()]
    ]
    for process in workers:
        process.send_signal(signal.SIGKILL)
    assert workers
    choose(seen, digit(store, 9))
    answered(seen, 2)
    assert seen.tab.complaints == []


def test_hostile_files_and_names_are_text_and_the_session_goes_on(open_map, store, rng):
    """Mutated pictures, bombs and files of two kinds, under names that would be markup."""
    seen, good = open_map(), hostile.seeds(rng)
    contents = [
        *(hostile.mutated(rng, good) for _ in range(3)),
        hostile.bombs()["2 to the 31"],
        hostile.polyglots(good)["svg"],
        hostile.polyglots(good)["gif and script"],
    ]
    with seen.page.expect_file_chooser() as chooser:
        seen.page.get_by_role("button", name="Choose pictures").click()
    names = [
        "<img src=x onerror=alert(1)>.png",
        "..\\..\\etc.png",
        "a" * 250,
        "\u202egnp.exe",
        "%x{y}.png",
        "'\">.svg",
    ]
    files = zip(names, contents, strict=True)
    chooser.value.set_files([{"name": n, "mimeType": "image/png", "buffer": c} for n, c in files])
    seen.page.wait_for_function(
        "(map) => map.dataset.guests.split(' ').every((state) => ['answered', 'failed'].includes(state))",
        arg=seen.page.query_selector(".lb-map"),
    )
    for entry in seen.page.locator(".guest-entry").all():
        entry.click()
        assert seen.page.locator(".guest-card img[src=x]").count() == 0
    for _ in range(5):
        seen.page.locator('.guest-card [data-do="remove"]').click()
    choose(seen, digit(store, 9))
    seen.page.locator(".guest-card", has_text="This is digits/907 of this run.").wait_for()
    assert seen.tab.complaints == []


def test_no_more_than_eight_at_one_time(open_map, store):
    """The ninth is refused in a sentence."""
    seen = open_map()
    choose(seen, *(digit(store, row) for row in range(9)))
    answered(seen, 8)
    assert "8 pictures at one time" in seen.page.locator(".toast").inner_text()


def test_a_run_that_can_have_no_guests_says_why(open_map):
    """Nothing can be chosen or dropped."""
    seen = open_map("planted")
    assert "No picture can be asked of here." in seen.page.locator(".guest-hint").inner_text()
    assert seen.page.get_by_role("button", name="Choose pictures").is_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_its_card_has_no_violation(open_map, store, dark):
    """Of WCAG 2.2, levels A and AA, as axe-core reads it: a guest of the run, a stranger, what is no picture."""
    if not AXE.is_file():
        pytest.skip(f"needs axe-core in {AXE.parent.parent}: npm ci")
    seen = open_map(dark=dark)
    choose(seen, digit(store, 8), b"GARBAGE" * 20, NOISE)
    seen.page.wait_for_selector('.lb-map[data-guests="answered failed answered"]')
    seen.page.get_by_role("button", name="What these numbers tell").click()
    seen.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(seen.tab) == []
    seen.page.locator(".guest-entry").nth(1).click()
    assert violations(seen.tab) == []


def test_a_phone_offers_its_camera(open_map, store):
    """The sheet has the card, and nothing is wider than the window."""
    seen = open_map(width=390, height=844, has_touch=True, is_mobile=True)
    assert seen.page.get_by_role("button", name="Take a photograph").is_visible()
    assert seen.page.locator(".guest-intake input").nth(1).get_attribute("capture") == "environment"
    choose(seen, NOISE)
    card = answered(seen, 1)
    card.locator(".guest-unusual").scroll_into_view_if_needed()
    assert card.locator(".guest-unusual").is_visible()
    assert seen.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
