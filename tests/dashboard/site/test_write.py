"""A site is written whole or not at all, has every file that its pages name, and takes no folder of something else."""

from __future__ import annotations

import base64
import json
import re
import zipfile
import zlib

import numpy as np
import pytest

from cache import LazybonesError, Store
from dashboard.run.data import RunData
from dashboard.server.export_content import Export
from dashboard.site import write
from dashboard.site.files import content_of, named_in
from dashboard.site.write import MARK, pack, write_site
from tests.hostile_names import NAMES
from tests.map_runs import map_run
from tests.planted import Plan, planted_run


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Two runs of the same images, one of hostile names, and one without a classifier's margins."""
    made = Store(tmp_path_factory.mktemp("site") / "cache")
    planted_run(made, "one")
    planted_run(made, "other", extractor="hog")
    planted_run(made, "hostile", plan=Plan(NAMES, n_train=200, n_test=200, seed=3))
    map_run(made, "bare", np.random.default_rng(0).normal(size=(40, 2)), thumbnails=False)
    return made


@pytest.fixture(scope="module")
def site(store, tmp_path_factory):
    """The first two runs as a site."""
    folder = tmp_path_factory.mktemp("out") / "site"
    write_site(store, ["one", "other"], folder)
    return folder


def held(path) -> bytes:
    """Read a file of a site as a browser does."""
    text = path.read_text(encoding="utf-8")
    arguments = text.removeprefix("lazybones.file(").removesuffix(");\n")
    name, _, deflated, content = json.loads(f"[{arguments}]")
    assert path.as_posix().endswith(f"{name}.js")
    packed = base64.b64decode(content)
    return zlib.decompress(packed, wbits=-15) if deflated else packed


def nodes_of(site) -> dict[str, list]:
    """Read what every page is told."""
    return {path.name: json.loads(held(path)) for path in (site / "lazybones" / "pages").iterdir()}


def test_every_file_that_a_page_names_is_there_as_the_server_gives_it(store, site):
    """And no other: a site has nothing that nobody asks for."""
    named = set(named_in(list(nodes_of(site).values())))
    assert len(named) > 10
    kinds = {"points", "columns", "ids", "thumbnails", "grid", "neighbours", "export", "labels"}
    assert {address.split("/")[1] for address in named} >= kinds
    for address in named:
        assert held(site / f"{address}.js") == content_of(store, address)[0]
    folders = {path.name for path in (site / "lazybones").iterdir() if path.is_dir()} - {"pages"}
    there = {
        path.relative_to(site).as_posix()
        for name in folders
        for path in (site / "lazybones" / name).iterdir()
    }
    assert there == {f"{address}.js" for address in named}


def test_neighbours_come_back_as_they_were(store, site):
    """Rows and distances, bit for bit, from bytes that were put apart."""
    data = RunData(store, "one")
    artefact = data.artefact("neighbours")
    indices, distances = artefact.array("indices"), artefact.array("distances")
    content = held(next((site / "lazybones" / "neighbours").glob(f"{artefact.key}.*")))
    n, k, size = np.frombuffer(content, "<u4", 3)
    rows, steps = content[12 : 12 + n * k * size], content[12 + n * k * size :]

    def together(bytes_: bytes, kind: str) -> np.ndarray:
        apart = np.frombuffer(bytes_, np.uint8).reshape(np.dtype(kind).itemsize, -1)
        return np.ascontiguousarray(apart.T).view(kind).reshape(k, n)

    np.testing.assert_array_equal(together(rows, f"<u{size}").T, indices)
    patterns = np.cumsum(together(steps, "<u4"), axis=0, dtype=np.uint32)
    np.testing.assert_array_equal(patterns.view(np.float32).T, distances)


def test_the_table_is_that_of_the_app(store, site):
    """All images of the run's own C."""
    data = RunData(store, "one")
    said = data.own_predictions
    export = Export(data.artefact("dataset"), data.artefact("projection"), said.artefact, said.row)
    (path,) = (site / "lazybones" / "export").glob(f"{said.artefact.key}.*")
    assert held(path) == b"".join(export.table(range(export.n)))


def test_no_page_can_ask_another_host(site):
    """Its policy forbids it, and nothing that a browser fetches by itself names one."""
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "default-src &#x27;none&#x27;" in text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "@import" not in (site / "site" / "site.css").read_text()
    assert not re.search(r"url\(['\"]?https?:", (site / "site" / "site.css").read_text())


def test_names_are_text_and_nothing_more(store, tmp_path):
    """In HTML they are escaped; a script that holds one ends where it should."""
    write_site(store, ["hostile"], tmp_path / "site")
    for nodes in nodes_of(tmp_path / "site").values():
        said = "".join(all_html(nodes))
        assert "<img" not in said
        assert "<b>bold" not in said
        assert "http://b.c" not in re.sub(r"\[a\]\(http://b\.c\)", "", said)
    for script in (tmp_path / "site").rglob("*.js"):
        assert "</script" not in script.read_text(encoding="utf-8").lower()


def all_html(nodes) -> list[str]:
    """Find what is put into a page as HTML."""
    if isinstance(nodes, list):
        return [text for node in nodes for text in all_html(node)]
    found = [nodes["html"]] if nodes["is"] == "html" else []
    found += [*nodes["texts"].values(), nodes["otherwise"]] if nodes["is"] == "words" else []
    return found + [text for side in nodes.get("of", ()) for text in all_html(side)]


def test_a_run_with_little_in_it_has_fewer_pages(store, tmp_path):
    """No page of what is not there, and no link to it."""
    write_site(store, ["bare"], tmp_path / "site")
    there = {page.name for page in (tmp_path / "site").glob("*.html")}
    assert "map.html" in there
    assert "compare.html" not in there
    links = {link for nodes in nodes_of(tmp_path / "site").values() for text in all_html(nodes)
             for link in re.findall(r'href="([a-z]+\.html)', text)}  # fmt: skip
    assert links <= there


def test_a_folder_of_something_else_is_left_alone(store, tmp_path):
    """A site takes the place of a site, or of nothing."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "thesis.txt").write_text("years of work")
    with pytest.raises(LazybonesError, match="--out must be a new or empty folder"):
        write_site(store, ["one"], own)
    assert (own / "thesis.txt").read_text() == "years of work"
    write_site(store, ["one"], tmp_path / "site")
    write_site(store, ["other"], tmp_path / "site")
    assert '"other"' in held(tmp_path / "site" / MARK).decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "site"]


def test_what_people_put_into_a_site_stays(store, tmp_path):
    """A README for the host, a CNAME, the folder's own .git: only what a site has is replaced."""
    site = tmp_path / "site"
    write_site(store, ["one"], site)
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("[core]")
    (site / "README.md").write_text("sdk: static")
    (site / "lazybones" / "old.js").write_text("of the site before")
    write_site(store, ["other"], site)
    assert (site / ".git" / "config").read_text() == "[core]"
    assert (site / "README.md").read_text() == "sdk: static"
    assert not (site / "lazybones" / "old.js").exists()


def test_what_ends_halfway_leaves_the_site_that_was_there(store, tmp_path, monkeypatch):
    """A full disk, or a damaged file of the store."""
    write_site(store, ["one"], tmp_path / "site")
    before = held(tmp_path / "site" / MARK)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "content_of", full)
    with pytest.raises(OSError, match="No space left"):
        write_site(store, ["other"], tmp_path / "site")
    assert held(tmp_path / "site" / MARK) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("names", [[], ["one", "one"], ["missing"]])
def test_runs_must_be_there_and_different(store, names, tmp_path):
    """A sentence says so before anything is written."""
    with pytest.raises(LazybonesError, match="must"):
        write_site(store, names, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_zip_has_the_site_at_its_root(site, tmp_path):
    """As Netlify and Cloudflare Pages take it."""
    pack(site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        names = set(packed.namelist())
    assert names == {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert "index.html" in names
