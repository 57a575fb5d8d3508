"""A provider of identities, and a dashboard that is for those who sign in there."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import contextmanager

import pytest

from tests.browser.conftest import PROJECT, running_dashboard

PROVIDER = PROJECT / "tests" / "browser" / "sign_in" / "provider.mjs"
ALLOWED = "ann@example.org, @Example.com"


def free_ports(count):
    """Give ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def provided(port, callback):
    """Run the provider."""
    process = subprocess.Popen(
        ["node", str(PROVIDER), str(port), callback], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        said = [process.stdout.readline()]
        while said[-1] and b"ready" not in said[-1]:
            said.append(process.stdout.readline())
        assert said[-1], b"".join(said).decode()
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def address(erring_store, tmp_path_factory, chromium):
    """The address of the dashboard; it ends in a slash."""
    if not shutil.which("node"):
        pytest.skip("needs Node.js: apt-get install nodejs npm")
    assert (PROJECT / "node_modules" / "oidc-provider").is_dir(), "needs what `make types` installs"
    own, theirs = free_ports(2)
    callback = f"http://127.0.0.1:{own}/oauth2callback"
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "{callback}"
cookie_secret = "a long text that nobody knows"
client_id = "lazybones"
client_secret = "no secret"
server_metadata_url = "http://127.0.0.1:{theirs}/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
"""
    )
    environment = {
        "STREAMLIT_SECRETS_FILES": str(secrets),
        "LAZYBONES_ALLOW": ALLOWED,
        "AUTHLIB_INSECURE_TRANSPORT": "1",
    }
    with provided(theirs, callback), running_dashboard(erring_store.root, port=own, **environment) as root:
        yield root
