"""The components' front end as the server hands it out."""

from __future__ import annotations

import json
import re

import pytest

from dashboard.server import ui_bundle


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A front end of the test's own; what was read before is forgotten, and again afterwards."""
    cached = (ui_bundle.contents, ui_bundle.version, ui_bundle.modules)
    monkeypatch.setattr(ui_bundle, "FOLDER", tmp_path)
    monkeypatch.setattr(ui_bundle, "SHEETS", {})
    for function in cached:
        function.cache_clear()
    yield tmp_path
    for function in cached:
        function.cache_clear()


def test_every_style_sheet_is_sent_by_somebody():
    """With the map, with the pair, or with a widget; the component's own first, so that its parts can rely on it."""
    sent = [sheet for sheets in ui_bundle.SHEETS.values() for sheet in sheets]
    sent += {sheet for sheets in ui_bundle.SHARED.values() for sheet in sheets}
    own = {path.relative_to(ui_bundle.FOLDER).as_posix() for path in ui_bundle.FOLDER.rglob("*.css")}
    assert sorted(sent) == sorted(name for name in own if not name.startswith("widgets/"))
    assert all(sheets[0] == f"{name}/{name}.css" for name, sheets in ui_bundle.SHEETS.items())


def test_no_rule_is_about_a_map_above_that_lacks_something():
    """A map in a pair has two roots above it: what the pair's own root lacks must not hide what the map's has."""
    for path in ui_bundle.FOLDER.rglob("*.css"):
        assert not re.search(r"\.lb-map:not\([^)]*\) [^{]", path.read_text(encoding="utf-8")), path.name


def test_markup_and_styles_are_a_module_that_browsers_keep(folder, monkeypatch):
    """Both, as they are, whatever characters they hold; read as JSON, which JavaScript's strings include."""
    monkeypatch.setattr(ui_bundle, "SHEETS", {"map": ("map/map.css", "card.css")})
    markup = '<p class="lb-map">\N{GREEK SMALL LETTER ALPHA}\u2028 \\ `${x}`</p>\n'
    (folder / "map").mkdir()
    (folder / "map" / "map.html").write_text(markup, encoding="utf-8")
    (folder / "map" / "map.css").write_text('.map::before { content: "\\201c"; }')
    (folder / "card.css").write_text(".card {}")
    lines = ui_bundle.contents()["map/map_shell.js"].decode().splitlines()
    parts = dict(line.removeprefix("export const ").removesuffix(";").split(" = ", 1) for line in lines)
    assert json.loads(parts["markup"]) == markup
    assert json.loads(parts["style"]) == (folder / "map" / "map.css").read_text() + "\n.card {}"


def test_late_parts_are_not_preloaded(folder):
    """Static imports, also of imports and from other folders, once each; not what a type or a later import names."""
    (folder / "map").mkdir()
    (folder / "map" / "entry.js").write_text(
        '/** @typedef {import("./types.js").T} T */\n'
        'import { a } from "./first.js";\nimport {\n  b,\n} from "../second.js";\n'
        'const late = () => import("./late.js");\n'
    )
    (folder / "map" / "first.js").write_text('export { b } from "../second.js";')
    for name in ("second", "map/late", "map/types"):
        (folder / f"{name}.js").write_text("")
    assert ui_bundle.modules("map/entry.js") == ("map/entry.js", "map/first.js", "second.js")
    assert "map/late.js" in ui_bundle.contents()


def test_documentation_stays_at_home(folder):
    """Comments with lines of their own are not sent, and no line gets another number; types within code stay."""
    source = (
        "/**\n * What it does: `*` and /* too.\n */\nexport const a = /** @type {number} */ (1);\n"
        "  /** One line. @returns {number} */\n  /** @type {number} */ (b).c();\nconst text = '/** no comment */';\n"
    )
    (folder / "one.js").write_text(source)
    sent = ui_bundle.contents()["one.js"].decode()
    kept = [line if i in {3, 5, 6} else "" for i, line in enumerate(source.split("\n"))]
    assert sent.split("\n") == kept


def test_nothing_but_documentation_is_left_out():
    """In the front end as it is: every line that is sent is as it was written, and those left out are comments."""
    for name, content in ui_bundle.contents().items():
        if not name.endswith(".js") or name.endswith("_shell.js"):
            continue
        written = (ui_bundle.FOLDER / name).read_text().split("\n")
        sent = content.decode().split("\n")
        assert len(sent) == len(written), name
        gone = [before.strip() for before, after in zip(written, sent, strict=True) if before != after]
        assert all(line.startswith(("/**", "*")) for line in gone), name
