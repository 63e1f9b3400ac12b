"""What must hold of what was known when: read, priced from, told by the providers, and said by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.sim.simulation.providers import STALE_BY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from fairline.sim.simulation.machine import Machine


def nothing_was_read_past_its_cutoff(machine: Machine, day: date) -> Iterator[str]:
    """Quotes priced, and averages forecast from, were known by the cutoff: both are looked up and computed again."""
    late = machine.warehouse.query(
        "SELECT count(*) FROM predictions.player_prop_predictions"
        " WHERE game_date = $day AND book <> '' AND (captured_at > cutoff OR cutoff > tip_at + INTERVAL 10 MINUTE)",
        {"day": day},
    ).item()
    if late:
        yield f"{late} quotes of {day} were seen after the cutoff of what they priced, or after tip-off"
    cutoffs = machine.warehouse.query(
        "SELECT batch_id, max(cutoff) FROM predictions.player_prop_predictions WHERE game_date = ? GROUP BY 1", [day]
    )
    opened = {batch.batch_id: batch.opened_at for batch in machine.batches(day)}
    for batch_id, cutoff in cutoffs.iter_rows():
        if cutoff > opened[batch_id] + machine.clock.behind:
            yield f"{batch_id} was opened at {opened[batch_id]} as of {cutoff}, which was still to come"
    rows = machine.warehouse.query(
        """
        WITH asked AS (
            SELECT DISTINCT game_id, player_id, cutoff, points_avg_last_5
            FROM precompute.ml_feature_store WHERE game_date = $day
        ), known AS (
            SELECT asked.*, box.game_id AS past, arg_max(box.points, box.known_at) AS points, max(box.valid_at) AS tip
            FROM asked JOIN raw.player_box_scores AS box
                ON box.player_id = asked.player_id AND box.known_at <= asked.cutoff AND box.game_id <> asked.game_id
            GROUP BY ALL
        ), last_5 AS (
            SELECT * FROM known
            QUALIFY row_number() OVER (PARTITION BY game_id, player_id, cutoff ORDER BY tip DESC) <= 5
        )
        SELECT game_id, player_id, cutoff, points_avg_last_5, avg(points) AS truly FROM last_5
        GROUP BY ALL HAVING abs(truly - points_avg_last_5) > 1e-6 OR points_avg_last_5 IS NULL
        ORDER BY ALL LIMIT 3
        """,
        {"day": day},
    )
    for game_id, player_id, cutoff, held, truly in rows.iter_rows():
        yield f"{game_id}/{player_id} at {cutoff}: the last five average {held}, by what was known {truly}"


def nothing_is_known_before_it_was_so(machine: Machine, day: date) -> Iterator[str]:
    """No box score is known before its game is over, and each quote stood when it was seen, or was stale."""
    games = {game.game_id: game for game in machine.league.of_day(day)}
    players = {player.player_id: player for player in machine.league.players}
    known = machine.warehouse.query(
        "SELECT game_id, min(known_at) FROM raw.player_box_scores WHERE game_date = ? GROUP BY 1", [day]
    )
    for game_id, at in known.iter_rows():
        if at < games[game_id].ends_at - machine.clock.behind:
            yield f"the box score of {game_id} is held as known at {at}, before {games[game_id].ends_at}"
    quotes = machine.warehouse.query(
        "SELECT DISTINCT game_id, player_id, captured_at, half_points FROM raw.prop_quotes WHERE game_date = ?", [day]
    )
    for game_id, player_id, at, half_points in quotes.iter_rows():
        seen = (at, at - STALE_BY, at + machine.clock.behind)
        stood = {machine.league.half_points(games[game_id], players[player_id], when) for when in seen}
        if half_points not in stood:
            yield f"{game_id}/{player_id}: {half_points} was seen at {at}, when {stood} stood"


def nothing_is_known_before_it_was_told(machine: Machine, day: date) -> Iterator[str]:
    """No row of what a provider told is held as known before it told these bytes for the first time."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' AS held, capture_id, min(known_at) FROM {table} GROUP BY ALL"  # noqa: S608 - names of our own
        for table in ("raw.player_box_scores", "raw.prop_quotes", "raw.game_line_quotes")
    )
    for table, capture_id, known_at in machine.warehouse.query(asked).iter_rows():
        told_at = machine.told.get(capture_id)
        if told_at is not None and known_at < told_at:
            yield f"{day}: {table} holds what was told at {told_at} as known at {known_at}"


def what_the_user_said_counts_from_then_on(machine: Machine, day: date) -> Iterator[str]:
    """What he was told is kept is held; whom he called out is left out of all that is priced later, and of no more.

    Where the clock was set back between the two, which of them came first is not to be seen.
    """
    held = set(machine.warehouse.query("SELECT news_id, known_at FROM raw.user_news").iter_rows())
    for said in machine.heard:
        if (said.news.news_id, said.known_at) not in held:
            yield f"{said.news} of {said.known_at} was taken, and is not held"
    rows = machine.warehouse.query(
        """
        SELECT said.batch_id, said.player_id, said.cutoff, coalesce(bool_and(said.reason = 'out'), FALSE) AS left_out,
            arg_max(news.status, news.known_at) AS told
        FROM predictions.player_prop_forecasts AS said
        LEFT JOIN raw.user_news AS news
            ON news.player_id = said.player_id AND news.game_date = $day AND news.known_at <= said.cutoff
        WHERE said.game_date = $day GROUP BY ALL
        HAVING left_out <> (coalesce(told, '') = 'out')
            AND NOT coalesce(bool_or(news.known_at > said.cutoff - $behind), FALSE)
        ORDER BY ALL LIMIT 3
        """,
        {"day": day, "behind": machine.clock.behind},
    )
    for batch_id, player_id, cutoff, left_out, told in rows.iter_rows():
        what = "leaves out" if left_out else "forecasts"
        yield f"{batch_id} {what} {player_id} as of {cutoff}, when the user had said {told or 'nothing'}"
