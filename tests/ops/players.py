"""NBA.com's player index with one player, as a capture of the small league."""

import json
from datetime import datetime, timedelta

from tests.ops.slates import QUOTED_AT

from fairline.platform.captures import capture_of, land
from fairline.platform.home import Home

HEADERS = (
    "PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "TEAM_ID", "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT",
    "ROSTER_STATUS", "FROM_YEAR", "TO_YEAR",
)  # fmt: skip
NYK = 1610612752


def index(weight: str = "190", *, active: bool = True) -> bytes:
    """What NBA.com says of Herb Jones, who weighs as much. active: he is on New York's roster."""
    row = [903, "Jones", "Herb", NYK, "5", "F", "6-7", weight, int(active), "2021", "2024"]
    answer = {"resource": "playerindex", "resultSets": [{"name": "PlayerIndex", "headers": HEADERS, "rowSet": [row]}]}
    return json.dumps(answer).encode()


def landed(home: Home, content: bytes | None = None, at: datetime = QUOTED_AT - timedelta(hours=1)) -> str:
    """Land a capture of the index; its id."""
    content = index() if content is None else content
    capture = capture_of(content, source="nba", kind="nba_players", at=at)
    land(content, capture, home.objects)
    return capture.capture_id
