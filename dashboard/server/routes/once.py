"""Files that take long, made once however many wait for them; waiting takes no thread."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from cache import Store
from dashboard.jobs.job import QueueFull
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor, place_of
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Body, FileBody, opened
from dashboard.server.routes.threads import in_thread

MOST_FILES = 4
"""That are waited for, of one kind, beside the one that is made."""
MOST_REQUESTS = 100
"""That wait for files of one kind."""


class Once:
    """Make one file after the other, each once however many ask, and keep the last ones.

    Beside the queue of fits: a download cannot wait for those.

    Parameters
    ----------
    title : str
        What is made.
    kept : int
        Files to keep.
    body : callable
        Makes one.
    store : callable
        Gives the store.
    """

    def __init__(self, title: str, kept: int, body: FileBody, store: Callable[[], Store]) -> None:
        self.title, self.body, self.store = title, body, store
        self.queue = JobQueue(history=kept, longest=MOST_FILES, each=None)
        self.waiting = 0

    async def __call__(self, request: Request, match: Match) -> Body:
        """Give the file, as soon as it is made.

        Raises
        ------
        QueueFull
            If too many wait.
        """
        await in_thread(lambda: opened(self.store(), match))  # what is not there is refused before it queues
        address = place_of(request.client.host if request.client is not None else None)
        job = self.queue.obtain(
            tuple(match.values()), self.title, lambda _: self.body(self.store(), match), Visitor("", address)
        )
        if self.waiting >= MOST_REQUESTS and not job.state.over:
            raise QueueFull(
                f"Requests that wait for {self.title} must be at most {MOST_REQUESTS}. Got one more. "
                "Please ask again in a minute."
            )
        self.waiting += 1
        try:
            await job.ended()
        finally:
            self.waiting -= 1
        if job.error is not None:
            raise job.error
        made: Body = job.result
        return made
