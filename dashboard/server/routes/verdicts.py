"""What people say of labels: told to whoever looks at a data set, and taken from whoever judges.

Images go by their place in the data set (`pipeline.verdicts`). See ``docs/decisions/0048-labels-page.md``.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cache import LazybonesError, Store
from dashboard.jobs.permission import permission
from dashboard.jobs.visitor import Visitor, place_of
from dashboard.run.labelled import labelled, verdicts_of
from dashboard.server.bodies import check_origin, read_body
from dashboard.server.routes.addresses import NOBODY, Match
from dashboard.server.routes.responses import Endpoint, opened
from dashboard.server.routes.threads import in_thread
from dashboard.server.tickets import sign_in_configured
from dashboard.wording.numbers import fixed
from pipeline.api import (
    Conflict,
    Edit,
    InvalidParameter,
    Judgement,
    LabelledImages,
    Record,
    Verdicts,
)

MOST_BYTES = 4_000_000
"""Of one action: it may be about all images that are listed."""
ANONYMOUS = "somebody"
KINDS = ("record", "undo", "redo")
_NUMBER = re.compile(r"[0-9]{1,12}")


def verdicts_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of what is said of all images, or with ``?since=17`` of those said anew since that change."""

    def state(match: Match, since: int) -> dict[str, Any]:
        images, verdicts = _opened(store, match)
        found = _asked(verdicts, lambda: verdicts.state(images, since))
        return {"change": found.change, "images": _told(images, found.records.values())}

    async def endpoint(request: Request, match: Match) -> Response:
        since = request.query_params.get("since", "0")
        if not _NUMBER.fullmatch(since):
            raise HTTPException(400, f"since must be a whole number from 0. Got {since[:20]!r}.")
        return _fresh(await in_thread(state, match, int(since)))

    return endpoint


def judge_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint that records an action: ``{"id", "kind", "who", "edits"}``.

    An edit is ``{"image", "verdict", "judged", "tags", "note", "based_on"}``. It answers what the images are then, and
    409 with what others have said where they have changed since.
    """

    def act(match: Match, said: Any) -> Response:
        images, verdicts = _opened(store, match)
        try:
            records = _asked(verdicts, lambda: _record(verdicts, images, match["who"], said))
        except Conflict as conflict:
            return _fresh({"change": 0, "images": _told(images, conflict.records)}, 409)
        return _fresh({"change": 0, "images": _told(images, records.values())})

    async def endpoint(request: Request, match: Match) -> Response:
        check_origin(request, "A judgement", "application/json")
        visitor = Visitor("", place_of(request.client.host if request.client is not None else None))
        permission().check(visitor)
        size = f"at most {fixed(MOST_BYTES / 1e6, 0)} MB"
        body = await read_body(request, "An action", MOST_BYTES, size)
        began = time.monotonic()
        try:
            return await in_thread(act, match, _parsed(body))
        finally:
            permission().charge(visitor, time.monotonic() - began)

    return endpoint


def _opened(store: Callable[[], Store], match: Match) -> tuple[LabelledImages, Verdicts]:
    cache = store()
    (dataset,) = opened(cache, match)
    return labelled(dataset), verdicts_of(cache)


def _asked(verdicts: Verdicts, ask: Callable[[], Any]) -> Any:
    """Ask the database; what it refuses is said in a sentence that names no path of the server.

    Raises
    ------
    HTTPException
        422 if an edit is not allowed, 503 if the database cannot be used now.
    Conflict
        If an image has changed since.
    """
    try:
        return ask()
    except Conflict:
        raise
    except InvalidParameter as error:
        raise HTTPException(422, error.message) from error
    except LazybonesError as error:
        message = error.message.replace(verdicts.where, "the database of verdicts")
        raise HTTPException(503, message) from error


def _record(verdicts: Verdicts, images: LabelledImages, signed: str, said: Any) -> dict[str, Record]:
    if not isinstance(said, dict) or said.get("kind") not in KINDS:
        raise InvalidParameter(f"kind must be one of {', '.join(KINDS)}. Got another action.")
    try:
        action = UUID(str(said.get("id")))
    except ValueError:
        raise InvalidParameter("id must be a number of 32 hexadecimal digits. Got another.") from None
    who = _person(signed, said.get("who"))
    if said["kind"] == "undo":
        return verdicts.undo(images, who, action)
    if said["kind"] == "redo":
        return verdicts.redo(images, who, action)
    return verdicts.record(images, _edits(images, said.get("edits")), who, action)


def _person(signed: str, typed: Any) -> str:
    """Say who judges: who signed in, as the address has it under the ticket's seal, else the name that was typed."""
    if signed != NOBODY:
        return bytes.fromhex(signed).decode("utf-8", "replace")
    if sign_in_configured():
        raise InvalidParameter("who must be who signed in. Got nobody. Try: reload the page.")
    return typed.strip() if isinstance(typed, str) and typed.strip() else ANONYMOUS


def _edits(images: LabelledImages, listed: Any) -> list[Edit]:
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise InvalidParameter("edits must be a list of judgements. Got another.")
    return [_edit(images, one) for one in listed]


def _edit(images: LabelledImages, one: dict[str, Any]) -> Edit:
    image, based_on, tags = one.get("image"), one.get("based_on"), one.get("tags")
    if type(image) is not int or not 0 <= image < len(images):
        raise InvalidParameter(f"image must be a number below {len(images)}. Got another.")
    if type(based_on) is not int or based_on < 0:
        raise InvalidParameter("based_on must be a whole number from 0. Got another.")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InvalidParameter("tags must be a list of texts. Got another.")
    words = {name: one.get(name) for name in ("verdict", "judged", "note")}
    if not all(isinstance(text, str) for text in words.values()):
        raise InvalidParameter("verdict, judged and note must be texts. Got another.")
    judgement = Judgement(words["verdict"] or None, words["judged"] or None, tuple(tags), str(words["note"]))
    return Edit(images.keys[image], judgement, based_on)


def _told(images: LabelledImages, records: Iterable[Record]) -> dict[int, dict[str, Any]]:
    """Say what is recorded, by the images' places."""
    return {
        images.places[record.image]: {
            "verdict": record.judgement.verdict or "",
            "judged": record.judgement.judged or "",
            "tags": list(record.judgement.tags),
            "note": record.judgement.note,
            "who": record.who,
            "when": record.at.isoformat(timespec="seconds"),
            "version": record.revision,
        }
        for record in records
    }


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "An action must be JSON. Got another text.") from None


def _fresh(content: Any, status: int = 200) -> Response:
    """Answer with what nobody may keep: it changes."""
    fields = {
        "Cache-Control": "no-store",
    }
    return JSONResponse(content, status, headers=fields)
