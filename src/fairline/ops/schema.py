"""The tables of the platform's own work that the composed stages keep: expected outputs, alerts, daily reports."""

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

EXPECTED_OUTPUTS = Table(
    "ops", "expected_outputs", ("game_date", "phase", "output", "game_id", "known_at"),
    (
        Column("game_date", "DATE", "US Eastern date of the games", required=True),
        Column("phase", "VARCHAR", "The phase that is to make it", valid=frozenset({"raw", "analytics", "precompute", "predict", "grade", "publish"}), required=True),
        Column("output", "VARCHAR", "The table, or the folder of the document", required=True),
        Column("game_id", "VARCHAR", "The game it is of; empty where it is of the date", required=True),
        Column("expected", "INTEGER", "Rows or documents expected; 0 of a game that is not played; null where the number is not known beforehand, but some are expected", unit="count", valid=(0, 10_000_000)),
        Column("why", "VARCHAR", "Why none is expected, or why the number is not known; null otherwise"),
        Column("due_at", "TIMESTAMPTZ", "When it should be there (UTC); null where nothing is expected"),
        Column("known_at", "TIMESTAMPTZ", "When this was the plan (UTC)", required=True),
        Column("content_hash", "UBIGINT", "Hash of the statement; equal hashes say the same", required=True),
    ),
    means="What each game date is to produce, by the schedule of games as known; a plan that changed is one more row.",
    source="analytics.game_versions, predictions.player_prop_predictions",
    known_at="When it was planned.",
)  # fmt: skip


def count(name: str, means: str) -> Column:
    """A number of things a report tells of."""
    return Column(name, "INTEGER", means, unit="count", valid=(0, 100_000_000), required=True)


VALIDATION_REPORTS = Table(
    "ops", "validation_reports", ("game_date", "revision"),
    (
        Column("game_date", "DATE", "US Eastern date the report is about", required=True),
        Column("revision", "INTEGER", "From 1; a report that says the same is no new one", unit="count", valid=(1, 1_000_000), required=True),
        Column("made_at", "TIMESTAMPTZ", "When it was first made so (UTC)", required=True),
        count("games", "Games of the date that were not postponed"), count("postponed", "Games postponed"),
        count("finals", "Of the games, those whose final score is held"),
        count("outputs", "Outputs expected, of all games and phases"), count("lacking", "Of those, due and not there, or too few"),
        count("feature_rows", "Feature rows kept, each player's latest"),
        Column("quality", "DOUBLE", "Their mean quality; null without any", unit="points of 100", valid=(0, 100)),
        Column("carried", "DOUBLE", "Share of their values carried from last season; null without any", unit="share", valid=(0, 1)),
        count("spot_checks", "Values recomputed from raw"), count("differences", "Of those, kept with another value"),
        count("corrections", "Raw rows that corrected an earlier one"), count("quarantined", "Records set aside"),
        count("alerts", "Alerts open in its time"),
        Column("digest", "VARCHAR", "SHA-256 of its Markdown", required=True),
        Column("markdown", "VARCHAR", "Object key of this revision in Markdown", required=True),
        Column("html", "VARCHAR", "Object key of this revision as a page", required=True),
    ),
    means="The daily validation report in one row; the report itself is an object.",
    source="fairline validate", known_at="When it was made.",
)  # fmt: skip

TABLES = (ALERTS, EXPECTED_OUTPUTS, VALIDATION_REPORTS)
