"""The documents of a site: one a page, all alike, and what they forbid a browser."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from dashboard.site.nodes import file_of
from dashboard.wording.escaping import html
from dashboard.wording.html import generator

FOLDER = Path(__file__).parents[1]
SHEETS = ("styles/page.css", "styles/terms.css", "styles/provenance.css", "site/site.css")
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the maps' own marks have colours of their own
        "img-src 'self' blob: data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""A page runs its own scripts and shows its own images; it asks nobody for anything."""

_COLOURS = (
    "backgroundColor",
    "secondaryBackgroundColor",
    "textColor",
    "primaryColor",
    "linkColor",
    "borderColor",
)


def document(page: str, title: str, first: Iterable[str]) -> str:
    """Write the document of a page.

    Parameters
    ----------
    page : str
        Its path in the app.
    title : str
        What the browser's tab says.
    first : iterable of str
        Scripts that it needs in any case, besides its own: they are fetched at once.
    """
    scripts = "\n".join(f'<script defer src="{html(path)}"></script>' for path in ("site/site.js", *first))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html(POLICY)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{html(generator())}">
<title>{html(title)}</title>
<link rel="icon" href="site/icon.svg">
<link rel="stylesheet" href="site/site.css">
{scripts}
</head>
<body data-page="{html(page)}" data-file="{html(file_of(page))}">
<header class="bar"></header>
<main>
<p class="lb-wait">Loading…</p>
<noscript><p>This page draws with JavaScript, which is switched off.</p></noscript>
</main>
</body>
</html>
"""


def style() -> str:
    """Join the style sheets of the pages, after the app's colours of both themes."""
    config = tomllib.loads((FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    light, dark = (
        "".join(f"--st-{_kebab(name)}: {config[theme][name]}; " for name in _COLOURS)
        for theme in ("light", "dark")
    )  # as plain colours: canvases read them
    own = f":root {{ color-scheme: light dark; --st-font: {FONT}; {light}}}\n"
    own += f"@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n"
    return own + "".join((FOLDER / sheet).read_text(encoding="utf-8") for sheet in SHEETS)


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
