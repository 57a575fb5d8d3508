"""A report says what Overview says, on two pages, in either format, of any run."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from cache import LazybonesError, Store
from dashboard.findings.choose import findings_of, headline_of
from dashboard.report import paper
from dashboard.report.confusions import LARGEST
from dashboard.report.content import report_of
from dashboard.report.model import Mark, Scale
from dashboard.report.text import words_of
from dashboard.report.write import write_report
from dashboard.run.data import RunData, image_ids
from pipeline.compute.progress import silent
from tests.hostile_names import NAMES
from tests.making_runs import unfinished_run
from tests.many_classes import many_classes
from tests.map_runs import map_run
from tests.planted import Plan, planted_run

RUNS = ("ten", "two", "hostile", "unjudged", "unmapped", "sixty", "thousand", "bare", "one")
LARGEST_FILE = 2_000_000


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Runs of many kinds."""
    made, rng = Store(tmp_path_factory.mktemp("report") / "cache"), np.random.default_rng(0)
    plan = Plan([f"kind {i}" for i in range(10)], n_train=200, n_test=200, noise=2, seed=3)
    planted_run(made, "ten", plan=plan)
    planted_run(made, "ten-hog", plan=plan, extractor="hog")
    planted_run(made, "two", plan=Plan(("猫", "собака"), noise=3, seed=1), stand_in=True)
    planted_run(made, "hostile", plan=Plan(NAMES, n_train=200, n_test=200, noise=3, seed=3))
    planted_run(made, "unjudged", labelled=False)
    without = ("projection", "faithfulness", "classifier", "colours", "validation")
    planted_run(made, "unmapped", without=without)
    many_classes(made, "sixty", 60)
    many_classes(made, "thousand", 1000, each=2)
    map_run(made, "bare", rng.normal(size=(40, 2)), thumbnails=False)
    map_run(made, "one", rng.normal(size=(1, 2)))
    return made


@pytest.fixture(scope="module")
def written(store, tmp_path_factory) -> Callable[[str, str], Path]:
    """Write a report, once."""
    folder, made = tmp_path_factory.mktemp("written"), {}

    def write(name: str, ending: str) -> Path:
        path = folder / f"{name}{ending}"
        if path not in made:
            made[path] = write_report(store, name, path, silent)
            assert made[path].size == path.stat().st_size
        return path

    return write


def pages_of(path: Path) -> list[str]:
    """Read the text of a PDF file's pages, with single spaces."""
    with pypdfium2.PdfDocument(path) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def text_of(path: Path) -> str:
    """Read the text of a HTML file, with single spaces."""
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(body).split())


def squeezed(text: str) -> str:
    """Leave out what lines and pages add: spaces, and marks of direction."""
    return re.sub(r"[\s\u2066-\u2069\ufffe\u00ad]", "", text)


@pytest.mark.parametrize("name", RUNS)
def test_any_run_is_two_pages_of_a_modest_size(written, name):
    """Of two classes or a thousand; without a classifier, a map, thumbnails; one image."""
    assert len(pages_of(written(name, ".pdf"))) == 2
    assert written(name, ".html").read_text(encoding="utf-8").count('<section class="sheet">') == 2
    assert max(written(name, ending).stat().st_size for ending in (".pdf", ".html")) < LARGEST_FILE


def test_the_sentences_are_those_of_overview(store, written):
    """Headline and findings, word by word, in both formats."""
    data = RunData(store, "ten")
    said = data.own_predictions
    told = headline_of(data, said)
    sentences = [told.sentences, *(one.sentence for one in findings_of(data, said))]
    plain = [told.title, *("".join(text for text, _ in words_of(one)) for one in sentences)]
    assert len(plain) > 4
    pdf, page = (
        squeezed(" ".join(pages_of(written("ten", ".pdf")))),
        squeezed(text_of(written("ten", ".html"))),
    )
    for sentence in plain:
        assert squeezed(sentence) in pdf
        assert squeezed(sentence) in page


def test_the_rival_and_guessing_are_marked(store, written):
    """With the numbers that the sentences compare with."""
    scale = report_of(store, "ten", silent).scale
    rival = RunData(store, "ten-hog").own_predictions.accuracy
    assert [(mark.name, round(mark.share, 6)) for mark in scale.marks] == [
        ("guessing", 0.1),
        ("hog.bin", round(rival, 6)),
    ]
    assert scale.low < scale.value < scale.high


def test_the_number_on_the_line_is_where_nothing_runs_through_it():
    """In its own bar, or behind the interval where that is short or a mark is there."""

    def inside(low, *shares):
        marks = tuple(Mark("", "", share, 1) for share in shares)
        return Scale(low, low, low, "", "", marks).is_inside

    assert inside(0.5, 0.1, 0.3)
    assert not inside(0.5, 0.1, 0.45)
    assert not inside(0.1)


def test_the_face_of_a_cell_is_its_worst_error(store):
    """The one with the lowest margin; its picture lies in the cell with the count."""
    from dashboard.report.confusions import SIDE
    from dashboard.report.pictures import packed, thumbnails

    data = RunData(store, "ten")
    said, matrix = data.own_predictions, report_of(store, "ten", silent).matrix
    cells = 0
    for i, row in enumerate(matrix.cells):
        for j, cell in enumerate(row):
            rows = np.flatnonzero((said.test_labels == i) & (said.predicted == j))
            assert cell.count == (str(len(rows)) if len(rows) else "")
            assert (cell.picture is not None) == (i != j and len(rows) > 0)
            if cell.picture is not None:
                worst = int(rows[np.argmin(said.margin[rows])])
                assert cell.picture.content == packed(thumbnails(data, [worst])[0], "", SIDE).content
                cells += 1
    assert cells > 10


def test_too_many_classes_are_their_largest_confusions(store, written):
    """And it says so."""
    matrix = report_of(store, "sixty", silent).matrix
    assert not matrix.cells
    assert len(matrix.largest) == LARGEST
    assert "60 classes, more than a matrix on paper has room for" in text_of(written("sixty", ".html"))


def test_how_it_was_measured_has_no_path_of_the_store(store, written):
    """Command, C, seed, packages, date and keys; and nowhere the store."""
    run = store.run("ten")
    for said in (squeezed(pages_of(written("ten", ".pdf"))[1]), squeezed(text_of(written("ten", ".html")))):
        for wanted in (
            run.command,
            "C = 0.1",
            "seed 3",
            "numpy",
            "2026-01-02",
            run.stages["classifier"][:12],
        ):
            assert squeezed(wanted) in said
    for ending in (".pdf", ".html"):
        assert str(store.root).encode() not in written("ten", ending).read_bytes()


def test_a_stand_in_and_what_is_missing_are_told(written):
    """A stand-in is named so; without a classifier it says why."""
    for ending, read in ((".pdf", lambda path: " ".join(pages_of(path))), (".html", text_of)):
        assert "Stand-in model." in read(written("two", ending))
        said = read(written("unjudged", ending))
        assert "The images must have two classes or more." in said
        assert "What is taken for what" not in said


def test_html_is_one_file_that_asks_nobody(written):
    """A strict policy, no script, no address of anything elsewhere; names are text."""
    for name in ("ten", "hostile"):
        text = written(name, ".html").read_text(encoding="utf-8")
        assert "default-src &#x27;none&#x27;" in text
        assert "<script" not in text.lower()
        assert re.findall(r'\b(?:src|href)="(?!data:image/(?:png|jpeg);base64,)', text) == []
        assert not re.search(r"url\(|@import", text)
        assert all(f' alt="{alt}"' in text and alt for alt in re.findall(r'<img[^>]* alt="([^"]*)"', text))
        assert "<img src=x" not in text
        assert "<b>bold</b>" not in text


def test_pdf_has_its_fonts_tags_and_titles(written):
    """It follows PDF/UA: tags, alternative texts, a language; who wrote it, and what it is about."""
    path = written("ten", ".pdf")
    content = path.read_bytes()
    with pypdfium2.PdfDocument(path) as document:
        told = document.get_metadata_dict()
        assert all(round(side) in (595, 842) for page in document for side in page.get_size())
    assert told["Author"] == "Lazybones"
    assert re.fullmatch(r"\d+ of 200 test images are right · ten", told["Title"])
    for wanted in (b"pdfuaid:part", b"/StructTreeRoot", b"/Lang", b"NotoSans", b"/FontFile"):
        assert wanted in content


def test_letters_of_names_are_there_or_told(store, written, tmp_path):
    """Cyrillic and Arabic are set as they are; what no font has stands there as its code, and a note says so."""
    assert "собака" in " ".join(pages_of(written("two", ".pdf")))
    letters = "".join(pages_of(written("hostile", ".pdf")))
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", letters)
    made = write_report(store, "two", tmp_path / "two.pdf", silent)
    assert made.letters in ("", "猫")  # some systems have fonts for it
    assert ("[U+732B]" in " ".join(pages_of(tmp_path / "two.pdf"))) == bool(made.letters)
    assert ("stand here as their codes" in pages_of(tmp_path / "two.pdf")[1]) == bool(made.letters)
    assert ("No font of this machine" in made.note) == bool(made.letters)
    assert write_report(store, "two", tmp_path / "two.html", silent).note == ""


def test_letters_that_no_font_has_are_found():
    """A letter of a private area is in no font; those around it are, if only in fonts that nobody asked for."""
    assert paper._missing("aжم\u2708\U0010fffd", paper._fonts()) == "\U0010fffd"


def test_what_cannot_be_set_all_the_same_is_said(store, monkeypatch):
    """With what helps; no traceback."""
    monkeypatch.setattr(paper, "_missing", lambda *_: "")
    report = replace(report_of(store, "ten", silent), title="\U0010fffd")
    with pytest.raises(LazybonesError, match="texts of a report must be such as fonts can show") as told:
        paper.paper(report)
    assert ".html" in str(told.value.remedy)


def test_the_same_run_gives_the_same_file(store, written, tmp_path):
    """To the byte: a digest tells whether two are one."""
    for ending in (".pdf", ".html"):
        write_report(store, "ten", tmp_path / f"again{ending}", silent)
        assert (tmp_path / f"again{ending}").read_bytes() == written("ten", ending).read_bytes()


def test_a_report_takes_the_place_of_a_report_alone(store, written, tmp_path):
    """Never of anything else."""
    for ending, other in ((".pdf", ".html"), (".html", ".pdf")):
        out = tmp_path / f"report{ending}"
        out.write_text("years of work")
        with pytest.raises(LazybonesError, match="--out must be a new file, or one that holds a report"):
            write_report(store, "ten", out, silent)
        assert out.read_text() == "years of work"
        shutil.copy(written("two", other), out)
        write_report(store, "ten", out, silent)
        assert out.read_bytes() == written("ten", ending).read_bytes()


def test_a_damaged_file_and_an_unfinished_run_are_refused(tmp_path):
    """With our sentence; nothing is written."""
    store = Store(tmp_path / "cache")
    run = planted_run(store, "hurt")
    images = store.root / "artefacts" / "dataset" / run.stages["dataset"] / "test_images.npy"
    images.chmod(0o644)
    images.write_bytes(images.read_bytes()[:-100])
    unfinished_run(store, ("dataset",), "halfway")
    store.save_run(replace(planted_run(store, "undated"), created="yesterday"))
    for name in ("hurt", "halfway", "missing", "undated"):
        with pytest.raises(LazybonesError, match="must"):
            write_report(store, name, tmp_path / "report.pdf", silent)
    assert not (tmp_path / "report.pdf").exists()


def test_vectors_without_pictures_are_points(store, monkeypatch):
    """No faces but names, and a map of points in the colours of their classes; it says so."""
    for module in ("pictures", "montage", "confusions", "content"):
        monkeypatch.setattr(f"dashboard.report.{module}.has_pictures", lambda _: False)
    report = report_of(store, "ten", silent)
    assert "a point each: the run has vectors and no pictures. Points have the colour" in report.montage.lead
    assert all(face.picture is None for block in report.blocks for face in block.faces)
    assert all(cell.picture is None for row in report.matrix.cells for cell in row)
    assert report.matrix.lead.endswith("the diagonal is right. ")
    ids = set(image_ids(RunData(store, "ten"), "test", range(200)))
    assert {face.lines[0][0][0] for block in report.blocks for face in block.faces} <= {
        one.rpartition("/")[2] for one in ids
    }
    content, _ = paper.paper(report)
    assert len(pypdfium2.PdfDocument(io.BytesIO(content))) == 2
