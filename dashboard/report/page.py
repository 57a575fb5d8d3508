"""A report as one HTML file: pictures inside, no script, and two sheets of A4 when it is printed."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from dashboard.report.model import (
    Block,
    Cell,
    Face,
    Label,
    Made,
    Matrix,
    Montage,
    Picture,
    Report,
    Scale,
    Words,
)
from dashboard.wording.escaping import html as safe
from dashboard.wording.html import generator

MARK = '<meta name="application-name" content="Lazybones report">'
"""What tells a report from other HTML files."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Pictures that lie in the file, its own style, and nothing else: no script, and no request."""
LEVEL = 10
"""Classes whose names have room above their columns; others are turned."""
STYLE = Path(__file__).with_name("report.css")


def page(report: Report) -> tuple[bytes, str]:
    """Write a report as HTML; its letters are the browser's business.

    Returns
    -------
    content : bytes
        The file.
    letters : str
        Those that cannot be shown: none.
    """
    title = f"{report.title} · {report.run}"
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{safe(POLICY)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{safe(generator())}">
{MARK}
<meta name="author" content="Lazybones">
<title>{safe(title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
{_first(report)}
{_second(report)}
</main>
</body>
</html>
"""
    return text.encode("utf-8", "replace"), ""


def _first(report: Report) -> str:
    lead = f'<p class="lead">{_words(report.lead)}</p>'
    warning = f'<p class="warning">{_words(report.warning)}</p>' if report.warning else ""
    made_of = f'<p class="small">{_words(report.made_of)}</p>' if report.made_of else ""
    scale = "" if report.scale is None else _scale(report.scale)
    blocks = "".join(_block(block) for block in report.blocks)
    title = f'<p class="over">{_over(report)}</p><h1>{safe(report.title)}</h1>'
    head = f"<header>{title}{lead}{scale}{made_of}{warning}</header>"
    foot = _foot(report, 1)
    three = " three" if report.columns == 3 else ""
    heading = "" if report.scale is None else "<h2>What was found</h2>"
    matrix = "" if report.matrix is None else _matrix(report.matrix)
    return f'<section class="sheet">{head}{heading}<div class="blocks{three}">{blocks}</div>{matrix}{foot}</section>'


def _second(report: Report) -> str:
    montage = "" if report.montage is None else _montage(report.montage)
    suspects = ""
    if report.suspects is not None:
        said = f'<p class="small">{_words(report.suspects.words)}</p>' if report.suspects.words else ""
        faces = f'<div class="faces many">{_faces(report.suspects.faces)}</div>'
        suspects = f"<h2>Labels that look wrong</h2>{said}{faces}"
    return f'<section class="sheet">{montage}{suspects}{_made(report.made)}{_foot(report, 2)}</section>'


def _over(report: Report) -> str:
    return f"Run <b>{safe(report.run)}</b> · {safe(report.date)}"


def _foot(report: Report, number: int) -> str:
    return f"<footer><span>{_over(report)}</span><span>Lazybones · {number} of 2</span></footer>"


def _words(words: Words) -> str:
    return "".join(f"<b>{safe(text)}</b>" if bold else safe(text) for text, bold in words)


def _label(label: Label) -> str:
    text, colour = label
    chip = f'<i style="background:{safe(colour)}"></i>' if colour else ""
    return f"{chip}{safe(text)}"


def _image(picture: Picture | None) -> str:
    if picture is None:
        return ""
    crisp = ' class="crisp"' if picture.crisp else ""
    content = base64.b64encode(picture.content).decode()
    return f'<img{crisp} alt="{safe(picture.alt)}" src="data:image/{picture.ending};base64,{content}">'


def _faces(faces: Iterable[Face]) -> str:
    return "".join(
        f"<figure>{_image(face.picture)}<figcaption>"
        + "".join(f"<span>{' '.join(map(_label, line))}</span>" for line in face.lines)
        + "</figcaption></figure>"
        for face in faces
    )


def _block(block: Block) -> str:
    said = f"<p>{_words(block.words)}</p>" if block.words else ""
    faces = f'<div class="faces">{_faces(block.faces)}</div>' if block.faces else ""
    return f"<article>{said}{faces}</article>"


def _scale(scale: Scale) -> str:
    """Draw a line from 0 to 1: the accuracy as a bar, its interval, and a mark for each share it is compared with."""
    span = f"left:{scale.low:.2%};width:{scale.high - scale.low:.2%}"
    inside = " inside" if scale.is_inside else ""
    place = scale.low if inside else scale.high
    marks = "".join(
        f'<span class="mark{" far" if mark.is_far else ""}" style="left:{mark.share:.2%};--row:{mark.row}">'
        f"<em>{safe(mark.name)} {safe(mark.written)}</em></span>"
        for mark in scale.marks
    )
    return (
        f'<div class="scale" role="img" aria-label="{safe(scale.alt)}" style="--rows:{scale.rows}">'
        f'<span class="bar" style="width:{scale.value:.2%}"></span><span class="span" style="{span}"></span>'
        f'<span class="value{inside}" style="left:{place:.2%}">{safe(scale.written)}</span>{marks}</div>'
    )


def _matrix(matrix: Matrix) -> str:
    head = f'<h2>What is taken for what</h2><p class="small">{safe(matrix.lead)}</p>'
    if not matrix.cells:
        return f'{head}<div class="faces largest">{_faces(matrix.largest)}</div>'
    names = "".join(f'<th scope="col"><span>{_label(name)}</span></th>' for name in matrix.names)
    rows = "".join(
        f'<tr><th scope="row"><span>{_label(name)}</span></th>{"".join(map(_cell, cells))}</tr>'
        for name, cells in zip(matrix.names, matrix.cells, strict=True)
    )
    k = len(matrix.names)
    few = " few" if k <= LEVEL else ""
    return (
        f'{head}<div class="matrix{few}" style="--k:{k}" {_scrolled("What is taken for what")}>'
        f"<table><thead><tr><td></td>{names}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _scrolled(name: str) -> str:
    """Let keys scroll what is wider than a phone."""
    return f'tabindex="0" role="region" aria-label="{name}"'


def _cell(cell: Cell) -> str:
    kind = "right" if cell.right else "wrong"
    tint = f' class="{kind}" style="--shade:{100 * cell.shade:.0f}%"' if cell.count else ""
    return f"<td{tint}>{_image(cell.picture)}<span>{safe(cell.count)}</span></td>"


def _montage(montage: Montage) -> str:
    legend = "".join(f"<span>{_label(label)}</span>" for label in montage.classes)
    return (
        f'<h2>The map</h2><div class="montage" style="--aspect:{montage.aspect:.3f}">{_image(montage.picture)}'
        f'<div><p class="small">{safe(montage.lead)}</p><p class="legend">{legend}</p></div></div>'
    )


def _made(made: Made) -> str:
    rows = "".join(
        f'<tr><th scope="row">{safe(stage)}</th>{"".join(f"<td>{safe(text)}</td>" for text in rest)}</tr>'
        for stage, *rest in made.stages
    )
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Stage", "How", "Computed", "Key"))
    command = f"<p><code>{safe(made.command)}</code></p>" if made.command else ""
    return (
        f'<h2>How it was measured</h2><div class="made" {_scrolled("How it was measured")}>'
        f"<p>{_words(made.sentences)}</p>{command}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>Packages: {safe(made.packages)}.</p></div>"
    )
