"""The components' front end as the server hands it out."""

from __future__ import annotations

import json

import pytest

from dashboard import ui_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A front end of the test's own; what was read before is forgotten, and again afterwards."""
    cached = (ui_files.contents, ui_files.text, ui_files.styles, ui_files.version, ui_files.modules)
    monkeypatch.setattr(ui_files, "FOLDER", tmp_path)
    for function in cached:
        function.cache_clear()
    yield tmp_path
    for function in cached:
        function.cache_clear()


def test_the_styles_of_all_parts_are_sent(folder):
    """The component's own sheet first, so that its parts can rely on it; nobody else's."""
    for name in ("map", "map_legend", "map_card", "mapper", "gallery"):
        (folder / f"{name}.css").write_text(f".{name} {{}}")
    assert ui_files.styles("map").split("\n") == [".map {}", ".map_card {}", ".map_legend {}"]


def test_markup_and_styles_are_a_module_that_browsers_keep(folder):
    """Both, as they are, whatever characters they hold; read as JSON, which JavaScript's strings include."""
    markup = '<p class="lb-map">\N{GREEK SMALL LETTER ALPHA}\u2028 \\ `${x}`</p>\n'
    (folder / "map.html").write_text(markup, encoding="utf-8")
    (folder / "map.css").write_text('.map::before { content: "\\201c"; }')
    lines = ui_files.contents()["map_shell.js"].decode().splitlines()
    parts = dict(line.removeprefix("export const ").removesuffix(";").split(" = ", 1) for line in lines)
    assert json.loads(parts["markup"]) == markup
    assert json.loads(parts["style"]) == (folder / "map.css").read_text()


def test_late_parts_are_not_preloaded(folder):
    """Static imports, also of imports, once each; not what a type or a later ``import()`` names."""
    (folder / "map.js").write_text(
        '/** @typedef {import("./types.js").T} T */\n'
        'import { a } from "./first.js";\nimport {\n  b,\n} from "./second.js";\n'
        'const late = () => import("./late.js");\n'
    )
    (folder / "first.js").write_text('export { b } from "./second.js";')
    for name in ("second", "late", "types"):
        (folder / f"{name}.js").write_text("")
    assert ui_files.modules("map.js") == ("map.js", "first.js", "second.js")
    assert "late.js" in ui_files.contents()
