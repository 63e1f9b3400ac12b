from pathlib import Path

import polars as pl
import pytest

from fairline.domain.injuries import AVAILABILITY_NAMES, RISK, Availability, find_availability, risk


@pytest.mark.parametrize(
    ("wording", "availability"),
    [
        ("Out", "out"),
        ("Out for season", "out"),
        ("Injured", "out"),
        ("injured", "out"),
        ("Suspended", "out"),
        ("Doubtful", "doubtful"),
        ("Unlikely to play", "doubtful"),
        ("Questionable", "questionable"),
        ("Game-time decision", "questionable"),
        ("Day-To-Day", "questionable"),
        ("Probable", "probable"),
        ("Said he'll play", "probable"),
        ("Said he\N{RIGHT SINGLE QUOTATION MARK}ll play", "probable"),
        ("Not on injury report", "available"),
        ("In", "available"),
        ("TBD", "unknown"),
    ],
)
def test_a_bare_status_has_one_meaning(wording: str, availability: str) -> None:
    assert find_availability(wording) == availability


@pytest.mark.parametrize(
    ("wording", "availability"),
    [
        ("Day To Day (Heel) - Gordon is Questionable for Tuesday's (Jan.16) game there.", "questionable"),
        ("Day To Day (Shin) - Bridges is probable for Friday's (Jan.19) game against the Lakers.", "probable"),
        ("Day To Day (Groin) - Jaquez Jr. is Doubtful for Friday's (Jan.19) game against Atlanta.", "doubtful"),
        ("Day To Day (Ankle) - Porter is out for Sunday's game.", "out"),
        ("Day To Day (Shoulder) - Krejci did not play in Monday's (Jan. 15) game.", "questionable"),
        ("Out (Knee) - Hunter is questionable for the end of the month.", "out"),
        ("Out Indefinitely (Foot) - Whitehead is out indefinitely.", "out"),
        ("Out For Season (Knee) - Ball will miss the 2023-24 season.", "out"),
    ],
)
def test_details_refine_a_day_to_day_and_never_soften_an_out(wording: str, availability: str) -> None:
    assert find_availability(wording) == availability


@pytest.mark.parametrize("wording", [None, "", "Sent to the G League", "Hopeful (Knee) - He is out for revenge."])
def test_silence_and_wordings_never_seen_are_unknown_and_not_available(wording: str | None) -> None:
    assert find_availability(wording) is Availability.UNKNOWN


def test_risk_rises_with_the_status_and_the_unknown_has_no_number() -> None:
    assert [risk(availability) for availability in Availability] == [0, 1, 2, 3, 3, None]
    assert set(RISK) | {"unknown"} == set(AVAILABILITY_NAMES.values())


def test_every_wording_in_the_snapshots_held_is_understood(shared: Path) -> None:
    snapshots = pl.read_parquet(shared / "data/injuries/injury_snapshots_2024.parquet")
    wordings = snapshots.select(pl.coalesce("Status", "Details").drop_nulls().unique()).to_series()
    assert {wording for wording in wordings if find_availability(wording) is Availability.UNKNOWN} == {"TBD"}
