"""Behind nginx and Caddy with TLS and under a path, set up by the files of ``docs/hosting``, in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.browser.guests.test_guests import answered, choose, digits_run, png
from tests.browser.map_page import Map
from tests.planted import planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECIPES = Path(__file__).parents[3] / "docs" / "hosting"
TRUSTING = ssl._create_unverified_context()  # noqa: S323  # of our own certificates, made for this test


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A planted run, and one that guests can be asked of."""
    made = Store(tmp_path_factory.mktemp("hosting") / "cache")
    planted_run(made)
    digits_run(made)
    return made


@pytest.fixture(scope="module")
def behind(store, chromium) -> Iterator[str]:
    """The address of a server that is told its path, as the recipes say."""
    told = {"STREAMLIT_SERVER_BASE_URL_PATH": "lazybones", "FORWARDED_ALLOW_IPS": "127.0.0.1"}
    with running_dashboard(store.root, **told) as address:
        yield address


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxied(request, behind, tmp_path_factory) -> Iterator[str]:
    """The address that visitors have, with a slash at its end."""
    found = shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"needs {request.param}: apt-get install {request.param}")
    with {"nginx": nginx, "caddy": caddy}[request.param](
        found, behind.split("/")[2], tmp_path_factory.mktemp(request.param)
    ) as port:
        yield f"https://127.0.0.1:{port}/lazybones/"


@contextmanager
def nginx(program: str, server: str, folder: Path) -> Iterator[int]:
    """Run nginx with our recipe: another port, another server, and a certificate of our own."""
    key, certificate, port = folder / "key.pem", folder / "certificate.pem", free_port()
    made = f"req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run(
        ["openssl", *made.split()],
        check=True,
        capture_output=True,
    )
    recipe = (RECIPES / "nginx.conf").read_text()
    for ours, theirs in {
        "listen 443": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8501": server,
        "/etc/ssl/certs/example.org.pem": str(certificate),
        "/etc/ssl/private/example.org.key": str(key),
    }.items():
        assert recipe.count(ours) == 1
        recipe = recipe.replace(ours, theirs)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off; {places}\n{recipe}}}\n"
    )
    with running([program, "-e", f"{folder}/log", "-c", str(whole)], port):
        yield port


@contextmanager
def caddy(program: str, server: str, folder: Path) -> Iterator[int]:
    """Run Caddy with our recipe: another port, another server, and its own authority."""
    port, recipe = free_port(), (RECIPES / "Caddyfile").read_text()
    for ours, theirs in {
        "example.org {": f"https://127.0.0.1:{port} {{\n\ttls internal",
        "127.0.0.1:8501": server,
    }.items():
        assert recipe.count(ours) == 1
        recipe = recipe.replace(ours, theirs)
    whole = folder / "Caddyfile"
    options = (
        "admin off",
        "skip_install_trust",
        "auto_https disable_redirects",
        f"storage file_system {folder}",
    )
    whole.write_text("\n\t".join(("{", *options)) + f"\n}}\n{recipe}")
    with running([program, "run", "--config", str(whole), "--adapter", "caddyfile"], port):
        yield port


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a program until it is no longer needed; it listens at a port."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and process.poll() is None:
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.1)
            else:
                process.kill()
                pytest.fail(f"{command[0]} did not start:\n{process.stdout and process.stdout.read()}")
            yield
        finally:
            process.terminate()


@pytest.fixture
def guest_map(proxied, store, visit) -> Map:
    """The map of digits, with what stands beside it about guests."""
    tab = visit(ignore_https_errors=True)
    tab.open(f"{proxied}map?run=digits")
    seen = Map(tab, RunData(store, "digits"))
    seen.wait_for("parts", "ready")
    seen.page.get_by_role("tab", name="Guest").click()
    return seen


def test_a_link_opens_its_page_with_its_state(proxied, visit):
    """Also a deep one: the map's own modules, points and thumbnails come through, and pages follow links."""
    tab = visit(ignore_https_errors=True)
    tab.open(f"{proxied}map?run=planted&true=1")
    tab.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
    tab.page.get_by_role("link", name="Errors").first.click()
    tab.page.wait_for_url(f"{proxied}errors?*true=1*")
    tab.settle()
    tab.page.locator("button.tile").first.wait_for()
    assert tab.complaints == []


def test_the_path_without_its_slash_leads_there(proxied):
    """As people type it."""
    with urllib.request.urlopen(proxied.removesuffix("/"), context=TRUSTING) as answer:  # noqa: S310  # our own
        assert (answer.status, answer.url) == (200, proxied)


def test_a_guest_comes_through(guest_map):
    """A picture of nearly the 20 MB that the server takes, which proxies' own limits are far below."""
    noise = np.random.default_rng(0).integers(0, 256, (2500, 2500, 3), np.uint8)
    choose(guest_map, png(noise))
    assert "Nothing like this" in answered(guest_map, 1).inner_text()
    assert guest_map.tab.complaints == []
