"""A report as PDF, set by Typst: text that can be searched, fonts inside, tags and alternative texts (PDF/UA)."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cache import LazybonesError
from dashboard.report.model import Picture, Report

if TYPE_CHECKING:
    import typst

MARK = "Lazybones report"
"""A keyword of the file, which tells a report from other PDF files."""
TEMPLATE = Path(__file__).with_name("report.typ")
PROBE = b"""#set document(title: "letters")
#set text(font: json(bytes(sys.inputs.fonts)))
#for letter in json(bytes(sys.inputs.letters)) [#letter #parbreak()]"""
FONTS = ("Noto Sans", "Noto Sans Arabic")
"""Fonts that are installed along; of letters that they lack, those of the system."""
FIXED = "DejaVu Sans Mono"
"""Comes with Typst."""


def paper(report: Report) -> tuple[bytes, str]:
    """Write a report as PDF.

    Letters that no font here has are written as their codes: a page with empty boxes would say less.

    Returns
    -------
    content : bytes
        The file.
    letters : str
        Those that no font here has.
    """
    import typst  # 84 MB, for who wants paper

    with tempfile.TemporaryDirectory(prefix="lazybones-report-") as folder:
        root, fonts, alts = Path(folder), _fonts(), list[str]()
        described = _told(report, root, alts)
        told = json.dumps(described, ensure_ascii=False)
        (root / "alts.json").write_text(json.dumps(alts), "utf-8")
        missing = _missing("".join(sorted({letter for letter in told if letter > "~"})), fonts)
        codes = {ord(letter): f"[U+{ord(letter):04X}]" for letter in missing}
        told = json.dumps(described | {"is_coded": bool(codes)}, ensure_ascii=False)
        (root / "report.json").write_text(told.translate(codes), "utf-8")
        compiler = typst.Compiler(TEMPLATE.read_bytes(), root=root, font_paths=fonts)
        try:
            made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=report.created)
        except typst.TypstError as error:
            raise LazybonesError(
                f"The texts of a report must be such as fonts can show. Got {error.message}.",
                remedy="a report as HTML, whose letters are the browser's business: a name that ends in .html",
            ) from error
        return cast(bytes, made), missing


def _missing(letters: str, fonts: typst.Fonts) -> str:
    """Find the letters that no font has: what cannot be shown may not stand in a file after PDF/UA."""
    if not letters or _can_be_set(letters, fonts):
        return ""
    half = len(letters) // 2
    return letters if not half else _missing(letters[:half], fonts) + _missing(letters[half:], fonts)


def _can_be_set(letters: str, fonts: typst.Fonts) -> bool:
    import typst

    told = {"letters": json.dumps([*letters]), "fonts": json.dumps(FONTS)}
    try:
        typst.Compiler(PROBE, font_paths=fonts, sys_inputs=told).compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True


def _fonts() -> typst.Fonts:
    import typst

    folders = [str(files(f"fontpkg_{name}") / "files") for name in ("noto_sans", "noto_sans_arabic")]
    return typst.Fonts(include_system_fonts=True, font_paths=folders)


def _told(report: Report, root: Path, alts: list[str]) -> dict[str, Any]:
    """Write the pictures as files, list what they show, and give all else as the template reads it."""

    def told(value: Any) -> Any:
        if isinstance(value, Picture):
            path = f"{len(alts)}.{value.ending}"
            (root / path).write_bytes(value.content)
            alts.append(value.alt)
            return {"file": f"/{path}", "alt": len(alts) - 1, "crisp": value.crisp}
        if isinstance(value, tuple):
            return [told(part) for part in value]
        return (
            {field.name: told(getattr(value, field.name)) for field in fields(value)}
            if is_dataclass(value)
            else value
        )

    more: dict[str, Any] = {
        "created": None,
        "date": report.date,
        "columns": report.columns,
        "fonts": FONTS,
        "fixed": FIXED,
    }
    scale = report.scale
    if scale is not None:
        marks = [told(mark) | {"far": mark.is_far} for mark in scale.marks]
        more["scale"] = told(scale) | {"rows": scale.rows, "inside": scale.is_inside, "marks": marks}
    described: dict[str, Any] = told(report) | more
    return described
