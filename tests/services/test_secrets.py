"""Secrets: a marked one in every setting that is one, and marked keys; nothing said, logged or kept has the mark."""

import http.client
import json
import logging
from contextlib import closing
from pathlib import Path

import pytest
from tests.services.attacks import Contract
from tests.services.besieged import ONE_WORKER, besieged
from tests.services.conftest import Served

from fairline.platform.ledger.access import Scope
from fairline.platform.settings import Settings
from fairline.platform.transport import Httpx2Transport, Request, TryLater
from fairline.sim.replay import ReplayServer

pytestmark = ONE_WORKER

MARK = "marked-and-told-to-nobody"
SECRETS = dict.fromkeys(("odds_api_key", "balldontlie_key", "bettingpros_key"), MARK)


def exercised(served: Served) -> str:
    """All that is answered to one sound request of every operation, and to one that fails, with and without a key.

    Not by the client of the other tests, whose own log would tell the key it sends.
    """
    contract, told = Contract(served.app.openapi()), ""
    address = served.url.removeprefix("http://")
    for (method, path), operation in contract.operations.items():
        role = path.split("/")[1]
        filled = path
        for each in operation.get("parameters", ()):
            filled = filled.replace(f"{{{each['name']}}}", str(contract.sound(each["schema"], each["name"], role)))
        forms = contract.bodies(operation)
        sound = json.dumps(contract.sound(forms[0], "", role)) if forms else None
        if path == "/lend":
            continue
        for body in (sound, json.dumps({"apiKey": MARK}) if forms else None):
            for key in (served.keys[Scope.ADMIN], None):
                headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
                with closing(http.client.HTTPConnection(address, timeout=60)) as connection:
                    connection.request(method, filled, body=body, headers=headers)
                    answer = connection.getresponse()
                    told += f"{method} {path} {answer.status} {answer.getheaders()}\n{answer.read()!r}\n"
    return told


def test_every_setting_that_is_a_secret_is_marked_here():
    kept = {name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)}
    assert kept == {*SECRETS, "ledger", "proxies"}


def test_no_secret_is_answered_logged_or_kept(
    home: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    """At the loudest level of every library."""
    with caplog.at_level(logging.DEBUG), besieged(home, **SECRETS) as served:
        marks = [MARK, *(key.split("_")[2] for key in served.keys.values())]
        told = exercised(served)
        told += scraped(served, "odds_api_events")
        served.audited()
    written = capfd.readouterr()
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "odds_api_events came to nothing" in logged
    for mark in marks:
        assert mark not in told
        assert mark not in logged
        assert mark not in written.out + written.err
        assert [file.name for file in home.rglob("*") if file.is_file() and mark.encode() in file.read_bytes()] == []


def scraped(served: Served, scraper: str) -> str:
    """What is told of a scrape with a key."""
    with closing(http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)) as connection:
        headers = {"Content-Type": "application/json", "X-API-Key": served.keys[Scope.ADMIN]}
        connection.request("POST", "/scrapers/scrape", body=json.dumps({"scraper": scraper}), headers=headers)
        return connection.getresponse().read().decode()


def test_a_key_in_the_address_of_a_provider_is_in_no_log(caplog: pytest.LogCaptureFixture):
    """The library logs every address it asks, as soon as anyone sets the level to INFO."""
    with caplog.at_level(logging.DEBUG), ReplayServer([]) as provider, closing(Httpx2Transport()) as transport:
        asked = Request(f"{provider.url}/v4/odds", params={"apiKey": MARK}, headers={"Authorization": MARK})
        assert transport.send(asked).status == 404
        with pytest.raises(TryLater) as refused:
            transport.send(Request("http://127.0.0.1:1/v4/odds", params={"apiKey": MARK}))
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "/v4/odds" in logged
    assert MARK not in logged + str(refused.value) + refused.value.hint
