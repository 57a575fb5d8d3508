"""The server: the page and, beside it, the map's files. ``streamlit run dashboard/app.py`` starts it."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # Streamlit puts the script's own folder there, not the project's
    sys.path.insert(0, str(HERE.parent))

from cache import LazybonesError  # noqa: E402  # needs the path above
from dashboard.early_imports import import_pages  # noqa: E402  # needs the path above
from dashboard.page.view_state import DEFAULT_PAGE  # noqa: E402  # needs the path above
from dashboard.run import mode  # noqa: E402  # needs the path above
from dashboard.server import people, sign_in_cookie  # noqa: E402  # needs the path above
from dashboard.server.admission import Admission  # noqa: E402  # needs the path above
from dashboard.server.doors import Doors  # noqa: E402  # needs the path above
from dashboard.server.kept_answers import KeptAnswers  # noqa: E402  # needs the path above
from dashboard.server.page_source import PageSource  # noqa: E402  # needs the path above
from dashboard.server.response_headers import ResponseHeaders, framed_by, page_policy  # noqa: E402  # needs the path above
from dashboard.server.routes import file_routes  # noqa: E402  # needs the path above
from dashboard.server.routes.addresses import ROOT  # noqa: E402  # needs the path above
from dashboard.server.tickets import sign_in_configured  # noqa: E402  # needs the path above
from dashboard.workarounds import (  # noqa: E402  # needs the path above
    closed_messages,
    deep_links,
    early_modules,
    few_at_once,
    garbage_collection,
    late_fragments,
    left_sessions,
    messages_together,
    own_reruns,
    quick_lookups,
)
from dashboard.workarounds.secrets_files import check_secrets  # noqa: E402  # needs the path above
from pipeline.api import memory  # noqa: E402  # needs the path above

memory.return_promptly()
late_fragments.stay_on_the_page()
own_reruns.keep_what_was_pressed()
closed_messages.answer_pages_only()
few_at_once.draw_few_at_once()
left_sessions.free_what_is_left()
messages_together.send_together()
quick_lookups.look_up_one()
try:
    mode.check()
    check_secrets()
    people.check()
    if sign_in_configured():
        for provider in people.providers() or [""]:
            sign_in_cookie.check_provider(provider)
    frames = framed_by()
except LazybonesError as error:
    sys.exit(f"Error: {error}")
base = st.get_option("server.baseUrlPath") or ""
root = f"/{base.strip('/')}/".replace("//", "/")
styles = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "styles").glob("*.css")))


def top(depth: int) -> bytes:
    """Give what comes first on a page that lies so many folders below the server."""
    return deep_links.script_tags(depth) + early_modules.link_tags()


def is_open(path: str) -> bool:
    """Tell whether anybody may have a file: of what is shown only where nobody signs in."""
    public = (f"{root}static/", f"{root}{ROOT}/ui/")
    return path.startswith(public) or not sign_in_configured()


app = st.App(
    HERE / "frame.py",
    routes=file_routes(base),
    middleware=[
        Middleware(
            Admission,
            user_of=sign_in_cookie.user_of,
            login=sign_in_cookie.login_address,
            frames=frames,
            base=base,
        ),
        Middleware(KeptAnswers, is_open=is_open),
        Middleware(ResponseHeaders),
        Middleware(Doors, base=base),
        Middleware(
            PageSource,
            top=top,
            end=f"<style>{styles}</style>".encode(),
            pages=[page.path for page in import_pages()],
            start=DEFAULT_PAGE,
            base=base,
            policy=lambda page: page_policy(page, frames),
        ),
    ],
)
garbage_collection.keep_modules()
