"""What pages and models share of HTTP, on a server of this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslingual.model_store.download import DownloadError, fetch_bytes, fetch_file, fetch_size
from crosslingual.web.transfer import TransferError, build_proxied_manager, load_certificates
from tests.helpers.package_samples import Site, serving

PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as site:
        yield site


@pytest.mark.parametrize("scheme", ["", "http://"])
def test_a_download_goes_by_the_proxy_of_the_environment(
    scheme: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", scheme + site.address.removeprefix("http://"))
    site.files["http://weights.example/one"] = b"by proxy"
    assert fetch_bytes("http://weights.example/one", max_bytes=100, seconds=30) == b"by proxy"


def test_hosts_that_need_no_proxy_are_asked_themselves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.files["/one"] = b"itself"
    with pytest.raises(DownloadError, match="the proxy cannot be reached"):
        fetch_bytes(f"{site.address}one", max_bytes=100, seconds=30)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert fetch_bytes(f"{site.address}one", max_bytes=100, seconds=30) == b"itself"


def test_the_name_and_password_of_a_proxy_are_sent_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://a%40b:c@proxy.example:3128")
    manager = build_proxied_manager("https://weights.example/")
    assert getattr(manager, "proxy_headers", None) == {"proxy-authorization": "Basic YUBiOmM="}


def test_a_proxy_of_an_unknown_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks9://proxy.example:1")
    with pytest.raises(TransferError, match="the proxy that the environment names"):
        build_proxied_manager("https://weights.example/")
    with pytest.raises(DownloadError, match="the proxy that the environment names"):
        fetch_bytes("https://weights.example/", max_bytes=1, seconds=1)


def test_a_refused_connection_is_no_time_run_out(site: Site) -> None:
    with pytest.raises(DownloadError, match="no connection"):
        fetch_bytes("http://127.0.0.1:9/", max_bytes=1, seconds=30)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://a.example/", "http://", "x", "http://[1/"])
def test_what_is_no_address_of_the_web_is_not_asked_for(url: str) -> None:
    with pytest.raises(DownloadError, match="no address of the web"):
        fetch_bytes(url, max_bytes=1, seconds=1)
    assert fetch_size(url, seconds=1) is None


def test_redirects_are_followed_and_bounded(site: Site, tmp_path: Path) -> None:
    site.files["/end"] = b"found"
    site.redirects = {"/start": "/middle", "/middle": f"{site.address}end", "/round": "/round"}
    assert fetch_bytes(f"{site.address}start", max_bytes=100, seconds=30) == b"found"
    assert fetch_size(f"{site.address}start", seconds=30) == 5
    fetch_file(f"{site.address}start", tmp_path / "end", max_bytes=100, progress=lambda done, total: None)
    assert (tmp_path / "end").read_bytes() == b"found"
    with pytest.raises(DownloadError, match="redirects"):
        fetch_bytes(f"{site.address}round", max_bytes=100, seconds=30)
    site.redirects["/file"] = "file:///etc/hostname"
    with pytest.raises(DownloadError, match="no address of the web"):
        fetch_bytes(f"{site.address}file", max_bytes=100, seconds=30)


def test_certificates_are_checked_against_known_ones_and_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = load_certificates()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] > 100
    loaded: list[str] = []
    own = tmp_path / "own.pem"
    own.touch()
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda self, path: loaded.append(path))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own))
    with_own = load_certificates()
    assert loaded[-1] == str(own)
    assert with_own is not context
    n_loaded = len(loaded)
    assert load_certificates() is with_own
    assert len(loaded) == n_loaded, "certificates are read once"
