"""Everybody comes at one moment to a server that has just started: whether anybody gets a broken page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks._map.servers import PROJECT, serving
from dashboard.navigation import page_names
from tests.tabs.files import Files
from tests.tabs.tab import Tab


def cold(
    run: str, visitors: int, environment: Mapping[str, str], project: Path = PROJECT
) -> tuple[list[str], float]:
    """Start a server, and open its pages for all at once; give what was broken, and the seconds."""
    with serving("dashboard/app.py", project=project, **environment) as server:
        started = time.perf_counter()
        broken = asyncio.run(_all(server.address, run, visitors))
        return broken, time.perf_counter() - started


async def _all(address: str, run: str, visitors: int) -> list[str]:
    pages = ["" if name == "overview" else name for name in page_names()]
    found = await asyncio.gather(*(_one(address, pages[i % len(pages)], run) for i in range(visitors)))
    return [trouble for one in found for trouble in one]


async def _one(address: str, page: str, run: str) -> list[str]:
    query = f"run={run}"
    try:
        async with Files(address) as files, Tab(address) as tab:
            await files.page(f"{page}?{query}")
            shown = await tab.open(page, query)
            await files.fetch(shown.files)
            return [*files.failed, *(message.decode(errors="replace")[:200] for message in shown.trouble)]
    except Exception as error:
        return [f"{page}: {error!r}"]
