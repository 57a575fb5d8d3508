"""The ES modules as one classic script: browsers refuse modules in a page that is opened by a double click.

Nothing is compressed or renamed: each module becomes a function that is called when it is first asked for.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable

from dashboard.components.penalty_curve import HTML as CURVE
from dashboard.components.widget import HTML
from dashboard.server import ui_bundle

ENTRY = "site/entry.js"
_IMPORT = re.compile(r'^import \{(?P<names>[^}]*)\} from "(?P<path>[^"]+)";.*$', re.MULTILINE)
_DEFAULT_IMPORT = re.compile(r'^import (?P<name>\w+) from "(?P<path>[^"]+)";.*$', re.MULTILINE)
_LATE = re.compile(r'\bimport\("(?P<path>[^"]+)"\)')
_EXPORT = re.compile(
    r"^export (?P<what>(?:async )?function\*?|class|const|let) (?P<name>[\w$]+)", re.MULTILINE
)
_DEFAULT = re.compile(r"^export default (?P<function>function (?P<name>\w+))?", re.MULTILINE)
_LEFT = re.compile(r"^(?:import\b(?!\()|export\b).*$", re.MULTILINE)
_START = """
const makers = {{}}, made = {{}};
const base = new URL("lazybones/ui/site/", document.baseURI);
function load(name) {{
  if (!made[name]) {{
    made[name] = {{}};
    makers[name](made[name], {{ url: new URL(name, base).href }});
  }}
  return made[name];
}}
function gives(exported, getters) {{
  for (const name in getters) Object.defineProperty(exported, name, {{ get: getters[name], enumerable: true }});
}}
{modules}
load("{entry}");
"""


def script(entry: str = ENTRY) -> str:
    """Write a module and all that it imports, at once or later, as one script.

    Raises
    ------
    ValueError
        If a module imports or exports in a way that is not known here.
    """
    modules = "\n".join(classic(name, source) for name, source in _reachable(entry))
    return f'"use strict";\n(() => {{{_START.format(modules=modules, entry=entry)}}})();\n'


def classic(name: str, source: str) -> str:
    """Turn a module into a function of what it exports; calls are put where its imports stood, so lines stay.

    Parameters
    ----------
    name : str
        Its path in ``dashboard/ui``.
    source : str
        Its text.

    Raises
    ------
    ValueError
        If it imports or exports in a way that is not known here.
    """
    given = {found["name"]: found["name"] for found in _EXPORT.finditer(source)}

    def loaded(path: str) -> str:
        return f"load({json.dumps(_resolved(name, path))})"

    text = _IMPORT.sub(
        lambda found: f"const {{{found['names'].replace(' as ', ': ')}}} = {loaded(found['path'])};", source
    )
    text = _DEFAULT_IMPORT.sub(
        lambda found: f"const {{ default: {found['name']} }} = {loaded(found['path'])};", text
    )
    text = _LATE.sub(
        lambda found: f"Promise.resolve().then(() => {loaded(found['path'])})",
        _EXPORT.sub(r"\g<what> \g<name>", text),
    )
    default = _DEFAULT.search(text)
    if default:
        given["default"] = default["name"] or "$default"
        text = _DEFAULT.sub(lambda found: found["function"] or "const $default = ", text)
    if left := _LEFT.search(text):
        raise ValueError(f"A module must import and export as the others do. Got {left[0]!r} in {name}.")
    getters = ", ".join(f"{outside}: () => {inside}" for outside, inside in given.items())
    body = text.replace("import.meta", "meta")
    return (
        f"makers[{json.dumps(name)}] = (exported, meta) => {{ gives(exported, {{ {getters} }});\n{body}\n}};"
    )


def _reachable(entry: str) -> Iterable[tuple[str, str]]:
    """Give the modules that an entry needs, at once or later, and their texts."""
    contents = {**ui_bundle.contents(), "site/components_shell.js": _components().encode()}
    found = [entry]
    for name in found:  # grows meanwhile
        source = contents[name].decode()
        yield name, source
        paths = [
            match["path"] for rule in (_IMPORT, _DEFAULT_IMPORT, _LATE) for match in rule.finditer(source)
        ]
        found += [
            path for path in dict.fromkeys(_resolved(name, path) for path in paths) if path not in found
        ]


def _resolved(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _components() -> str:
    """Write what the app's Python gives each component, its first markup and its style, as a module."""
    markup = {**HTML, "curve": CURVE, "pair": "", "map": ""}
    styles = {**{name: ui_bundle.style(name) for name in HTML}, "curve": ""}
    return f"export const MARKUP = {json.dumps(markup)};\nexport const STYLES = {json.dumps(styles)};\n"
