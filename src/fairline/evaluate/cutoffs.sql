-- The latest capture before tip-off of each player quoted in a market; and whether the game's box score is held. Tip-off
-- is the later of the schedule's plus ten minutes and the provider's own.
WITH games AS (
    SELECT
        game.game_id,
        game.game_date,
        game.tip_at + INTERVAL 10 MINUTE AS assumed_tip_at,
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
        greatest(
            coalesce(games.assumed_tip_at, quote.commence_at), coalesce(quote.commence_at, games.assumed_tip_at)
        ) AS tipped_at
    FROM raw.prop_quotes AS quote
    -- A game moved to another date leaves its quotes on the first: those bets are no action.
    JOIN games ON games.game_id = quote.game_id AND games.game_date = quote.game_date
    WHERE quote.market = $market AND quote.over_decimal IS NOT NULL AND quote.under_decimal IS NOT NULL
)
SELECT
    game_id,
    player_id,
    max(captured_at) AS cutoff,
    max(team_id) AS team_id,
    max(tipped_at) AS assumed_tip_at,
    bool_or(result_held) AS result_held
FROM timed
WHERE captured_at < tipped_at
GROUP BY game_id, player_id
