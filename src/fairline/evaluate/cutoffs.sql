-- The moment each player quoted in a market is forecast at: his latest capture before tip-off ($skipped = 0), or before
-- the last $skipped captures of the game, so that what became of the quote can be seen: `next_capture_at` is the game's
-- capture after it, null for $skipped = 0, where by definition he is not in it. Tip-off is the schedule's ($assumed false), else the later of that plus ten minutes and the
-- provider's own. `result_held` tells whether the game's box score is held.
WITH games AS (
    SELECT
        game.game_id,
        game.game_date,
        game.tip_at,
        EXISTS (SELECT 1 FROM analytics.game_revisions AS box WHERE box.game_id = game.game_id) AS result_held
    FROM analytics.game_versions AS game
    WHERE game.superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00' AND game.game_date BETWEEN $first AND $last
),
timed AS (
    SELECT
        quote.game_id,
        quote.player_id,
        quote.captured_at,
        quote.team_id,
        games.result_held,
        CASE WHEN $assumed THEN greatest(
            coalesce(games.tip_at + INTERVAL 10 MINUTE, quote.commence_at),
            coalesce(quote.commence_at, games.tip_at + INTERVAL 10 MINUTE)
        ) ELSE games.tip_at END AS tipped_at
    FROM raw.prop_quotes AS quote
    JOIN games ON games.game_id = quote.game_id
    WHERE quote.market = $market AND quote.over_decimal IS NOT NULL AND quote.under_decimal IS NOT NULL
        -- What was heard of later was no capture of its moment.
        AND quote.known_at <= quote.captured_at
),
before AS (
    SELECT *, dense_rank() OVER (PARTITION BY game_id ORDER BY captured_at DESC) - 1 AS later_captures
    FROM timed
    WHERE captured_at < tipped_at
),
captures AS (
    SELECT
        game_id,
        captured_at,
        lead(captured_at) OVER (PARTITION BY game_id ORDER BY captured_at) AS next_capture_at
    FROM (SELECT DISTINCT game_id, captured_at FROM before)
),
moments AS (
    SELECT
        game_id,
        player_id,
        max(captured_at) AS cutoff,
        max(team_id) AS team_id,
        max(tipped_at) AS tip_off_at,
        bool_or(result_held) AS result_held
    FROM before
    WHERE later_captures >= $skipped
    GROUP BY game_id, player_id
)
SELECT moments.*, CASE WHEN $skipped > 0 THEN captures.next_capture_at END AS next_capture_at
FROM moments
JOIN captures ON captures.game_id = moments.game_id AND captures.captured_at = moments.cutoff
