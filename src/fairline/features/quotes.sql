-- The quotes of each asked player as of the cutoff: every line of each book's latest capture before it and before
-- tip-off, and of the market's first capture. Where several sources captured them within 20 minutes the better-ranked
-- one counts, whole (raw.schema.LINE_PRECEDENCE, SAME_LINE_MINUTES), else the nearer the cutoff or the opening.
-- Reads `asked` (game_id, player_id, cutoff) and the list `$markets`; each market stands for itself.
WITH standing AS (
    SELECT asked.cutoff, game.tip_at + INTERVAL 10 MINUTE AS assumed_tip_at, quote.*
    FROM asked
    JOIN raw.prop_quotes AS quote
        ON quote.game_id = asked.game_id
        AND quote.player_id = asked.player_id
        AND quote.captured_at <= asked.cutoff
        -- A source may tell in the evening where a line opened in the morning.
        AND quote.known_at <= asked.cutoff
        AND list_contains($markets, quote.market)
    LEFT JOIN analytics.game_versions AS game
        ON game.game_id = asked.game_id AND game.known_at <= asked.cutoff AND asked.cutoff < game.superseded_at
),
known AS (
    -- Tip-off is the later of the schedule's, as known, plus ten minutes and the provider's own (evaluation, The rows).
    SELECT *, CASE source WHEN 'odds_api' THEN 1 WHEN 'bettingpros' THEN 2 WHEN 'quotes' THEN 3 ELSE 4 END AS place
    FROM standing
    WHERE captured_at < greatest(coalesce(assumed_tip_at, commence_at), coalesce(commence_at, assumed_tip_at))
),
captures AS (
    SELECT game_id, player_id, cutoff, market, book, source, place, max(captured_at) AS last_at,
        min(captured_at) AS first_at
    FROM known
    GROUP BY game_id, player_id, cutoff, market, book, source, place
),
latest AS (
    SELECT game_id, player_id, cutoff, market, book, source, last_at
    FROM (
        SELECT *, max(last_at) OVER (PARTITION BY game_id, player_id, cutoff, market, book) AS book_last_at
        FROM captures
    )
    WHERE last_at >= book_last_at - INTERVAL 20 MINUTE
    QUALIFY row_number() OVER (
        PARTITION BY game_id, player_id, cutoff, market, book ORDER BY place, last_at DESC, source
    ) = 1
),
opening AS (
    SELECT game_id, player_id, cutoff, market, source, first_at
    FROM (
        SELECT game_id, player_id, cutoff, market, source, place, min(first_at) AS first_at,
            min(min(first_at)) OVER (PARTITION BY game_id, player_id, cutoff, market) AS market_first_at
        FROM captures
        GROUP BY game_id, player_id, cutoff, market, source, place
    )
    WHERE first_at <= market_first_at + INTERVAL 20 MINUTE
    QUALIFY row_number() OVER (PARTITION BY game_id, player_id, cutoff, market ORDER BY place, first_at, source) = 1
)
SELECT
    known.game_id,
    known.player_id,
    known.cutoff,
    known.market,
    known.book,
    known.half_points,
    known.over_decimal,
    known.under_decimal,
    known.captured_at,
    known.source,
    latest.source IS NOT NULL AS latest,
    opening.source IS NOT NULL AS opening
FROM known
LEFT JOIN latest
    ON latest.game_id = known.game_id
    AND latest.player_id = known.player_id
    AND latest.cutoff = known.cutoff
    AND latest.market = known.market
    AND latest.book = known.book
    AND latest.source = known.source
    AND latest.last_at = known.captured_at
LEFT JOIN opening
    ON opening.game_id = known.game_id
    AND opening.player_id = known.player_id
    AND opening.cutoff = known.cutoff
    AND opening.market = known.market
    AND opening.source = known.source
    AND opening.first_at = known.captured_at
WHERE latest.source IS NOT NULL OR opening.source IS NOT NULL
ORDER BY known.market, known.game_id, known.player_id, known.cutoff, known.book, known.half_points, known.captured_at,
    known.source
