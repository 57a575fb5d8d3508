"""The door: where sign-in is set up, nothing is answered before it but how to sign in, and whether the server lives.

It stands before all that answers, so what a later version serves is behind it, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server import people
from dashboard.server.response_headers import POLICY, ResponseHeaders, page_policy
from dashboard.server.routes.addresses import ROOT
from dashboard.server.tickets import sign_in_configured
from dashboard.wording.escaping import html

BEGIN = f"{ROOT}/sign-in"
"""Where a browser begins to sign in: ``provider``, and ``to``, what is shown afterwards."""
LEAVE = "auth/logout"
OPEN = frozenset({"_stcore/health", "auth/login", LEAVE, "oauth2callback"})
"""What is answered to all."""
COOKIE = "lazybones_to"
"""What somebody wanted to see before they had to sign in."""
KEPT = 600
"""Seconds for which that is kept."""
LONGEST = 2000
"""Letters of it."""

_WITHIN = re.compile(r"(?![/\\])[\w\-.~/%?&=+#:;,@!$'()*\[\]]*", re.ASCII)
_HASH = "for(const a of document.links)a.href+=encodeURIComponent(location.hash)"
_STYLE = """
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f5f6f8,#0f1216);
color:light-dark(#1b1f24,#e6e9ee)}
main{box-sizing:border-box;width:min(26rem,100vw - 2rem);padding:2rem;border-radius:12px;
background:light-dark(#fff,#181c22);border:1px solid light-dark(#dde1e7,#2b313a)}
b{font-size:.9375rem}h1{margin:1rem 0 .25rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1.5rem;overflow-wrap:anywhere}
a{display:block;margin-top:.75rem;padding:.625rem 1rem;border-radius:8px;text-align:center;text-decoration:none;
font-weight:600;background:light-dark(#2562cc,#6ea2ff);color:light-dark(#fff,#0f1216)}
a:focus-visible{outline:3px solid light-dark(#1b1f24,#e6e9ee);outline-offset:2px}
"""


class Admission:
    """Let through who may come in; all others get the page to sign in, or a short sentence.

    Parameters
    ----------
    app : ASGI application
        What is behind the door.
    user_of : callable
        Gives what the provider has said of who has signed in, from a request's cookies.
    login : callable
        Gives the address that sends a browser to a provider.
    frames : str
        Who may show the page to sign in in a frame.
    base : str
        The folder that the server is in, as its configuration has it.
    """

    def __init__(
        self,
        app: ASGIApp,
        user_of: Callable[[Mapping[str, str]], Mapping[str, Any]],
        login: Callable[[str], str],
        *,
        frames: str = "",
        base: str = "",
    ) -> None:
        self.app, self.user_of, self.login, self.frames = app, user_of, login, frames
        self.base = f"/{base.strip('/')}".rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] not in ("http", "websocket") or not sign_in_configured():
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        path = str(scope["path"]).removeprefix(self.base).removeprefix("/")
        answer = self._begin(request) if path == BEGIN else self._answer(request, path)
        if answer is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await ResponseHeaders(answer)(scope, receive, send)

    def _answer(self, request: HTTPConnection, path: str) -> Response | None:
        """Give what is answered in the place of what was asked for; None where that may be answered."""
        if path in OPEN and request.scope.get("method") in ("GET", "HEAD"):
            return None
        user = self.user_of(request.cookies)
        wants_page = "text/html" in request.headers.get("accept", "")
        if people.may_come_in(user):
            returns = wants_page and not path and COOKIE in request.cookies
            return self._back(request.cookies[COOKIE]) if returns else None
        if not wants_page:
            said = "You must be signed in, and on the list if there is one. Got a request from somebody else."
            return PlainTextResponse(said, 401, headers={"Cache-Control": "no-store"})
        return self._unlisted(user) if user.get("is_logged_in") else self._stranger(request, path)

    def _begin(self, request: HTTPConnection) -> Response:
        """Send a browser to the provider, and keep what it wanted to see."""
        asked = request.query_params.get("provider", "")
        if asked not in people.providers():
            return PlainTextResponse("provider must be one that is set up. Got another.", 404)
        answer = RedirectResponse(self.login(asked), 303, headers={"Cache-Control": "no-store"})
        wanted = request.query_params.get("to", "")
        if len(wanted) <= LONGEST and _WITHIN.fullmatch(wanted):
            path = f"{self.base}/"
            answer.set_cookie(COOKIE, quote(wanted), KEPT, path=path, httponly=True, samesite="lax")
        return answer

    def _back(self, kept: str) -> Response:
        """Go on to what somebody wanted to see: a place within this server, whatever the cookie says."""
        wanted = unquote(kept)
        place = wanted if _WITHIN.fullmatch(wanted) else ""
        answer = RedirectResponse(f"{self.base}/{place}", 303, headers={"Cache-Control": "no-store"})
        answer.delete_cookie(COOKIE, path=f"{self.base}/")
        return answer

    def _stranger(self, request: HTTPConnection, path: str) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        wanted = f"{quote(path)}?{query}" if query else quote(path)

        def link(provider: str) -> str:
            told = urlencode({"provider": provider, "to": wanted})
            name = f"Sign in with {provider}" if provider else "Sign in"
            return f'<a href="{html(f"{self.base}/{BEGIN}?{told}")}">{html(name)}</a>'

        links = "".join(map(link, people.providers()))
        return self._page("Sign in", "This dashboard is for people who sign in.", links, 401, _HASH)

    def _unlisted(self, user: Mapping[str, Any]) -> Response:
        who = html(people.name_of(user))
        said = (
            f"You have signed in as {who}. This dashboard is for people whose confirmed address is on its list. Ask "
            "whoever sent you the link, or sign in with another account."
        )
        leave = f'<a href="{html(f"{self.base}/{LEAVE}")}">Sign out</a>'
        return self._page("You are not on the list", said, leave, 403)

    def _page(self, title: str, said: str, links: str, status: int, script: str = "") -> Response:
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{title} · Lazybones</title><style>{_STYLE}</style></head><body><main><b>Lazybones</b>"
            f"<h1>{title}</h1><p>{said}</p>{links}</main>{f'<script>{script}</script>' if script else ''}</body></html>"
        )
        policy = page_policy(page.encode(), self.frames)
        return HTMLResponse(page, status, headers={"Cache-Control": "no-store", POLICY: policy})
