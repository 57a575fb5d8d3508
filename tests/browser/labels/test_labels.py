"""Labels judged by keys: applied at once, saved by themselves, and lost by nobody's mistake."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from cache import Artefact, Store
from pipeline.api import DuplicatesStage, Record, SuspectsStage, Verdicts, ensure, images_of, open_verdicts
from tests.browser.conftest import running_dashboard
from tests.planted import NAMES, Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READY = ".labels[data-shown][data-loaded=true]"
SAVED = ".labels[data-waiting='0']"
JUDGE, TOLD = "**/lazybones/judge/**", "**/lazybones/verdicts/**"
SAID = {"k": "keep", "w": "wrong", "u": "unsure", "x": "excluded"}
SHOWN = """() => {
  const within = (e) => [e, ...(e.shadowRoot?.querySelectorAll(".labels") ?? [])];
  const found = [...document.querySelectorAll("*")].flatMap(within).find((e) => e.matches(".labels"));
  const { number, shown } = found?.dataset ?? {};
  return shown && shown === number ? Number(shown) + 1 : null;
}"""
"""Gives the number of the image that is looked at and there, plus 1."""


class Place(NamedTuple):
    """A dashboard, and the database of its verdicts."""

    address: str
    dataset: Artefact
    verdicts: Verdicts

    @property
    def records(self) -> dict[int, Record]:
        """What is recorded, by the images' numbers."""
        images = images_of(self.dataset)
        return {images.places[key]: record for key, record in self.verdicts.state(images).records.items()}

    def said(self, number: int) -> tuple[str | None, str | None]:
        """Give the verdict and the right class of an image."""
        judgement = self.records[number].judgement
        return judgement.verdict, judgement.judged


@pytest.fixture
def place(tmp_path, chromium) -> Iterator[Place]:
    """A dashboard of its own, with suspects and nothing judged."""
    store = Store(tmp_path / "cache")
    run = planted_run(store, plan=Plan(noise=2.5, n_train=120, n_test=120, copies=[(9, 4)]))
    for stage in (SuspectsStage(), DuplicatesStage()):
        ensure(store, stage, run.stages)
    with running_dashboard(store.root) as address:
        yield Place(address, store.artefact("dataset", run.stages["dataset"]), open_verdicts(store))


class Deck:
    """The page Labels in a tab."""

    def __init__(self, tab, address: str) -> None:
        self.tab, self.page, self.address = tab, tab.page, f"{address}labels"

    def open(self) -> Deck:
        """Open it, and wait until an image is there."""
        self.page.goto(self.address)
        self.page.locator(READY).wait_for()
        return self

    @property
    def number(self) -> int:
        """The image that is looked at, once it is there."""
        return self.page.wait_for_function(SHOWN).json_value() - 1

    def press(self, *keys: str) -> list[int]:
        """Press keys, one after the other; give the image that each was about."""
        about = []
        for key in keys:
            about.append(self.number)
            self.page.keyboard.press(key)
        return about

    def wait(self, selector: str, text: str | re.Pattern[str] = "") -> Any:
        """Wait for an element with a text."""
        found = self.page.locator(selector, has_text=text) if text else self.page.locator(selector)
        found.first.wait_for()
        return found.first

    def saved(self) -> None:
        """Wait until all is saved."""
        self.wait(SAVED)


@pytest.fixture
def deck(place, visit) -> Callable[..., Deck]:
    """Open the page in a new window, as another person."""
    return lambda **options: Deck(visit(**options), place.address).open()


def test_two_hundred_are_judged_by_keys_and_a_reload_loses_nothing(place, deck):
    """All are in the database as they were said, whatever was on its way when the page was reloaded."""
    at = deck()
    keys = ["k", "w", "u", "x", "2"] * 20
    said = dict(zip(at.press(*keys), keys, strict=True))
    at.page.wait_for_url(re.compile(f"suspect={at.number}$"))
    at.page.reload()
    at.wait(READY)
    said |= dict(zip(at.press(*keys), keys, strict=True))
    at.saved()
    assert len(said) == 200
    given = [*place.dataset.array("test_labels"), *place.dataset.array("train_labels")]

    def meant(number: int, key: str) -> tuple[str, str | None]:
        if key in SAID:
            return SAID[key], None
        return ("keep", None) if given[number] == 2 else ("wrong", NAMES[2])

    assert {number: place.said(number) for number in said} == {
        number: meant(number, key) for number, key in said.items()
    }
    assert set(place.records) == set(said)
    assert at.tab.complaints == []


def test_undo_and_redo_walk_back_and_forth(place, deck):
    """Ctrl-Z takes back the last, then the one before; Ctrl-Y does it again; also after a reload, which forgets."""
    at = deck()
    first, second, third = at.press("k", "w", "u")
    at.saved()
    at.press("Control+z", "Control+z", "Control+y")
    at.saved()
    assert at.number == second
    assert [place.said(number)[0] for number in (first, second, third)] == ["keep", "wrong", None]
    at.page.reload()
    at.wait(READY)
    at.press("Control+z")
    at.page.wait_for_function("document.querySelector('.stApp') !== null")
    at.saved()
    assert [place.said(number)[0] for number in (first, second, third)] == ["keep", None, None]


def test_what_the_server_does_not_answer_is_kept(place, deck):
    """It is said beside the image, a reload keeps it, and it is saved once the server answers."""
    at = deck()
    at.page.route(JUDGE, lambda route: route.abort())
    first, second = at.press("k", "w")
    at.wait(".trouble", "does not answer. Kept in this browser until it can be saved: 2.")
    at.page.reload()
    at.wait(".labels[data-shown][data-waiting='2']")
    assert place.records == {}
    at.page.unroute(JUDGE)
    at.page.locator(".retry").dispatch_event("click")
    at.saved()
    assert [place.said(number)[0] for number in (first, second)] == ["keep", "wrong"]
    assert at.page.locator(".trouble").is_hidden()


def test_a_locked_database_says_so_and_loses_nothing(place, deck):
    """Another process holds it: the page names the trouble without the server's path, and saves later."""
    at = deck()
    (first,) = at.press("k")
    at.saved()
    with sqlite3.connect(place.verdicts.where, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        (second,) = at.press("w")
        words = at.wait(".trouble", "the database of verdicts").inner_text()
        assert place.verdicts.where not in words
        holder.execute("ROLLBACK")
    at.page.locator(".retry").dispatch_event("click")  # it may have tried by itself since, and be hidden
    at.saved()
    assert [place.said(number)[0] for number in (first, second)] == ["keep", "wrong"]


@pytest.mark.parametrize(("answer", "verdict"), [("Use mine", "wrong"), ("Leave theirs", "keep")])
def test_two_people_on_one_image_are_asked(place, deck, answer, verdict):
    """Who has not seen what the other said decides with both before the eyes; the other sees it by itself."""
    one, other = deck(), deck()
    other.page.route(TOLD, lambda route: route.abort())
    (number,) = one.press("k")
    one.saved()
    assert other.press("w") == [number]
    other.wait(".question", "has judged")
    assert place.said(number)[0] == "keep"
    other.page.get_by_role("button", name=answer).click()
    other.saved()
    assert place.said(number)[0] == verdict
    one.press("ArrowLeft")
    one.wait(f".verdict.{verdict}")


def test_a_class_and_a_tag_are_typed(place, deck):
    """A slash finds a class by its beginning, T adds a tag; letters that are typed there judge nothing."""
    at = deck()
    (number,) = at.press("t")
    at.page.keyboard.type("kuw")
    at.page.keyboard.press("Enter")
    at.wait(".claims .tag", "kuw")
    at.press("/")
    at.page.keyboard.type("cro")
    at.page.keyboard.press("Enter")
    at.saved()
    judgement = place.records[number].judgement
    given = NAMES[place.dataset.array("test_labels")[number]] if number < 120 else ""
    assert judgement.tags == ("kuw",)
    assert judgement.judged == "cross" or given == "cross" or number >= 120
    assert list(place.records) == [number]


def test_a_picture_in_two_classes_is_found_and_mended(place, deck):
    """The page leads to them; the copy stands beside the image, and a press takes its class, as both then have it."""
    at = deck()
    at.page.get_by_role("link", name="Judge the one that stands in two classes").click()
    at.page.wait_for_url(re.compile("copies=labels"))
    at.wait(".where", re.compile("1 of [23]$"))
    at.wait(".copies h2", "The same picture stands in class")
    first, given = at.number, place.dataset.array("test_labels")
    other = {4: 9, 9: 4}[first]
    at.page.locator(".copies .mend").first.dblclick()
    at.saved()
    assert place.said(first) == ("wrong", NAMES[given[other]])
    assert at.number == other, "the second click is not taken for the copy's"
    assert list(place.records) == [first]
    at.wait(".copies h2", "The same picture, with the same label")
    assert at.page.locator(".copies .mend").count() == 0, "they would only change places"
    at.page.locator(f".copy[data-number='{first}']").click()
    assert at.number == first
    assert at.tab.complaints == []


def test_walking_is_in_the_address(place, deck):
    """The arrow goes on, Back returns, and a reload stays."""
    at = deck()
    at.page.wait_for_url(re.compile("#suspect="))
    first = at.number
    at.press("ArrowRight")
    at.page.wait_for_url(lambda url: not url.endswith(f"={first}"))
    second = at.number
    assert second != first
    at.page.go_back()
    at.wait(f".labels[data-shown='{first}']")
    at.page.go_forward()
    at.wait(f".labels[data-shown='{second}']")
    at.page.reload()
    at.wait(f".labels[data-shown='{second}']")


def test_all_listed_are_judged_at_once(place, deck):
    """After a choice and its button that says how many; one undo takes all of it back."""
    at = deck()
    at.page.locator(".foot .opener").click()
    at.page.get_by_label("What to do with all listed images").select_option("wrong")
    at.page.get_by_role("button", name="Mark as wrong: 240 images").click()
    at.saved()
    assert {record.judgement.verdict for record in place.records.values()} == {"wrong"}
    assert len(place.records) == 240
    at.press("Control+z")
    at.saved()
    assert {record.judgement.verdict for record in place.records.values()} == {None}
