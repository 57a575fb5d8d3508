"""Visitors' browsers without the browsers: what tabs say and fetch, cheap enough for many at once."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.asgi import run_apart
from tests.tabs.tab import Tab


def opened(address: str, page: str = "", query: str = "", *first: BackMsg) -> list[ForwardMsg]:
    """Open a page in a tab of its own, after it has said some other things; give all that came until it was drawn."""

    async def come() -> list[ForwardMsg]:
        async with Tab(address, keep=True) as tab:
            for message in first:
                await tab.send(message)
            await tab.open(page, query)
            return tab.messages

    return run_apart(come())
