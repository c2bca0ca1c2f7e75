"""A milter session as a mail system of our own speaks it, byte by byte, without Postfix."""

import socket
import struct

import pytest

from sluicegate.gateway.milter_codec import Decoder, Packet

ALL_STEPS = 0x1FFFFF
OFFER = struct.pack("!III", 6, 0x1FF, ALL_STEPS)
CONNECT = Packet(b"C", b"ws7\x004\x00\x19192.0.2.7\0")


class Client:
    """The mail system's side of one connection."""

    def __init__(self, path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(str(path))
        self.decoder = Decoder()
        self.pending: list[Packet] = []

    def send(self, *packets: Packet, piece: int = 0) -> None:
        data = b"".join(packet.encode() for packet in packets)
        step = piece or len(data) or 1
        for at in range(0, len(data), step):
            self.socket.sendall(data[at : at + step])

    def read(self) -> Packet | None:
        while not self.pending:
            data = self.socket.recv(65536)
            if not data:
                return None
            self.pending = self.decoder.feed(data)
        return self.pending.pop(0)

    def negotiate(self, offer: bytes = OFFER) -> Packet:
        self.send(Packet(b"O", offer))
        return self.read()

    def end(self) -> list[Packet]:
        """The answers at the end of a message, up to the final one."""
        found = []
        while (packet := self.read()) is not None:
            if packet.command != b"p":
                found.append(packet)
            if packet.command in b"actrdy":
                break
        return found


def mail(body=b"Hello\r\n", *, sender=b"<a@own.example>", to=(b"<b@buyer.example>",), headers=(), macros=b"Mi\0Q1\0"):
    return [
        Packet(b"D", macros), Packet(b"M", sender + b"\0"), *(Packet(b"R", address + b"\0") for address in to),
        Packet(b"L", b"Subject\0 minutes\0"), *(Packet(b"L", header) for header in headers), Packet(b"N"),
        Packet(b"B", body),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, tools):
    folder = tmp_path_factory.mktemp("milter")
    values = {
        "paths": {"records": str(folder / "records"), "licences": str(folder / "licences")},
        "audit": {"syslog": False},
        "gateway": {"workers": 2, "milter": {"listen": f"unix:{folder}/milter.sock", "progress_seconds": 0.2}},
    }
    running = tools.Gateway("milter", folder, values).start()
    running.socket = folder / "milter.sock"
    yield running
    assert running.stop() == 0


@pytest.fixture
def connect(gateway):
    opened = []

    def one() -> Client:
        opened.append(Client(gateway.socket))
        return opened[-1]

    yield one
    for client in opened:
        client.socket.close()


@pytest.fixture
def client(connect):
    return connect()


def envelope_answers(client, count=2):
    """MAIL and RCPT are always answered; these are the only answers before the end."""
    return [client.read().command for _ in range(count)]


def test_clean_mail_byte_by_byte(client):
    client.negotiate()
    client.send(CONNECT, *mail(), Packet(b"E"), piece=1)
    assert envelope_answers(client, 1) == [b"c"]
    assert [packet.command for packet in client.end()][-1:] == [b"a"]


def test_secret_mail_is_quarantined_then_accepted(client):
    client.negotiate()
    client.send(CONNECT, *mail(b"SECRET\r\n"), Packet(b"E"))
    envelope_answers(client, 1)
    assert [packet.command for packet in client.end()] == [b"q", b"a"]


def test_body_in_the_end_packet_counts(client):
    client.negotiate()
    client.send(*mail(b""), Packet(b"E", b"SECRET\r\n"))
    envelope_answers(client, 1)
    assert client.end()[0].command == b"q"


def test_many_mails_on_one_connection_do_not_mix(client):
    client.negotiate()
    for number in range(6):
        client.send(*mail(b"SECRET\r\n" if number % 2 else b"Hello\r\n"), Packet(b"E"))
        envelope_answers(client, 1)
        assert len(client.end()) == 1 + number % 2


def test_an_aborted_mail_leaves_nothing_behind(client):
    client.negotiate()
    client.send(*mail(b"SECRET\r\n"), Packet(b"A"), *mail(), Packet(b"E"))
    envelope_answers(client, 2)
    assert [packet.command for packet in client.end()] == [b"a"]


def test_a_new_connection_on_the_same_socket(client):
    client.negotiate()
    client.send(*mail(b"SECRET\r\n"), Packet(b"K"), CONNECT, *mail(), Packet(b"E"))
    envelope_answers(client, 2)
    assert [packet.command for packet in client.end()] == [b"a"]


def test_forged_result_headers_are_deleted_from_the_last(client):
    client.negotiate()
    forged = (b"X-Sluicegate\0 release\0", b"x-sluicegate\0 release\0")
    client.send(*mail(headers=forged), Packet(b"E"))
    envelope_answers(client, 1)
    answers = client.end()
    assert [packet.data[:4] for packet in answers[:2]] == [struct.pack("!I", 2), struct.pack("!I", 1)]
    assert [packet.command for packet in answers] == [b"m", b"m", b"a"]


def test_without_quarantine_a_held_message_is_refused_for_now(client):
    client.negotiate(struct.pack("!III", 6, 0x01, ALL_STEPS))
    client.send(*mail(b"SECRET\r\n"), Packet(b"E"))
    envelope_answers(client, 1)
    answers = client.end()
    assert [packet.command for packet in answers] == [b"y"]
    assert answers[0].data.startswith(b"451 ")


def test_an_old_mail_system_gets_an_answer_to_every_step(client):
    client.negotiate(struct.pack("!III", 2, 0x3F, 0x7F))
    client.send(CONNECT)
    assert client.read().command == b"c"
    for packet in mail(b"SECRET\r\n"):
        client.send(packet)
        if packet.command != b"D":
            assert client.read().command == b"c"
    client.send(Packet(b"E"))
    assert [packet.command for packet in client.end()] == [b"q", b"a"]


def test_progress_is_sent_while_screening(client):
    client.negotiate()
    client.send(*mail(headers=(b"X-Do\0 sleep 0.8\0",)), Packet(b"E"))
    envelope_answers(client, 1)
    assert client.read().command == b"p"
    assert client.end()[-1].command == b"a"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xffB",
        b"\0\0\0\0",
        Packet(b"?").encode(),
        Packet(b"O", b"short").encode(),
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_a_broken_session_is_closed_and_the_next_one_works(connect, data):
    broken = connect()
    broken.socket.sendall(data)
    assert broken.read() is None
    client = connect()
    client.negotiate()
    client.send(*mail(), Packet(b"E"))
    envelope_answers(client, 1)
    assert client.end()[-1].command == b"a"


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_session_cut_anywhere_harms_no_other(connect, cut):
    packets = [Packet(b"O", OFFER), CONNECT, *mail(b"SECRET\r\n", headers=(b"X-Do\0 sleep 0.1\0",)), Packet(b"E")]
    dying = connect()
    dying.send(*packets[:cut])
    dying.socket.close()
    client = connect()
    client.negotiate()
    client.send(*mail(), Packet(b"E"))
    envelope_answers(client, 1)
    assert client.end()[-1].command == b"a"
