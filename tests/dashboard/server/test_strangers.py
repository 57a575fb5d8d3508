"""What a stranger on the link can do to a running dashboard: nothing that its pages do not do."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from cache import Store
from tests.browser.conftest import running_dashboard
from tests.planted import planted_run
from tests.tabs import opened

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard on a planted run."""
    store = Store(tmp_path_factory.mktemp("strangers") / "cache")
    planted_run(store)
    with running_dashboard(store.root) as address:
        yield address


def test_nobody_can_leave_a_file(served):
    """Not even with a session of their own and the cookie that every page gives; nor ask for the server's figures."""
    [session] = [
        message.new_session.initialize.session_id
        for message in opened(served)
        if message.WhichOneof("type") == "new_session"
    ]
    at = urlsplit(served)
    asking = HTTPConnection(at.hostname, at.port, timeout=60)
    asking.request("GET", "/_stcore/health")
    answer = asking.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    sent = {
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
        "Content-Type": "multipart/form-data; boundary=b",
    }
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n%b\r\n--b--\r\n'
    asking.request("PUT", f"/_stcore/upload_file/{session}/a", part % (b"x" * 1000), sent)
    assert asking.getresponse().status == 404
    asking.close()
    asking.request("GET", "/_stcore/metrics")
    assert asking.getresponse().status == 404


ANSWERS = {
    "": (200, True),
    "map?run=planted": (200, True),
    "nothing/here": (200, True),  # which leads to the first page
    "favicon.png": (200, False),
    "_stcore/health": (200, False),
    "_stcore/metrics": (404, False),
    "media/none": (404, False),
    "lazybones/store": (200, False),
    "lazybones/points/none": (404, False),
    "lazybones/none": (200, False),  # the framework's page, to a program that asks for no page
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_says_what_to_refuse(served, name):
    """A page runs what is its own, a file nothing."""
    status, is_page = ANSWERS[name]
    accepts = {"Accept": "text/html"} if is_page else {}
    try:
        with urlopen(Request(served + name, headers=accepts), timeout=60) as answer:  # noqa: S310  # our own server
            got, headers = answer.status, answer.headers
    except HTTPError as error:
        got, headers = error.code, error.headers
    assert got == status
    assert [headers["x-content-type-options"], headers["referrer-policy"]] == ["nosniff", "same-origin"]
    policy = headers["content-security-policy"]
    assert ("script-src 'self' blob: 'sha256-" in policy) == is_page
    assert ("default-src 'none'" in policy) == (not is_page)
    assert "unsafe-eval" not in policy


def test_a_stranger_is_told_nothing_of_the_machine(served):
    """No branch, no file that is not committed, no folder; and caches stay."""
    others = (BackMsg(load_git_info=True), BackMsg(clear_cache=True), BackMsg(set_run_on_save=True))
    got = opened(served, "", "", *others)
    kinds = {message.WhichOneof("type") for message in got}
    assert "new_session" in kinds
    assert "git_info_changed" not in kinds
    assert "session_event" not in kinds
    assert all(b"/dashboard/frame" not in message.SerializeToString() for message in got)
