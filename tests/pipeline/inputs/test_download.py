import pytest

from cache import StoreError
from cache.locks import locked
from pipeline.errors import Cancelled, DownloadError
from pipeline.inputs.download import ATTEMPTS, Remote, choose_action, downloads_folder, fetch
from pipeline.inputs.files import bytes_digest
from tests.pipeline.inputs.server import Site, serving

SIZE = 300_000


@pytest.fixture
def content(rng):
    """The published file's content."""
    return rng.bytes(SIZE)


@pytest.fixture
def site(content, monkeypatch):
    """A server that has the published file."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(Site(content)) as site:
        yield site


def remote_of(site, content, **changes):
    """Describe the published file."""
    known = {
        "url": site.url,
        "name": "data.bin",
        "size": len(content),
        "digest": bytes_digest(content, "md5"),
        "algorithm": "md5",
        "option": "--data-dir",
    }
    return Remote(**{**known, **changes})


def names_in(folder):
    """Name the files in a folder of downloads, apart from locks."""
    return [entry.name for entry in folder.iterdir() if entry.suffix != ".lock"]


@pytest.mark.parametrize(
    ("target", "part", "action"),
    [
        (None, None, "download"),
        (None, 0, "download"),
        (None, 40, "resume"),
        (None, 100, "verify"),
        (None, 101, "download"),
        (100, None, "use"),
        (100, 40, "use"),
        (99, None, "download"),
        (99, 40, "resume"),
    ],
)
def test_the_action_follows_from_what_is_there(target, part, action):
    """What must be done is decided from three lengths alone."""
    assert choose_action(100, target, part) == action


def test_a_download_arrives_whole_and_tells_its_progress(tmp_path, site, content):
    """The file is there with its content, nothing else is, and progress went from nothing to all."""
    seen = []
    path = fetch(remote_of(site, content), tmp_path / "new", lambda *step: seen.append(step))
    assert path.read_bytes() == content
    assert names_in(path.parent) == ["data.bin"]
    assert seen[0] == (0, SIZE, "bytes")
    assert seen[-1] == (SIZE, SIZE, "bytes")


def test_a_complete_file_is_not_downloaded_again(tmp_path, site, content):
    """A second fetch asks the server nothing."""
    remote = remote_of(site, content)
    fetch(remote, tmp_path)
    fetch(remote, tmp_path)
    assert site.asked == [None]


def test_an_interrupted_download_goes_on_where_it_stopped(tmp_path, site, content):
    """Each attempt asks for what is missing only, in one call."""
    site.cut = 120_000
    assert fetch(remote_of(site, content), tmp_path).read_bytes() == content
    assert site.asked == [None, "bytes=120000-", "bytes=240000-"]


def test_a_download_stopped_by_its_user_goes_on_at_the_next_call(tmp_path, site, content):
    """Cancelling keeps the part; the next call asks for the rest only."""

    def stop(done, total, what):
        if done > 0:
            raise Cancelled("enough")

    remote = remote_of(site, content)
    with pytest.raises(Cancelled):
        fetch(remote, tmp_path, stop)
    kept = (tmp_path / "data.bin.part").stat().st_size
    assert 0 < kept < SIZE
    assert fetch(remote, tmp_path).read_bytes() == content
    assert site.asked == [None, f"bytes={kept}-"]


def test_a_download_by_another_process_is_waited_for_until_its_user_gives_up(tmp_path, site, content):
    """The wait is told as progress, which can end it; nothing is received twice."""
    remote, told = remote_of(site, content), []

    def stop(*words):
        told.append(words)
        raise Cancelled("enough")

    with locked(tmp_path / "data.bin.lock"), pytest.raises(Cancelled):
        fetch(remote, tmp_path, stop)
    ((done, total, what),) = told
    assert (done, total) == (0, 0)
    assert what.startswith("waiting for ")
    assert names_in(tmp_path) == []


def test_a_server_without_ranges_sends_all_again(tmp_path, site, content):
    """A part is thrown away only when the server cannot go on from it."""
    site.ranges = False
    (tmp_path / "data.bin.part").write_bytes(content[:1000])
    assert fetch(remote_of(site, content), tmp_path).read_bytes() == content
    assert site.asked == ["bytes=1000-"]


def test_a_wrong_checksum_is_told_and_the_file_removed(tmp_path, site, content):
    """The error has file, expected and got; the next try starts afresh."""
    remote = remote_of(site, content, digest="0" * 32)
    with pytest.raises(DownloadError) as caught:
        fetch(remote, tmp_path)
    told = str(caught.value)
    assert all(word in told for word in ("data.bin", "0" * 32, bytes_digest(content, "md5"), "--data-dir"))
    assert names_in(tmp_path) == []


def test_a_part_of_something_else_is_noticed(tmp_path, site, content):
    """A resumed file whose beginning is wrong does not pass, and is not resumed again."""
    (tmp_path / "data.bin.part").write_bytes(b"x" * 1000)
    with pytest.raises(DownloadError, match="must have MD5"):
        fetch(remote_of(site, content), tmp_path)
    assert fetch(remote_of(site, content), tmp_path).read_bytes() == content


def test_a_damaged_file_is_noticed_and_fetched_again(tmp_path, site, content):
    """A flipped byte in a kept file is an error once, and mended by the same command."""
    remote = remote_of(site, content)
    path = fetch(remote, tmp_path)
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(DownloadError, match="It was removed"):
        fetch(remote, tmp_path)
    assert fetch(remote, tmp_path).read_bytes() == content


@pytest.mark.parametrize("length", [SIZE - 1, SIZE + 1])
@pytest.mark.parametrize("part", [0, 1000])
def test_a_file_of_another_length_is_not_even_begun(tmp_path, site, content, length, part):
    """A login page, or an endless file, in the place of the published one costs nothing."""
    site.content = (content + b"x")[:length]
    kept = tmp_path / "data.bin.part"
    kept.write_bytes(content[:part])
    with pytest.raises(DownloadError, match="not the published file") as caught:
        fetch(remote_of(site, content), tmp_path)
    assert "in a browser" in caught.value.remedy
    assert (kept.read_bytes() if kept.exists() else b"") == content[:part]


def test_the_page_of_a_network_that_wants_a_sign_in_is_no_file(tmp_path, site, content):
    """Not a byte of it is kept, it is asked for once, and the way around is not the same download."""
    site.page = True
    with pytest.raises(DownloadError, match="Got 'a page': it is not the published file") as caught:
        fetch(remote_of(site, content), tmp_path)
    assert caught.value.remedy.startswith(f"open {site.url} in a browser")
    assert "--data-dir" in caught.value.remedy
    assert len(site.asked) == 1
    assert names_in(tmp_path) == []


def test_a_dead_connection_gives_up_after_a_few_attempts(tmp_path, site, content):
    """The error says how far it came and that the same command goes on."""
    site.cut = 0
    with pytest.raises(DownloadError, match=r"must give 300,000 bytes\. Got 0, then") as caught:
        fetch(remote_of(site, content), tmp_path)
    assert len(site.asked) == ATTEMPTS
    assert "the same command again" in str(caught.value)


def test_no_server_is_our_own_error(tmp_path, site, content):
    """A refused connection names the address."""
    remote = remote_of(site, content, url="http://127.0.0.1:1/file")
    with pytest.raises(DownloadError, match="1/file must give"):
        fetch(remote, tmp_path)


def test_an_http_error_is_told_at_once(tmp_path, site, content):
    """A file that is gone is not asked for again and again."""
    site.status = 404
    with pytest.raises(DownloadError, match="404"):
        fetch(remote_of(site, content), tmp_path)
    assert len(site.asked) == 1


@pytest.mark.parametrize("scheme", ["file", "ftp"])
def test_a_redirection_leads_to_the_web_only(tmp_path, site, content, scheme):
    """A server cannot make us read files of this machine."""
    secret = tmp_path / "secret"
    secret.write_bytes(content)
    site.redirect = f"{scheme}://{secret}"
    with pytest.raises(DownloadError):
        fetch(remote_of(site, content), tmp_path / "downloads")
    assert names_in(tmp_path / "downloads") == []


def test_a_folder_that_cannot_be_written_is_our_own_error(tmp_path, site, content):
    """The error names the variable that chooses another."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="LAZYBONES_DOWNLOADS"):
        fetch(remote_of(site, content), tmp_path / "file" / "downloads")


def test_the_environment_chooses_the_folder(tmp_path, monkeypatch):
    """LAZYBONES_DOWNLOADS comes before the folder in the user's home."""
    monkeypatch.setenv("LAZYBONES_DOWNLOADS", str(tmp_path))
    assert downloads_folder() == tmp_path
    monkeypatch.delenv("LAZYBONES_DOWNLOADS")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert downloads_folder() == tmp_path / ".cache" / "lazybones"
