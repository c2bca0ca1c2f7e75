"""The HTTP interface: verdicts, strictness, tokens, metrics, and a document that describes it."""

import http.client
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.errors import GatewayError
from sluicegate.gateway.http import read_token
from sluicegate.gateway.http_wire import HttpError, parse_head
from sluicegate.gateway.openapi import document
from sluicegate.settings import parse_settings


@pytest.fixture(scope="module")
def service(tmp_path_factory, tools):
    folder = tmp_path_factory.mktemp("http")
    port = tools.free_port()
    values = {
        "paths": {"records": str(folder / "records"), "licences": str(folder / "licences")},
        "audit": {"syslog": False},
        "limits": {"bytes": 100_000},
        "gateway": {"workers": 2, "seconds": 3.0, "http": {"listen": f"127.0.0.1:{port}"}},
    }
    gateway = tools.Gateway("http", folder, values).start()
    gateway.port = port
    yield gateway
    assert gateway.stop() == 0


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def raw(port, data):
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize(("body", "decision"), [(b"Hello", "release"), (b"SECRET", "hold")])
def test_screen(service, body, decision):
    status, answer, headers = ask(service.port, "POST", "/v1/screen?name=a%20b.txt", body)
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    verdict = json.loads(answer)
    assert (verdict["schema"], verdict["decision"], verdict["document"]) == (1, decision, "a b.txt")


def test_an_unreadable_document_is_a_verdict(service):
    status, answer, _ = ask(service.port, "POST", "/v1/screen", b"X-Do: die 9\r\n\r\n")
    assert status == 200
    verdict = json.loads(answer)
    assert (verdict["decision"], len(verdict["problems"])) == ("review", 1)


def test_health_metrics_and_openapi(service):
    assert ask(service.port, "GET", "/healthz")[0] == 200
    ask(service.port, "POST", "/v1/screen", b"SECRET")
    metrics = ask(service.port, "GET", "/metrics")[1].decode()
    assert 'sluicegate_screened_total{decision="hold"}' in metrics
    assert json.loads(ask(service.port, "GET", "/openapi.json")[1])["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/screen", None, 405),
        ("POST", "/metrics", b"x", 405),
        ("GET", "/else", None, 404),
        ("POST", "/v1/screen", b"", 400),
        ("POST", "/v1/screen?nmae=x", b"x", 400),
        ("POST", "/v1/screen", b"x" * 100_001, 413),
    ],
)
def test_faults(service, method, path, body, status):
    found, answer, _ = ask(service.port, method, path, body)
    assert found == status
    assert json.loads(answer)["error"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\n\r\n", b"411"),
        (b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx", b"400"),
        (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n", b"505"),
        (b"GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\n Host: localhost\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"403"),
        (b"\x16\x03\x01\x02\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"431"),
    ],
)
def test_ambiguous_requests_are_refused(service, data, status):
    assert raw(service.port, data).split(b" ")[1] == status


def test_a_second_request_on_the_connection_is_not_read(service):
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert raw(service.port, request * 2).count(b"HTTP/1.1 200") == 1


def test_a_client_that_leaves_harms_nobody(service):
    raw(service.port, b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
    assert ask(service.port, "GET", "/healthz")[0] == 200


def test_a_token_is_asked_for(tmp_path, start_gateway, tools):
    token = tmp_path / "token"
    token.write_text("t" * 32 + "\n")
    port = tools.free_port()
    listen = {"listen": f"127.0.0.1:{port}", "token_file": str(token)}
    start_gateway("http", {"gateway": {"workers": 1, "http": listen}})
    for wrong in ({}, {"Authorization": "Bearer " + "x" * 32}, {"Authorization": "Basic " + "t" * 32}):
        status, _, headers = ask(port, "POST", "/v1/screen", b"SECRET", wrong)
        assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
    assert ask(port, "POST", "/v1/screen", b"x", {"Authorization": "Bearer " + "t" * 32})[0] == 200
    assert ask(port, "GET", "/healthz")[0] == 200


def test_beyond_loopback_a_token_is_needed(tmp_path):
    with pytest.raises(GatewayError, match="token_file"):
        read_token(parse_settings({"gateway": {"http": {"listen": "0.0.0.0:8025"}}}))
    short = tmp_path / "token"
    short.write_text("short")
    with pytest.raises(GatewayError, match="shorter"):
        read_token(parse_settings({"gateway": {"http": {"listen": "0.0.0.0:8025", "token_file": str(short)}}}))


@given(st.binary(max_size=300))
def test_any_head_is_read_or_refused(data):
    try:
        request = parse_head(data + b"\r\n\r\n")
    except HttpError:
        return
    assert request.length >= 0


def test_every_reference_of_the_description_resolves():
    described = document()
    text = json.dumps(described)
    for name in ("Verdict", "Fault"):
        assert f"#/components/schemas/{name}" in text
        assert name in described["components"]["schemas"]
