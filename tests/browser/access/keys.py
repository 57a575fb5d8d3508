"""A tab that is used by its keyboard alone, and what has the focus: it looks into components, too."""

from __future__ import annotations

from typing import NamedTuple

MOST = 90
"""How often Tab is pressed in search of something."""

FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const { tagName, labels, innerText, title, dataset } = element;
  const name = element.getAttribute("aria-label") || labels?.[0]?.innerText || innerText || title || "";
  const role = element.getAttribute("role") || (tagName === "INPUT" ? element.type : tagName);
  const inside = Boolean(document.activeElement.closest("[role=dialog], [data-testid=stPopoverBody]"));
  return [role.toLowerCase(), name.replace(/\\s+/g, " ").trim(), dataset?.row ?? "", inside];
}"""


class Focus(NamedTuple):
    """What has the focus."""

    role: str
    name: str
    row: str
    """The image's, of a tile; else empty."""
    inside: bool
    """Whether in a dialog or a menu."""


class Keys:
    """Press keys in a tab."""

    def __init__(self, tab) -> None:
        self.tab, self.page = tab, tab.page

    @property
    def focus(self) -> Focus:
        """What has the focus."""
        return Focus(*self.page.evaluate(FOCUSED))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, name: str) -> None:
        """In a list that has the focus, type enough of a name to find it."""
        self.page.keyboard.type(name)
        self.press("Enter")

    def tab_to(self, role: str, name: str = "") -> Focus:
        """Press Tab until something of this role, with this in its name, has the focus; role ``tile`` is an image."""
        passed = []
        for _ in range(MOST):
            self.press("Tab")
            focus = self.focus
            if (focus.role == role or (role == "tile" and focus.row)) and name in focus.name:
                return focus
            passed.append(f"{focus.role} “{focus.name}”")
        raise AssertionError(f"Tab does not reach a {role} “{name}”. It reaches {', '.join(passed)}")
