import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from tests.predict.frames import consensus, forecast, forecasts, quote, quotes, rules

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract, Refused
from fairline.platform.ledger.contract import Ledger
from fairline.platform.objects import ObstoreObjects
from fairline.predict.board import best, best_sides
from fairline.predict.pricing import price
from fairline.publish.exports import KINDS, prepared, schema_text
from fairline.publish.slate import Slate, best_bets_document, publish_slate

DAY = date(2025, 11, 28)
KEY = "v1/predictions/2025-11-28.json"
OFFERED = (
    quote(1, 1.5, 1.5, 2.7),
    quote(1, 1.5, 1.45, 2.9, book="betmgm"),
    quote(2, 1.5, None, None, book="prizepicks"),
)


def slate(*offered: dict[str, Any]) -> Slate:
    """Three players: one quoted by two books, one by a pick'em, one out; one system without its input."""
    made = forecasts(
        forecast(1, status="questionable"),
        forecast(1, None, status="questionable", system="zone_matchup", model_hash=None),
        forecast(1, status="questionable", system="gradient_boosting", model_hash="def"),
        forecast(2), forecast(3, status="out"),
    )  # fmt: skip
    priced = price(made, quotes(*(offered or OFFERED)), consensus(1, 2), rules(edge_error={"market_pooled": 0.05}))
    told = made.drop("status_changed_at")
    return Slate(DAY, "c0ffee", told, priced, best(priced, ()), best_sides(priced, ()), {"questionable": 0.55})


def read(objects: ObstoreObjects, key: str = KEY) -> dict[str, Any]:
    return json.loads(objects.get(key))


def test_the_published_slate_holds_every_player_each_system_and_the_best_quote_of_each_side(
    objects: ObstoreObjects, ledger: Ledger
) -> None:
    publish_slate(objects, ledger, slate())
    document = read(objects)
    assert (document["date"], document["revision"], document["cutoff"]) == (
        "2025-11-28", 1, "2025-11-28T19:30:00+00:00",
    )  # fmt: skip
    assert document["generated_from"] == {
        "batch": "2025-11-28/slate/1930", "contract": "c0ffee",
        "models": {"market_pooled": ["abc"], "gradient_boosting": ["def"]},
    }  # fmt: skip
    first, pickem, absent = document["players"]
    assert (first["team"], first["opponent"], first["conditional_on_playing"], first["p_plays"]) == (
        "NYK",
        "BOS",
        True,
        0.55,
    )
    systems = {one["system"]: one for one in first["markets"][0]["systems"]}
    assert list(systems) == ["gradient_boosting", "market_pooled", "zone_matchup"]
    over, under = (systems["market_pooled"]["best"][side] for side in ("over", "under"))
    assert (over["book"], over["price"], over["line"], over["p"]) == ("fanduel", 1.5, 1.5, 0.7)
    assert (under["book"], under["price"], under["fair_price"]) == ("betmgm", 2.9, 3.333333)
    assert (systems["zone_matchup"]["mean"], systems["zone_matchup"]["reason"]) == (None, "no_shots")
    assert pickem["markets"][0]["systems"][0]["best"]["over"]["price"] == pytest.approx(1 / 0.54, abs=1e-6)
    assert absent["markets"][0]["systems"][0]["reason"] == "out"


def test_publishing_a_slate_again_changes_nothing(objects: ObstoreObjects, ledger: Ledger, clock: FixedClock) -> None:
    publish_slate(objects, ledger, slate())
    before = {key: objects.get(key) for key in objects.list()}
    clock.advance(timedelta(hours=1))
    again = publish_slate(objects, ledger, slate())
    assert [(one.revision, one.written) for one in again] == [(1, False), (1, False)]
    assert {key: objects.get(key) for key in objects.list()} == before


def test_a_replay_elsewhere_and_later_publishes_the_same_bytes(
    objects: ObstoreObjects, ledger: Ledger, clock: FixedClock
) -> None:
    publish_slate(objects, ledger, slate())
    first = objects.get(KEY)
    for key in objects.list():
        objects.delete(key)
    clock.advance(timedelta(days=400))
    publish_slate(objects, ledger, slate())
    assert objects.get(KEY) == first


def test_a_publication_cut_short_is_completed_as_the_same_revision(objects: ObstoreObjects, ledger: Ledger) -> None:
    publish_slate(objects, ledger, slate())
    objects.delete(KEY)
    again = publish_slate(objects, ledger, slate())[0]
    assert (again.revision, again.written) == (1, True)


def test_the_best_bets_tell_bets_and_why_the_rest_was_passed(objects: ObstoreObjects, ledger: Ledger) -> None:
    publish_slate(objects, ledger, slate())
    document = read(objects, "v1/best-bets/2025-11-28.json")
    assert [(one["player_id"], one["side"], one["recommendation"]) for one in document["bets"]] == [(2, "over", "OVER")]
    assert document["passed_because"] == {"edge_within_error": 1, "not_stake_system": 1}


def test_a_slate_nobody_quotes_is_published_without_bets(objects: ObstoreObjects, ledger: Ledger) -> None:
    publish_slate(objects, ledger, slate(quote(9)))
    assert read(objects, "v1/best-bets/2025-11-28.json")["bets"] == []
    assert {one["markets"][0]["systems"][0]["recommendation"] for one in read(objects)["players"]} == {
        "NO_LINE",
        "PASS",
    }


def test_every_schema_is_shipped_and_published_beside_its_documents(objects: ObstoreObjects, ledger: Ledger) -> None:
    publish_slate(objects, ledger, slate())
    assert objects.get("v1/schemas/predictions.json") == schema_text("predictions")
    for kind in KINDS:
        assert json.loads(schema_text(kind))["$id"] == f"v1/schemas/{kind}.json"


def test_a_document_that_breaks_its_schema_is_not_published(objects: ObstoreObjects, ledger: Ledger) -> None:
    broken = slate()
    broken = replace(broken, forecasts=broken.forecasts.with_columns(quality=pl.lit(101.0)))
    with pytest.raises(BrokenContract, match=r"players/0.*quality"):
        publish_slate(objects, ledger, broken)
    assert objects.list() == []
    assert ledger.revisions("v1/predictions/2025-11-28") == []


def test_a_revision_held_with_another_text_is_never_replaced(objects: ObstoreObjects, ledger: Ledger) -> None:
    objects.put("v1/best-bets/2025-11-28/r1.json", b"{}")
    with pytest.raises(Refused, match="published with another text"):
        publish_slate(objects, ledger, slate())
    assert objects.get("v1/best-bets/2025-11-28/r1.json") == b"{}"


def test_an_unknown_field_is_refused_too() -> None:
    with pytest.raises(BrokenContract, match="Additional properties"):
        prepared("best-bets", DAY, {**best_bets_document(slate()), "pick_of_the_day": 1})
