"""The milter in front of a real Postfix: what each decision does to a message."""

import pytest

pytestmark = pytest.mark.postfix


def milter(postfix, **gateway):
    listen = {"milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666, "progress_seconds": 1.0}}
    return {"gateway": {"workers": 3, **listen, **gateway}}


def test_clean_mail_is_delivered_and_secret_mail_is_held(postfix, start_gateway, tools):
    start_gateway("milter", milter(postfix))
    assert tools.send(postfix.ports["milter"], tools.message("<clean@x>")).startswith("250")
    assert tools.send(postfix.ports["milter"], tools.message("<secret@x>", body="SECRET recipe")).startswith("250")
    postfix.settle({"<clean@x>", "<secret@x>"})
    assert set(postfix.delivered()) == {"<clean@x>"}
    assert set(postfix.held_ids()) == {"<secret@x>"}
