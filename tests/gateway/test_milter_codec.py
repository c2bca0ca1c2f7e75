"""The milter protocol's bytes: packets however they arrive, negotiation, addresses, headers, answers."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.errors import GatewayError
from sluicegate.gateway import milter_codec as codec
from sluicegate.gateway.milter_codec import Can, Decoder, Packet, Step, Terms

LEADING = Terms(6, Can(0), Step.LEADING_SPACE)
packets = st.builds(Packet, st.binary(min_size=1, max_size=1), st.binary(max_size=300))


@given(st.lists(packets, max_size=8), st.data())
def test_packets_survive_any_split(sent, data):
    stream = b"".join(packet.encode() for packet in sent)
    decoder, found, at = Decoder(), [], 0
    while at < len(stream):
        step = data.draw(st.integers(1, max(1, len(stream) // 3)))
        found += decoder.feed(stream[at : at + step])
        at += step
    assert found == sent


@pytest.mark.parametrize("length", [0, 3 * 1024 * 1024, 0xFFFFFFFF])
def test_impossible_lengths_are_refused_at_once(length):
    with pytest.raises(GatewayError, match="packet of"):
        Decoder().feed(struct.pack("!I", length) + b"B")


@given(st.binary(max_size=200))
def test_garbage_never_raises_anything_else(data):
    try:
        for packet in Decoder(longest=64).feed(data):
            codec.parse_macros(packet.data)
            codec.parse_connect(packet.data)
            codec.parse_address(packet.data)
            codec.parse_header(packet.data, LEADING)
            codec.negotiate(packet.data)
    except GatewayError:
        pass


@pytest.mark.parametrize("version", [2, 3, 4, 6, 7])
def test_negotiation_takes_the_lower_version_and_only_what_is_offered(version):
    terms, answer = codec.negotiate(struct.pack("!III", version, Can.ADD_HEADERS, Step.NR_BODY | Step.NR_HEADER))
    assert terms == Terms(min(version, 6), Can.ADD_HEADERS, Step.NR_BODY | Step.NR_HEADER)
    assert answer.data == struct.pack("!III", min(version, 6), Can.ADD_HEADERS, Step.NR_BODY | Step.NR_HEADER)
    assert terms.answered(b"M")
    assert terms.answered(b"R")
    assert not terms.answered(b"B")


@pytest.mark.parametrize("data", [b"", b"\0" * 11, struct.pack("!III", 1, 0, 0)])
def test_a_strange_negotiation_is_refused(data):
    with pytest.raises(GatewayError):
        codec.negotiate(data)


def test_macros_lose_their_braces():
    assert codec.parse_macros(b"Mi\0ABC\0{auth_authen}\0li\0") == (b"M", {"i": "ABC", "auth_authen": "li"})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"ws7.example\x004\x00\x19192.0.2.7\0", ("ws7.example", "192.0.2.7")),
        (b"ws7\x006\x00\x19IPv6:2001:db8::1\0", ("ws7", "2001:db8::1")),
        (b"localhost\0L\0\0/run/x\0", ("localhost", "")),
        (b"unknown\0U", ("unknown", "")),
    ],
)
def test_connect(data, expected):
    assert codec.parse_connect(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"), [(b"<a@b>\0SIZE=3\0", "a@b"), (b"<>\0", ""), (b"a@b\0", "a@b"), (b"<\xff@b>\0", "\\xff@b")]
)
def test_addresses(data, expected):
    assert codec.parse_address(data) == expected


def test_folded_headers_keep_their_bytes():
    name, line = codec.parse_header(b"Subject\0 \xb5\xe7\n\tfolded\0", LEADING)
    assert (name, line) == (b"Subject", b"Subject: \xb5\xe7\r\n\tfolded\r\n")
    assert codec.parse_header(b"A\0b\0", Terms(6, Can(0), Step(0)))[1] == b"A: b\r\n"


def test_answers_are_one_line_and_percent_is_doubled():
    assert codec.reply("550 5.7.1 100% sure\r\n250 ok").data == b"550 5.7.1 100%% sure  250 ok\0"
    assert codec.quarantine("a\0b").data == b"ab\0"
    assert codec.delete_header("X-A", 2).data == struct.pack("!I", 2) + b"X-A\0\0"
