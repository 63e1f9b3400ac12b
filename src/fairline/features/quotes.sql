-- The quotes of each asked player as of the cutoff: every line of each book's latest capture before it and before
-- tip-off, and of the market's first capture. Reads `asked` (game_id, player_id, cutoff) and `$market`.
WITH standing AS (
    SELECT asked.cutoff, game.tip_at + INTERVAL 10 MINUTE AS assumed_tip_at, quote.*
    FROM asked
    JOIN raw.prop_quotes AS quote
        ON quote.game_id = asked.game_id
        AND quote.player_id = asked.player_id
        AND quote.captured_at <= asked.cutoff
        AND quote.market = $market
    LEFT JOIN analytics.game_versions AS game
        ON game.game_id = asked.game_id AND game.known_at <= asked.cutoff AND asked.cutoff < game.superseded_at
),
known AS (
    -- Tip-off is the later of the schedule's, as known, plus ten minutes and the provider's own (evaluation, The rows).
    SELECT *
    FROM standing
    WHERE captured_at < greatest(coalesce(assumed_tip_at, commence_at), coalesce(commence_at, assumed_tip_at))
),
placed AS (
    SELECT
        *,
        max(captured_at) OVER (PARTITION BY game_id, player_id, cutoff, book) AS last_captured_at,
        min(captured_at) OVER (PARTITION BY game_id, player_id, cutoff) AS first_captured_at
    FROM known
)
SELECT
    game_id,
    player_id,
    cutoff,
    market,
    book,
    half_points,
    over_decimal,
    under_decimal,
    captured_at,
    source,
    captured_at = last_captured_at AS latest,
    captured_at = first_captured_at AS opening
FROM placed
WHERE captured_at = last_captured_at OR captured_at = first_captured_at
QUALIFY row_number() OVER (
    PARTITION BY game_id, player_id, cutoff, book, half_points, captured_at ORDER BY source
) = 1
ORDER BY game_id, player_id, cutoff, book, half_points, captured_at
