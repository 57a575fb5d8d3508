"""The event loop that serves the page: no answer waits for the browser to acknowledge the one before."""

import asyncio
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop has no Windows version")
def test_connections_of_a_bound_socket_send_at_once():
    """Streamlit binds the socket itself, as here; each connection must have Nagle's algorithm turned off."""
    found = []

    class Asked(asyncio.Protocol):
        def connection_made(self, transport):
            accepted = transport.get_extra_info("socket")
            found.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def serve_once(bound):
        server = await asyncio.get_running_loop().create_server(Asked, sock=bound)
        reader, writer = await asyncio.open_connection(*bound.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()
        server.close()

    def serve():
        with asyncio.Runner(loop_factory=uvicorn.Config("app:app").get_loop_factory()) as runner:
            runner.run(serve_once(bound))

    with (
        socket.socket(socket.AF_INET) as bound,
        ThreadPoolExecutor(1) as other,
    ):  # this thread may have a loop
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        bound.setblocking(False)
        other.submit(serve).result()
    assert found
    assert all(found)


@pytest.mark.skipif(sys.platform == "win32", reason="it is not installed on Windows")
def test_requests_are_parsed_by_httptools():
    """A first page asks for two hundred files: the parser in Python took longer than all that answers them."""
    config = uvicorn.Config("app:app")
    config.load_app = lambda: None
    config.load()
    assert config.http_protocol_class.__name__ == "HttpToolsProtocol"
