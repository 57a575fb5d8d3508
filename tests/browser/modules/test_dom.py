"""What makes and finds elements, and what is done with links, in the browser."""

from __future__ import annotations

import pytest

from dashboard.server import ui_bundle

pytestmark = pytest.mark.browser

HOST = "http://links.test/"
PAGE = """<!doctype html><div class="st-key-pages"><a data-testid="stPageLink-NavLink" href="?run=a">Overview</a>
<a data-testid="stPageLink-NavLink" href="errors?run=a">Errors</a></div>"""
PRESS = """async (name) => {
  const link = [...document.querySelectorAll("a")].find((one) => one.textContent === name);
  let heard = false;
  link.onclick = (event) => { heard = true; event.preventDefault(); };
  link.click();
  await new Promise((resolve) => setTimeout(resolve));
  return heard;
}"""
"""Presses a link, and tells whether its page has heard of it a turn later."""


def test_an_element_says_what_it_is_given_and_no_more(run):
    """Null and false are left out, but for what assistive technology reads; text from data is never markup."""
    got = run(
        """(dom, name) => {
          const spoken = { "aria-pressed": false, "data-row": 0 };
          const given = { class: "a", title: null, hidden: false, disabled: true, ...spoken };
          return dom.button(given, name, dom.element("i", {}, "x")).outerHTML;
        }""",
        "dom/element",
        "<b>cat</b>",
    )
    assert got == (
        '<button type="button" class="a" disabled="" aria-pressed="false" data-row="0">'
        "&lt;b&gt;cat&lt;/b&gt;<i>x</i></button>"
    )


def test_what_the_markup_lacks_is_named(run):
    """A part whose element is gone from the markup says so, in place of an error somewhere later."""
    got = run(
        """(dom, selectors) => {
          const host = dom.element("div", {}, dom.element("p", { class: "here" }, "found"));
          return selectors.map((selector) => {
            try { return dom.find(host, selector).textContent; } catch (error) { return error.message; }
          });
        }""",
        "dom/element",
        [".here", ".gone"],
    )
    assert got == ["found", "The markup must have .gone. Got none."]


def test_an_event_is_of_the_element_round_its_target(run):
    """Also where the target is a drawing in a button; what lies outside is of none."""
    got = run(
        """(dom) => {
          const drawing = dom.icon("M0 0");
          const button = dom.button({ class: "tool", "data-do": "mute" }, drawing);
          const entry = dom.element("div", { class: "entry", "data-index": 3 }, button);
          const heard = [];
          document.body.append(entry);
          document.body.addEventListener("click", (event) => {
            const [tool, item] = [dom.closest(event, "button"), dom.closest(event, ".entry")];
            heard.push([tool?.dataset.do ?? null, item?.dataset.index ?? null]);
          });
          const click = (target) => target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
          [drawing, entry, document.body].forEach(click);
          entry.remove();
          return heard;
        }""",
        "dom/element",
        None,
    )
    assert got == [["mute", "3"], [None, "3"], [None, None]]


@pytest.mark.parametrize("again", [False, True])
def test_a_canvas_is_emptied_and_as_sharp_as_the_screen(run, again):
    """Nothing of what was drawn or set before is left, whether its size changes or not."""
    got = run(
        """(canvases, again) => {
          const canvas = document.createElement("canvas");
          const { context, ratio } = canvases.emptied(canvas, 10, 20);
          context.scale(2, 2);
          context.fillRect(0, 0, 10, 20);
          canvases.emptied(canvas, again ? 10 : 11, 20);
          const left = context.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
          return { size: [canvas.width / ratio, canvas.height / ratio], left, scale: context.getTransform().a };
        }""",
        "dom/canvas",
        again,
    )
    assert got == {"size": [10 if again else 11, 20], "left": False, "scale": 1}


@pytest.mark.parametrize(
    ("path", "heard"),
    [("retrain", {"Overview": True, "Errors": True}), ("errors", {"Overview": True, "Errors": False}),
     ("", {"Overview": False, "Errors": True})],
)  # fmt: skip
def test_only_a_link_to_the_page_itself_is_kept_from_streamlit(browser, path, heard):
    """The first page's address is a query alone, which is another page's wherever it is not shown."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(f"{HOST}{path}?run=a")
    page.add_script_tag(content=f"window.__streamlit = {{ BACKEND_BASE_URL: '{HOST}' }}")
    page.add_script_tag(content=ui_bundle.contents()["page/own_links.js"].decode())
    assert {name: page.evaluate(PRESS, name) for name in heard} == heard
    page.close()
