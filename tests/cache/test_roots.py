"""Where the store is: the variable, the project's folder, the demo, a scratch folder."""

from __future__ import annotations

import os
import stat
import tempfile

import pytest

from cache import ArtefactCorrupt, ArtefactMissing, StoreError, open_store, remedies, roots
from cache.bundle import pack
from tests.cache.making import a_run, assert_helps, make
from tests.cache.processes import start


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The system's temporary folder and the project's own store, for this test alone."""
    monkeypatch.delenv(roots.VARIABLE, raising=False)
    monkeypatch.setattr(roots, "HOME", tmp_path / "data")
    monkeypatch.setattr(roots, "DEMO", tmp_path / "data" / "demo.zip")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


@pytest.fixture
def read_only(monkeypatch):
    """Nothing can be written but what is temporary."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)


@pytest.fixture
def bundle(store, tmp_path):
    """A zip of one run."""
    store.save_run(a_run(make(store)))
    pack(store, ["first"], tmp_path / "bundle.zip")
    return tmp_path / "bundle.zip"


@pytest.fixture
def demo(bundle, tmp_path):
    """The project's own bundle."""
    (tmp_path / "data").mkdir()
    return bundle.rename(tmp_path / "data" / "demo.zip")


def test_without_a_variable_the_projects_own_store_is_used(tmp_path):
    """Nothing else, where nobody committed a demo."""
    assert open_store().roots == (tmp_path / "data",)
    assert not open_store().scratch


def test_behind_the_projects_own_store_is_its_demo(demo, tmp_path, temporary):
    """Unpacked, and never written to."""
    store = open_store()
    assert store.root == tmp_path / "data"
    assert store.run_names() == ["first"]
    assert store.fallbacks[0].is_relative_to(temporary)


def test_a_damaged_copy_of_the_demo_is_unpacked_anew(demo):
    """As the command `demo` does."""
    inside = roots.unpacked(demo) / "runs" / "first.json"
    content = inside.read_bytes()
    inside.write_bytes(bytes(len(content)))
    roots.unpacked(demo, anew=True)
    assert inside.read_bytes() == content


def test_a_damaged_demo_is_restored_from_the_repository(demo, monkeypatch):
    """Nobody here can make it without its pictures, which are in it."""
    monkeypatch.setattr(remedies, "DEMO", demo)
    demo.write_bytes(b"PK")
    with pytest.raises(ArtefactCorrupt) as caught:
        open_store()
    assert caught.value.remedy == remedies.RESTORE


def test_a_fresh_clone_writes_to_its_own_store(tmp_path):
    """The folder need not be there yet."""
    assert make(open_store()).folder.is_relative_to(tmp_path / "data" / "artefacts")
    assert not open_store().scratch


def test_an_empty_variable_counts_as_none(tmp_path, monkeypatch):
    """As shells and hosting panels leave it."""
    monkeypatch.setenv(roots.VARIABLE, "")
    assert open_store().root == tmp_path / "data"


def test_the_variable_names_a_folder(store, monkeypatch):
    """Without the demo: whoever names a store wants that one."""
    store.root.mkdir()
    monkeypatch.setenv(roots.VARIABLE, str(store.root))
    assert open_store().roots == (store.root,)


def test_the_variable_names_a_bundle(bundle, monkeypatch, temporary):
    """It is unpacked below the temporary folder, which only its owner can enter."""
    monkeypatch.setenv(roots.VARIABLE, str(bundle))
    store = open_store()
    assert store.run_names() == ["first"]
    assert store.scratch
    assert all(root.is_relative_to(temporary) for root in store.roots)
    assert stat.S_IMODE((temporary / f"lazybones-{os.getuid()}").stat().st_mode) == 0o700


def test_an_argument_goes_before_the_variable(store, tmp_path, monkeypatch):
    """As `--cache` does on the command line."""
    monkeypatch.setenv(roots.VARIABLE, str(tmp_path / "nowhere"))
    store.root.mkdir()
    assert open_store(store.root).root == store.root


def test_a_home_folder_may_be_written_as_a_tilde(store, monkeypatch):
    """A Procfile or a panel does not expand it."""
    store.root.mkdir()
    monkeypatch.setenv("HOME", str(store.root.parent))
    monkeypatch.setenv(roots.VARIABLE, f"~/{store.root.name}")
    assert open_store().root == store.root


def test_a_folder_named_like_a_zip_is_a_folder(tmp_path):
    """What it is counts, not what it is called."""
    (tmp_path / "store.zip").mkdir()
    assert open_store(tmp_path / "store.zip").root == tmp_path / "store.zip"


@pytest.mark.parametrize("name", ["nowhere", "nowhere.zip", "file.txt"])
def test_a_place_that_is_neither_folder_nor_zip_is_missing(tmp_path, name):
    """The message names it and where to look."""
    (tmp_path / "file.txt").touch()
    with pytest.raises(ArtefactMissing) as caught:
        open_store(tmp_path / name)
    assert_helps(caught.value, tmp_path / name)
    assert caught.value.remedy.startswith(f"ls -l {tmp_path}")
    assert roots.VARIABLE not in str(caught.value)


def test_a_variable_that_leads_nowhere_is_named(tmp_path, monkeypatch):
    """With how to do without it."""
    monkeypatch.setenv(roots.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(ArtefactMissing, match=f"^{roots.VARIABLE} must be") as caught:
        open_store()
    assert "or not set, for the demo" in caught.value.message


def test_a_file_that_is_no_zip_is_corrupt(tmp_path):
    """Whatever its name says."""
    (tmp_path / "file.zip").write_text("hello")
    with pytest.raises(ArtefactCorrupt) as caught:
        open_store(tmp_path / "file.zip")
    assert_helps(caught.value, tmp_path / "file.zip")


def test_a_store_to_fill_is_made(tmp_path):
    """The pipeline writes where it was told, never to a scratch folder."""
    store = open_store(tmp_path / "new" / "store", create=True)
    assert make(store).folder.is_relative_to(tmp_path / "new" / "store")
    assert not store.scratch


def test_a_bundle_is_not_filled(bundle):
    """Results of a long run would be lost in a temporary folder."""
    with pytest.raises(StoreError) as caught:
        open_store(bundle, create=True)
    assert_helps(caught.value, bundle)


def test_a_store_to_fill_that_cannot_be_made_says_so(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        make(open_store(tmp_path / "file" / "store", create=True))
    assert_helps(caught.value, tmp_path / "file" / "store")


@pytest.mark.usefixtures("read_only")
def test_a_read_only_store_gets_a_scratch_folder(store, temporary):
    """One for each store, the same each time, and the store itself is read behind it."""
    artefact = make(store)
    opened, again = open_store(store.root), open_store(store.root)
    assert opened.scratch
    assert opened.root == again.root
    assert opened.root.is_relative_to(temporary)
    assert opened.has("projection", artefact.key)
    assert make(opened, version=2).folder.is_relative_to(temporary)
    assert open_store(temporary).root != opened.root


@pytest.mark.usefixtures("read_only")
def test_a_read_only_project_shows_its_demo(demo):
    """As on a host that deploys from a repository."""
    assert len(open_store().artefacts()) == 1
    assert open_store().scratch


def _occupy_with_link(mine, elsewhere):
    mine.symlink_to(elsewhere)


def _occupy_with_file(mine, elsewhere):
    mine.touch()


def _occupy_with_open_folder(mine, elsewhere):
    mine.mkdir()
    mine.chmod(0o777)


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize("occupy", [_occupy_with_link, _occupy_with_file, _occupy_with_open_folder])
def test_a_scratch_folder_somebody_else_prepared_is_refused(store, temporary, tmp_path, occupy):
    """The temporary folder is everybody's: a link could lead anywhere, an open folder be filled by others."""
    store.root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    mine = temporary / f"lazybones-{os.getuid()}"
    occupy(mine, tmp_path / "elsewhere")
    with pytest.raises(StoreError) as caught:
        open_store(store.root)
    assert_helps(caught.value, mine)
    assert "TMPDIR" in caught.value.remedy
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.usefixtures("read_only")
def test_a_scratch_folder_of_another_user_is_refused(store, temporary, monkeypatch):
    """Its owner could swap what is in it."""
    store.root.mkdir()
    stranger = os.getuid() + 1
    mine = temporary / f"lazybones-{stranger}"
    mine.mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    with pytest.raises(StoreError) as caught:
        open_store(store.root)
    assert_helps(caught.value, mine)


def test_two_processes_open_one_bundle_at_once(bundle):
    """Both see the run."""
    children = [start(lambda: open_store(bundle).run_names()) for _ in range(4)]
    assert [child.result() for child in children] == [["first"]] * 4
