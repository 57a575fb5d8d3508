"""The modules of a site as one script: each becomes a function, and nothing that is not known here passes."""

from __future__ import annotations

import pytest

from dashboard.server import ui_bundle
from dashboard.site.bundle import classic, script


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ('import { a, b as c } from "../dom/a.js";', 'const { a, b: c } = load("dom/a.js");'),
        ('import {\n  a,\n} from "./a.js"; // why', 'const {\n  a,\n} = load("map/a.js");'),
        ('import a from "./a.js";', 'const { default: a } = load("map/a.js");'),
        (
            'const late = () => import("./a.js");',
            'const late = () => Promise.resolve().then(() => load("map/a.js"));',
        ),
        ("export const A = 1;", "const A = 1;"),
        ("export class A {}", "class A {}"),
        ("export async function a() {}", "async function a() {}"),
        ("export default function a() {}", "function a() {}"),
        ("export default make(1);", "const $default = make(1);"),
        ("const here = import.meta.url;", "const here = meta.url;"),
    ],
)
def test_each_form_is_a_line_of_a_function(line, written):
    """What is exported can be asked for, also before it is there: two functions of two modules may call each other."""
    text = classic("map/b.js", line)
    assert written in text
    exported = line.startswith("export")
    assert text.count(": () =>") == exported


@pytest.mark.parametrize("line", ['export * from "./a.js";', 'import * as a from "./a.js";', "export { a };"])
def test_what_is_not_known_is_refused(line):
    """Rather no site than one that breaks in somebody's browser."""
    with pytest.raises(ValueError, match="must import and export as the others do"):
        classic("map/b.js", line)


def test_all_that_a_page_needs_is_there_and_nothing_else():
    """Parts that are fetched late, too; not what judges labels, which takes a server."""
    text = script()
    made = {name for name in ui_bundle.contents() if f'makers["{name}"]' in text}
    assert {"map/entry.js", "list/panel.js", "tools/picture.js", "pair/entry.js", "curve/entry.js"} <= made
    assert not {name for name in made if name.startswith(("labels/", "verdicts/", "page/"))}
    assert "\nimport " not in text
    assert "\nexport " not in text
