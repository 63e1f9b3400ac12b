"""The tables of the platform's own work that the composed stages keep: alerts."""

from fairline.domain.tables import Column, Table

ALERTS = Table(
    "ops", "alerts", ("alert", "subject"),
    (
        Column("alert", "VARCHAR", "Kind of alert", required=True),
        Column("subject", "VARCHAR", "What it is about: a date and a game, a source ...", required=True),
        Column("severity", "VARCHAR", "How bad it is", valid=frozenset({"info", "warning", "critical"}), required=True),
        Column("owner", "VARCHAR", "Who acts on it", required=True),
        Column("detail", "VARCHAR", "What was seen last", required=True),
        Column("runbook", "VARCHAR", "Where it is written what to do", required=True),
        Column("raised_at", "TIMESTAMPTZ", "When it was first seen; anew when it came back after it was cleared (UTC)", required=True),
        Column("last_seen_at", "TIMESTAMPTZ", "When it was last seen (UTC)", required=True),
        Column("cleared_at", "TIMESTAMPTZ", "When it was found gone (UTC); null while it is open"),
    ),
    means="What is wrong, once for each kind and subject, from when it was seen until it was gone.",
    source="the checks of ops",
    known_at="When it was raised.",
)  # fmt: skip

TABLES = (ALERTS,)
