"""Who a recipient is, and what is exempt: by country and legal entity, never because it looks internal."""

import pytest

from sluicegate.errors import SettingsError
from sluicegate.gateway.recipients import find_destination, find_exemption, find_trust, normalise, resolve
from sluicegate.settings import parse_settings

OWN = "Own Materials Co."
GATEWAY = parse_settings(
    {
        "gateway": {
            "destinations": [
                {"match": "own.example", "country": "CN", "entity": OWN},
                {"match": "gast@own.example", "country": "DE", "entity": "Guest"},
                {"match": ".plant.own.example", "country": "HU", "entity": OWN},
                {"match": "partner.example", "country": "CN", "entity": "Partner"},
                {"match": "例子.example", "country": "CN", "entity": OWN},
            ],
            "exemptions": [{"country": "CN", "entity": OWN, "reason": "inside the company, inside the country"}],
            "trusted_senders": [
                {"sender": "prices@own.example", "relays": ["10.1.0.0/16", "::1"], "reason": "price list robot"}
            ],
        }
    }
).gateway


def exempt(*addresses):
    return find_exemption(resolve(addresses, GATEWAY), GATEWAY) is not None


@pytest.mark.parametrize(
    "address", ["li@own.example", "LI@OWN.EXAMPLE", "li+tag@own.example", "li@own.example.", "li@例子.example"]
)
def test_exempt(address):
    assert exempt(address)


@pytest.mark.parametrize(
    "address",
    [
        "li@plant.own.example", "li@a.plant.own.example", "li@partner.example", "li@else.example", "gast@own.example",
        "gast+x@own.example", "li@own.example.evil.example", "li%evil.example@own.example", '"li@evil"@own.example',
        "evil!li@own.example", "@evil.example:li@own.example", "li", "", "@own.example", "li@[192.0.2.1]",
        "li@sub.own.example", "li@own.example@evil.example",
    ],
)  # fmt: skip
def test_not_exempt(address):
    assert not exempt(address)


def test_one_recipient_without_exemption_is_enough():
    assert not exempt("li@own.example", "eva@buyer.example")
    assert not exempt()


def test_the_own_plant_abroad_is_known_and_not_exempt():
    row = find_destination("li@x.plant.own.example", GATEWAY.destinations)
    assert (row.country, row.entity) == ("HU", OWN)


def test_an_exemption_abroad_is_refused_when_settings_are_read():
    with pytest.raises(SettingsError, match="is an export"):
        parse_settings({"gateway": {"exemptions": [{"country": "HU", "entity": OWN, "reason": "our plant"}]}})


@pytest.mark.parametrize(
    ("sender", "client", "trusted"),
    [
        ("prices@own.example", "10.1.2.3", True),
        ("Prices@Own.example", "::1", True),
        ("prices@own.example", "10.2.0.1", False),
        ("prices@own.example", "", False),
        ("prices@own.example", "unknown", False),
        ("li@own.example", "10.1.2.3", False),
        ("", "10.1.2.3", False),
    ],
)
def test_a_sender_is_trusted_only_from_named_relays(sender, client, trusted):
    assert (find_trust(sender, client, GATEWAY) is not None) is trusted


def test_addresses_are_compared_plainly():
    assert normalise(" Li.Wei+x@OWN.example. ") == "li.wei@own.example"
    assert normalise("li@例子.example") == "li@xn--fsqu00a.example"
