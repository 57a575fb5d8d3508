"""Files that never change are asked for once, all else each time; nobody waits for a browser that is slow."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard.server.kept_answers import LARGEST, KeptAnswers
from tests.asgi import answer, run_apart

EVER = {"cache-control": "public, max-age=31536000, immutable"}
TEXT = "a module " * 200
PACKED = {"accept-encoding": "gzip"}


class Server:
    """A server whose answers are kept, and what it was asked itself."""

    def __init__(
        self, headers=EVER, status=200, content=TEXT, media="text/javascript", is_open=lambda path: True
    ):
        self.asked, self.go_on = [], asyncio.Event()
        self.go_on.set()

        async def file(request):
            self.asked.append(request.url.path)
            await self.go_on.wait()
            return Response(content, status, headers, media)

        async def streamed(request):
            self.asked.append(request.url.path)
            return StreamingResponse(iter([TEXT, TEXT]), headers=headers)

        async def fails(request):
            self.asked.append(request.url.path)
            raise ValueError("damaged")

        routes = [
            Route("/static/f.js", file, methods=["GET", "POST"]),
            Route("/s", streamed),
            Route("/x", fails),
        ]
        kept = Middleware(KeptAnswers, is_open=is_open)
        self.app = Starlette(routes=routes, middleware=[kept])

    def get(self, path="/static/f.js", **given):
        """Ask for a file, as a browser does."""
        return answer(self.app, path, **{"headers": PACKED, **given})

    def both(self, **given):
        """Ask twice, one after the other."""

        async def ask():
            return await self.get(**given), await self.get(**given)

        return run_apart(ask())


def test_fifty_visitors_are_one_question():
    """All at once, and more later; packed for those who read that, each with the headers of the first answer."""
    server = Server()

    async def all_at_once():
        server.go_on.clear()
        first = [asyncio.create_task(server.get()) for _ in range(50)]
        await asyncio.sleep(0.01)
        server.go_on.set()
        return [*await asyncio.gather(*first), await server.get(), await server.get(headers={})]

    *packed, plain = run_apart(all_at_once())
    assert server.asked == ["/static/f.js"] * 2  # one for each way of packing
    assert {gzip.decompress(one.body).decode() for one in packed} == {TEXT} == {plain.body.decode()}
    assert {one.headers["content-encoding"] for one in packed} == {"gzip"}
    assert "content-encoding" not in plain.headers
    for one in (*packed, plain):
        assert one.headers["cache-control"] == EVER["cache-control"]
        assert one.headers["vary"] == "Accept-Encoding"
        assert int(one.headers["content-length"]) == len(one.body)


@pytest.mark.parametrize(
    "server",
    [
        {"headers": {"cache-control": "no-cache"}},
        {"headers": {"cache-control": "private, max-age=600"}},
        {"headers": {**EVER, "vary": "Origin"}},
        {"headers": {**EVER, "set-cookie": "a=b"}},
        {"status": 404},
        {"content": b"x" * LARGEST},
        {"is_open": lambda path: False},
    ],
    ids=["no-cache", "private", "vary", "cookie", "not found", "large", "not for all"],
)
def test_what_is_for_somebody_or_may_change_is_asked_for_each_time(server):
    """As is what is very large, and what only some may have."""
    one = Server(**server)
    first, second = one.both()
    assert len(one.asked) == 2
    assert (first.status, first.body) == (second.status, second.body)


@pytest.mark.parametrize(
    "given",
    [
        {"method": "POST"},
        {"query": "ticket=1"},
        {"headers": {"range": "bytes=0-1"}},
        {"headers": {"if-none-match": "x"}},
        {"headers": {"origin": "https://elsewhere.test"}},
    ],
    ids=str,
)
def test_who_asks_for_more_than_a_file_is_answered_anew(given):
    """A part of it, whether it is another, or with a ticket."""
    server = Server()
    server.both(**given)
    assert len(server.asked) == 2


def test_a_picture_is_not_packed_again():
    """It is as small as it gets."""
    first, second = Server(media="image/webp").both()
    assert first.body == second.body == TEXT.encode()
    assert "content-encoding" not in second.headers


def test_an_answer_in_pieces_is_passed_on():
    """Its length is not known before it is over."""
    server = Server()
    first, second = server.both(path="/s")
    assert first.body == second.body == (2 * TEXT).encode()
    assert len(server.asked) == 2


def test_a_failure_is_not_kept_and_holds_nobody_up():
    """Whoever waited for it asks themselves."""
    server = Server()

    async def ask():
        return await asyncio.gather(*(server.get(path="/x") for _ in range(3)), return_exceptions=True)

    assert all(isinstance(one, ValueError) for one in run_apart(ask()))
    assert len(server.asked) == 3


def test_nobody_waits_for_a_browser_that_does_not_read():
    """It has asked first, and takes nothing: the next one gets the file."""
    server = Server()

    async def ask():
        asked = {
            "type": "http",
            "method": "GET",
            "path": "/static/f.js",
            "query_string": b"",
            "root_path": "",
        }
        never = asyncio.Event()

        async def send(_):
            await never.wait()

        slow = asyncio.create_task(server.app({**asked, "headers": []}, never.wait, send))
        await asyncio.sleep(0.01)
        found = await asyncio.wait_for(server.get(headers={}), 5)
        slow.cancel()
        return found

    assert run_apart(ask()).body == TEXT.encode()
    assert len(server.asked) == 1


def test_plain_answers_are_as_they_were():
    """What is passed on is not touched."""

    async def text(request):
        return PlainTextResponse("a word", headers={"x-own": "1"})

    app = Starlette(
        routes=[Route("/", text)], middleware=[Middleware(KeptAnswers, is_open=lambda path: True)]
    )
    found = run_apart(answer(app, "/", headers=PACKED))
    assert (found.status, found.body, found.headers["x-own"]) == (200, b"a word", "1")
